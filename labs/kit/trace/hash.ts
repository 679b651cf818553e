import { mix } from "../random/keyed";
import { KIND, type Trace } from "./trace";

/** Reads a number as its 64 bits, in the same byte order on every machine. */
const bits = new DataView(new ArrayBuffer(8));

/**
 * A fingerprint of a whole run: 16 hexadecimal digits over every record, message and time. Two runs with the same
 * fingerprint did the same; it is computed when asked for, so that runs that need none do not pay for it.
 */
export function traceHash(trace: Trace): string {
  const hash = new Fingerprint();
  for (let i = 0; i < trace.length; i++) {
    hash.number(trace.microsOf(i));
    hash.word(trace.causeOf(i));
    hash.word((trace.kindOf(i) << 16) ^ (trace.nodeOf(i) << 8) ^ trace.peerOf(i));
    hash.any(trace.kindOf(i) === KIND.send ? trace.messageOf(i) : trace.dataOf(i));
  }
  return hash.digits();
}

class Fingerprint {
  private low = 0x243f6a88;
  private high = 0x85a308d3;

  word(value: number): void {
    this.low = mix(this.low ^ value);
    this.high = mix(this.high + Math.imul(value, 0x9e3779b1) + this.low);
  }

  number(value: number): void {
    bits.setFloat64(0, value);
    this.word(bits.getInt32(0));
    this.word(bits.getInt32(4));
  }

  text(value: string): void {
    this.word(value.length);
    for (let i = 0; i < value.length; i++) this.word(value.charCodeAt(i));
  }

  any(value: unknown): void {
    if (typeof value === "number") this.number(value);
    else if (typeof value === "string") this.text(value);
    else if (typeof value !== "object" || value === null) this.text(`<${String(value)}>`);
    else this.fields(value);
  }

  /** The number of fields comes first: or { a: { b }, c } and { a: { b, c } } would look the same. */
  private fields(object: object): void {
    const entries = Object.entries(object);
    this.word(Array.isArray(object) ? -1 - entries.length : entries.length);
    for (const [field, inner] of entries) {
      this.text(field);
      this.any(inner);
    }
  }

  digits(): string {
    return [this.high, this.low].map((word) => word.toString(16).padStart(8, "0")).join("");
  }
}
