import type { LineMap } from "../../labs/kit/host/student-line";
import type { Entry } from "../course/labs";
import type { Reader } from "./reader";
import type { Writer } from "./writer";

/** A student's program, as a cell gets it. */
export interface LoadOrder {
  /** A JavaScript expression: a function that evaluates the student's modules. */
  readonly code: string;
  /** What the code is called in stack traces. */
  readonly name: string;
  readonly lines: LineMap;
  readonly entry: Entry;
}

export function writeOrder(writer: Writer, order: LoadOrder): void {
  writer.value(order);
}

export function readOrder(reader: Reader): LoadOrder {
  return reader.value() as LoadOrder;
}
