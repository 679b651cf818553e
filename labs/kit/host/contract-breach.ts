import type { Trouble } from "./reaction";
import { studentLine } from "./student-line";

type ContractTrouble = Extract<Trouble, { kind: "contract" }>;

/** Thrown into a server's handler at the very call that breaks the contract. */
export class ContractBreach extends Error {
  override readonly name = "ContractBreach";
  readonly trouble: ContractTrouble;

  /**
   * @param about what the contract asks for, what was found, where, and what to do about it
   * @param isAtCall false if the breach shows only after the student's code has returned: then no line of it is to blame
   */
  constructor(about: Omit<ContractTrouble, "kind" | "line">, isAtCall = true) {
    super(`${about.where}: expected ${about.rule}, found ${about.found}. ${about.next}`);
    this.trouble = { kind: "contract", ...about, line: isAtCall ? studentLine(this) : undefined };
  }
}
