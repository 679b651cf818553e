import { readFileSync } from "node:fs";
import path from "node:path";
import { LABS, ROOT } from "../course/labs";

const [LAB] = LABS;

/** The reference solution: honest code for attacks to hide in. */
export const HONEST = readFileSync(path.join(ROOT, "solutions", LAB.folder, "raft.ts"), "utf8");

/** Code to be inserted, by the place where it goes. */
export interface Pieces {
  /** In front of everything. */
  readonly top?: string;
  /** Into the class: fields and methods of its own. */
  readonly members?: string;
  /** As the first thing that a method does. */
  readonly start?: string;
  readonly onMessage?: string;
  readonly onTimer?: string;
  readonly status?: string;
}

/** The lines of the reference solution after which code is inserted. */
const AFTER: Readonly<Record<keyof Pieces, string>> = {
  top: "",
  members: "export class Raft implements Server<RaftMessage> {\n",
  start: "  start(): void {\n",
  onMessage: "  onMessage(from: NodeId, message: RaftMessage): void {\n",
  onTimer: "  onTimer(name: string): void {\n",
  status: "  status(): Status {\n",
};

/** @returns the reference solution with these pieces in it */
export function withPieces(pieces: Pieces): string {
  let text = HONEST;
  for (const [place, code] of Object.entries(pieces)) {
    const line = AFTER[place as keyof Pieces];
    if (!text.includes(line))
      throw new Error(`The reference solution has no line “${line.trim()}” any more.`);
    text = text.replace(line, () => `${line}${code}\n`);
  }
  return text;
}
