import type { PackedValue } from "./data";
import { visible } from "./visible";

const STRING_CHARS_MAX = 240;
/** Of a long list, so many items at its beginning and at its end are kept: logs grow, and change, at their end. */
const FIRST_ITEMS = 6;
const LAST_ITEMS = 18;
const FIELDS_MAX = 32;
const DEPTH_MAX = 8;
/** Parts that one value may have in all. */
const PARTS_MAX = 600;

/** Values by their place in a table in which none stands twice, with bounds on each of them: nobody's words fill a page. */
export class ValueTable {
  readonly values: PackedValue[] = [];
  readonly shapes: (readonly string[])[] = [];

  private readonly places = new Map<string, number>();
  private readonly shapePlaces = new Map<string, number>();
  /** Objects that were packed whole: those of a trace never change, and many stand in several messages. */
  private readonly known = new WeakMap<object, number>();
  private parts = 0;
  private isCut = false;

  /** @returns the place of a value */
  add(value: unknown): number {
    this.parts = 0;
    this.isCut = false;
    return this.pack(value, 0);
  }

  /** A text of ours, or of a trace: longer than one in a value may be. */
  addText(text: string): number {
    return this.place(visible(text, 2 * STRING_CHARS_MAX));
  }

  private pack(value: unknown, depth: number): number {
    this.parts += 1;
    switch (typeof value) {
      case "string":
        return this.place(visible(value, STRING_CHARS_MAX));
      case "number":
        return this.place(Number.isFinite(value) ? value : String(value));
      case "boolean":
        return this.place(value);
      case "object":
        return value === null ? this.place(null) : this.packObject(value, depth);
      default:
        return this.place(String(value));
    }
  }

  private packObject(object: object, depth: number): number {
    const known = this.known.get(object);
    if (known !== undefined) return known;
    if (depth >= DEPTH_MAX || this.parts > PARTS_MAX) {
      this.isCut = true;
      return this.leftOut(Object.keys(object).length);
    }
    const place = Array.isArray(object) ? this.packList(object, depth) : this.packFields(object, depth);
    if (!this.isCut) this.known.set(object, place);
    return place;
  }

  private packList(items: readonly unknown[], depth: number): number {
    const isLong = items.length > FIRST_ITEMS + LAST_ITEMS + 1;
    const pack = (some: readonly unknown[]) => some.map((item) => this.pack(item, depth + 1));
    if (!isLong) return this.place([-1, ...pack(items)]);
    const gap = this.leftOut(items.length - FIRST_ITEMS - LAST_ITEMS);
    return this.place([-1, ...pack(items.slice(0, FIRST_ITEMS)), gap, ...pack(items.slice(-LAST_ITEMS))]);
  }

  private packFields(object: object, depth: number): number {
    const fields = Object.entries(object).filter(([, field]) => field !== undefined);
    const shown = fields.slice(0, FIELDS_MAX);
    const names = shown.map(([name]) => visible(name, STRING_CHARS_MAX));
    const places = shown.map(([, field]) => this.pack(field, depth + 1));
    if (fields.length > FIELDS_MAX) {
      names.push("…");
      places.push(this.leftOut(fields.length - FIELDS_MAX));
    }
    return this.place([this.shapeOf(names), ...places]);
  }

  private leftOut(count: number): number {
    return this.place([-2, count]);
  }

  private shapeOf(names: readonly string[]): number {
    const key = JSON.stringify(names);
    const known = this.shapePlaces.get(key);
    if (known !== undefined) return known;
    const place = this.shapes.push(names) - 1;
    this.shapePlaces.set(key, place);
    return place;
  }

  private place(value: PackedValue): number {
    const key = typeof value === "object" && value !== null ? value.join() : `${typeof value} ${value}`;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const place = this.values.push(value) - 1;
    this.places.set(key, place);
    return place;
  }
}
