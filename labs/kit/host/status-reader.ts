import type { LogIndex, NodeId, Role, Status, Term } from "../contract";
import { ContractBreach } from "./contract-breach";
import { describeShortly, isCount } from "./values";

const NAME_LENGTH_MAX = 200;
const ROLES: ReadonlySet<unknown> = new Set<Role>(["follower", "candidate", "leader"]);

/** Reads what a server says about itself: each field once, checked, so that nothing can answer differently later. */
export class StatusReader {
  role: Role = "follower";
  currentTerm: Term = 0;
  leader: NodeId | undefined;
  commitIndex: LogIndex | undefined;

  read(status: Status, self: NodeId): void {
    if (typeof status !== "object" || status === null)
      throw breach(self, "an object { role, currentTerm, leader? }", describeShortly(status));
    const { role, currentTerm, leader, commitIndex } = status;
    // What was read before was checked then: mostly nothing has changed.
    if (role !== this.role && !ROLES.has(role))
      throw breach(self, 'role to be "follower", "candidate" or "leader"', describeShortly(role));
    if (currentTerm !== this.currentTerm && !isCount(currentTerm))
      throw breach(self, "currentTerm to be a whole number, 0 or more", describeShortly(currentTerm));
    if (leader !== undefined && (typeof leader !== "string" || leader.length > NAME_LENGTH_MAX))
      throw breach(self, "leader to be a server's name, or absent", describeShortly(leader));
    if (commitIndex !== undefined && !isCount(commitIndex))
      throw breach(self, "commitIndex to be a whole number, 0 or more", describeShortly(commitIndex));
    this.role = role;
    this.currentTerm = currentTerm;
    this.leader = leader;
    this.commitIndex = commitIndex;
  }
}

function breach(self: NodeId, rule: string, found: string): ContractBreach {
  return new ContractBreach(
    {
      where: `${self}.status()`,
      rule,
      found,
      next: "See Status in labs/kit/contract/server.ts.",
    },
    false,
  );
}
