import type { KvItem } from "../kv";
import type { Evidence } from "./evidence";

/** What is wrong, in one sentence that is true by itself and proves the case by itself. */
export interface Headline {
  readonly sentence: string;
  /** The next thing to look at, as a question. */
  readonly next: string;
  /** The operations that the sentence speaks of. */
  readonly items: readonly KvItem[];
}

/** Recognises one kind of mistake. @returns undefined if it is not that one */
export type Recogniser = (evidence: Evidence) => Headline | undefined;
