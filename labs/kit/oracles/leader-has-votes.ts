import type { NodeId, Status, Term } from "../contract";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

interface Ballot {
  term: Term;
  readonly voters: Set<number>;
  readonly replies: number[];
}

/**
 * A leader has the votes of a majority, and has really received them (Raft §5.2). No server can know that it was
 * elected before enough granting replies of its term were delivered to it.
 */
export class LeaderHasVotes implements Oracle {
  readonly reads = ["RequestVoteReply"];
  /** For each server, the granting replies it received in the latest term of any. */
  private readonly ballots: Ballot[];
  /** For each server, where it last became or went on as a candidate. */
  private readonly candidacies: number[] = [];
  private readonly ids: readonly NodeId[];

  constructor(scene: Scene) {
    this.ids = scene.ids;
    this.ballots = scene.ids.map(() => ({ term: 0, voters: new Set<number>(), replies: [] }));
  }

  onDeliver({ from, to, message, record }: Passage): Finding | undefined {
    const ballot = this.ballots[to] as Ballot;
    const term = message.term as Term;
    if (message.voteGranted !== true || term < ballot.term) return undefined;
    if (term > ballot.term) {
      ballot.term = term;
      ballot.voters.clear();
      ballot.replies.length = 0;
    }
    ballot.voters.add(from);
    ballot.replies.push(record);
    return undefined;
  }

  onStatus(node: number, before: Status, after: Status, record: number): Finding | undefined {
    if (after.role === "candidate") this.candidacies[node] = record;
    if (after.role !== "leader") return undefined;
    if (before.role === "leader" && before.currentTerm === after.currentTerm) return undefined;
    const ballot = this.ballots[node] as Ballot;
    const received = ballot.term === after.currentTerm ? [...ballot.voters] : [];
    const votes = received.length + 1;
    const needed = Math.floor(this.ids.length / 2) + 1;
    if (votes >= needed) return undefined;
    const name = this.ids[node] as NodeId;
    const who = ["its own", ...received.map((voter) => `${this.ids[voter]}'s`)].join(", ");
    return {
      property: "A leader has a majority's votes",
      section: "Raft §5.2",
      sentence: `${name} leads term ${after.currentTerm} with ${votes} of ${this.ids.length} votes (${who}); it needs ${needed}.`,
      evidence: [this.candidacies[node] ?? record, ...(received.length > 0 ? ballot.replies : []), record],
      wrong: record,
      rule: "Figure 2, Candidates: if votes received from majority of servers: become leader.",
      next: `Which servers does ${name} count, how often each, for which term, and what does it take for a majority of ${this.ids.length}? Is what it counts with a field of the class, and emptied for each election?`,
    };
  }
}
