import type { Trouble } from "./reaction";
import { studentLine } from "./student-line";

type ContractTrouble = Extract<Trouble, { kind: "contract" }>;

/** Characters that a place, or what was found there, may have in a message. */
const WORDS_MAX = 300;

/** Thrown into a server's handler at the very call that breaks the contract. */
export class ContractBreach extends Error {
  override readonly name = "ContractBreach";
  readonly trouble: ContractTrouble;

  /**
   * @param about what the contract asks for, what was found, where, and what to do about it
   * @param isAtCall false if the breach shows only after the student's code has returned: then no line of it is to blame
   */
  constructor(about: Omit<ContractTrouble, "kind" | "line">, isAtCall = true) {
    const where = clip(about.where);
    const found = clip(about.found);
    super(`${where}: expected ${about.rule}, found ${found}. ${about.next}`);
    this.trouble = Object.freeze({
      kind: "contract" as const,
      ...about,
      where,
      found,
      line: isAtCall ? studentLine(this) : undefined,
    });
    Object.freeze(this); // a server's code that catches it cannot talk it away
  }
}

/** Names of a student's own may be in it, and they may be of any length. */
function clip(text: string): string {
  return text.length <= WORDS_MAX ? text : `${text.slice(0, WORDS_MAX)}…`;
}
