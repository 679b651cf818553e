import { printableLine } from "../tools/printable";

/** As many characters as a file's name may have: no two names become one by being cut off. */
const SHOWN_MAX = 255;

/** A student's name for something, such that a terminal and a reader can take it for what it is. */
export function printableName(name: string): string {
  return printableLine(name, SHOWN_MAX);
}
