import type { Json } from "../contract";
import { HandOver } from "../host/hand-over";

/** What is wrong with a run file. */
export interface Mismatch {
  /** The field: "play.moves[3].node". */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly next?: string | undefined;
}

const NEXT =
  "Run files are written by failing tests and are not meant to be edited. Run the test again to get a new one.";
/** Characters of a text that a message shows, and that a field may have. */
const SHOWN_MAX = 60;
const TEXT_MAX = 10_000;

/** Thrown for a file that cannot be replayed. Its message says all there is to say. */
export class RunFileProblem extends Error {
  override readonly name = "RunFileProblem";

  constructor({ where, expected, found, next = NEXT }: Mismatch) {
    super(
      [
        "This file cannot be replayed.",
        `Where     ${where}`,
        `Expected  ${expected}`,
        `Found     ${found}`,
        `Next      ${next}`,
      ].join("\n"),
    );
    this.stack = this.message;
  }
}

/** Reads data that may be anything: a field at a time, each checked. */
export class DataReader {
  /** @param path where the value is: "play.moves[3]" */
  constructor(
    private readonly value: unknown,
    private readonly path: string,
  ) {}

  field(name: string): DataReader {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.problem("an object");
    const path = this.path === "" ? name : `${this.path}.${name}`;
    return new DataReader(Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined, path);
  }

  list(most: number): DataReader[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.problem("a list");
    if (value.length > most)
      throw this.problem(`a list of at most ${most.toLocaleString("en")}`, value.length.toLocaleString("en"));
    return value.map((item: unknown, i) => new DataReader(item, `${this.path}[${i}]`));
  }

  text(): string {
    const { value } = this;
    if (typeof value !== "string" || value.length > TEXT_MAX) throw this.problem("a text");
    return value;
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    const found = allowed.find((candidate) => candidate === this.value);
    if (found === undefined) throw this.problem(allowed.map((text) => `“${text}”`).join(" or "));
    return found;
  }

  whole(least: number, most = Number.MAX_SAFE_INTEGER): number {
    const { value } = this;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most)
      return value;
    throw this.problem(`a whole number${rangeWords(least, most)}`);
  }

  number(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== "number" || !(value >= least && value <= most))
      throw this.problem(`a number${rangeWords(least, most)}`);
    return value;
  }

  yesOrNo(): boolean {
    if (typeof this.value !== "boolean") throw this.problem("true or false");
    return this.value;
  }

  /** Any data that a message or a command may be: a copy of it. */
  data(): Json {
    const copy = new HandOver().take(this.value as Json);
    if (copy === undefined) throw this.problem("plain data, neither too deep nor too large");
    return copy;
  }

  optional<T>(read: (reader: DataReader) => T): T | undefined {
    return this.value === undefined ? undefined : read(this);
  }

  problem(expected: string, found = shown(this.value)): RunFileProblem {
    return new RunFileProblem({ where: this.path === "" ? "the file" : this.path, expected, found });
  }
}

/** ", 0 or more", ", from 1 to 100" */
function rangeWords(least: number, most: number): string {
  if (most < Number.MAX_SAFE_INTEGER) return `, from ${least} to ${most.toLocaleString("en")}`;
  return least < 0 ? "" : `, ${least} or more`;
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : jsonOf(value);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 1)}…`;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "lists or objects within each other, too deep to be shown";
  }
}
