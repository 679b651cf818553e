import type { NodeId, Term } from "../contract";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

interface Vote {
  readonly candidate: number;
  readonly record: number;
}

/**
 * A server gives at most one vote per term (Raft §5.2). Votes are seen on the wire: a RequestVote is the sender's vote
 * for itself, a granting RequestVoteReply its vote for the receiver.
 */
export class OneVotePerTerm implements Oracle {
  readonly reads = ["RequestVote", "RequestVoteReply"];
  /** For each server, its vote of each term. */
  private readonly votes: Map<Term, Vote>[];
  private readonly ids: readonly NodeId[];

  constructor(private readonly scene: Scene) {
    this.ids = scene.names;
    this.votes = scene.ids.map(() => new Map());
  }

  onSend({ from, to, message, record }: Passage): Finding | undefined {
    if (this.scene.isScripted(from) || from >= this.votes.length) return undefined;
    const term = message.term as Term;
    if (message.type === "RequestVote") return this.vote(from, from, term, record);
    return message.voteGranted === true ? this.vote(from, to, term, record) : undefined;
  }

  private vote(voter: number, candidate: number, term: Term, record: number): Finding | undefined {
    const votes = this.votes[voter] as Map<Term, Vote>;
    const earlier = votes.get(term);
    if (earlier === undefined) votes.set(term, { candidate, record });
    if (earlier === undefined || earlier.candidate === candidate) return undefined;
    const name = this.ids[voter];
    return {
      property: "One vote per term",
      section: "Raft §5.2",
      sentence: `${name} votes for ${this.whom(voter, earlier.candidate)} and for ${this.whom(voter, candidate)} in term ${term}.`,
      evidence: [earlier.record, record],
      wrong: record,
      rule: "Figure 2, RequestVote receiver, step 2: grant only if votedFor is null or candidateId.",
      next:
        candidate === voter
          ? `What does ${name} do to currentTerm before it votes for itself?`
          : `What should ${name} compare with votedFor before it answers, and what may have changed votedFor in between?`,
    };
  }

  private whom(voter: number, candidate: number): string {
    return voter === candidate ? "itself" : this.ids[candidate];
  }
}
