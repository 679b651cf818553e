import type { LineMap } from "../../labs/kit/host/student-line";
import type { Reader } from "./reader";
import type { Writer } from "./writer";

/** A student's program, as a cell gets it. */
export interface LoadOrder {
  /** A JavaScript expression: a function that evaluates the student's modules. */
  readonly code: string;
  /** What the code is called in stack traces. */
  readonly name: string;
  readonly lines: LineMap;
  /** The file that exports the class, and the class. */
  readonly entry: { readonly file: string; readonly exports: string };
}

export function writeOrder(writer: Writer, order: LoadOrder): void {
  writer.value(order);
}

export function readOrder(reader: Reader): LoadOrder {
  return reader.value() as LoadOrder;
}
