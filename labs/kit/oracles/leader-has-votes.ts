import type { NodeId, Status, Term } from "../contract";
import type { Proposal } from "../trace/requests";
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
  readonly reads = ["RequestVoteReply", "AppendEntries"];
  /** For each server, the granting replies it received in the latest term of any. */
  private readonly ballots: Ballot[];
  /** For each server, the terms in which it is known to have been elected. */
  private readonly elected: Set<Term>[];
  /** For each server, where it last became or went on as a candidate. */
  private readonly candidacies: number[] = [];
  private readonly ids: readonly NodeId[];

  /** A server that has sent AppendEntries without being elected, and what to say if it does not call itself leader. */
  private suspicion: { readonly node: number; readonly finding: Finding } | undefined;

  constructor(private readonly scene: Scene) {
    this.ids = scene.ids;
    this.elected = scene.ids.map(() => new Set());
    this.ballots = scene.ids.map(() => ({ term: 0, voters: new Set<number>(), replies: [] }));
  }

  onSend({ from, message, record }: Passage): Finding | undefined {
    if (message.type !== "AppendEntries" || this.scene.isScripted(from) || from >= this.elected.length)
      return undefined;
    if (this.suspicion !== undefined)
      return this.suspicion.node === from ? undefined : this.suspicion.finding;
    const finding = this.leads(from, message.term as Term, record);
    // Its handler may go on to say that it leads: then that is the wrong step, and the better story.
    if (finding !== undefined)
      this.suspicion = { node: from, finding: this.impostor(finding, from, message.term as Term) };
    return undefined;
  }

  onDeliver({ from, to, message, record }: Passage): Finding | undefined {
    if (this.suspicion !== undefined) return this.suspicion.finding;
    if (message.type !== "RequestVoteReply" || to >= this.ballots.length) return undefined;
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

  onStatus(node: number, _before: Status, after: Status, record: number): Finding | undefined {
    const { suspicion } = this;
    if (suspicion !== undefined && !(suspicion.node === node && after.role === "leader"))
      return suspicion.finding;
    this.suspicion = undefined;
    if (after.role === "candidate") this.candidacies[node] = record;
    return after.role === "leader" ? this.leads(node, after.currentTerm, record) : undefined;
  }

  onProposal(node: number, { answer }: Proposal, record: number): Finding | undefined {
    if (answer === null || answer === undefined || this.scene.isScripted(node)) return undefined;
    const finding = this.leads(node, answer.term, record);
    return finding && this.pretender(finding, node, answer.term);
  }

  private leads(node: number, term: Term, record: number): Finding | undefined {
    if (this.elected[node].has(term)) return undefined;
    const ballot = this.ballots[node];
    const received = ballot.term === term ? [...ballot.voters] : [];
    const votes = received.length + 1;
    const needed = Math.floor(this.ids.length / 2) + 1;
    if (votes >= needed) {
      this.elected[node].add(term);
      return undefined;
    }
    const name = this.ids[node];
    const who = ["its own", ...received.map((voter) => `${this.ids[voter]}'s`)].join(", ");
    return {
      property: "A leader has a majority's votes",
      section: "Raft §5.2",
      sentence: `${name} leads term ${term} with ${votes} of ${this.ids.length} votes (${who}); it needs ${needed}.`,
      evidence: [this.candidacies[node] ?? record, ...(received.length > 0 ? ballot.replies : []), record],
      wrong: record,
      rule: "Figure 2, Candidates: if votes received from majority of servers: become leader.",
      next: `Which servers does ${name} count, how often each, for which term, and what does it take for a majority of ${this.ids.length}? Is what it counts with a field of the class, and emptied for each election?`,
    };
  }

  /** A server that takes a command without being elected. */
  private pretender(finding: Finding, node: number, term: Term): Finding {
    const name = this.ids[node];
    return {
      ...finding,
      sentence: `${name} takes a command in term ${term}, which it was never elected to lead.`,
      rule: "§5.3: the leader of a term, elected by a majority, appends commands to its log; any other server answers null.",
      next: `What does ${name} look at before it takes a command, and which term does it answer with?`,
    };
  }

  /** A server that does not even say that it leads, and speaks like a leader. */
  private impostor(finding: Finding, node: number, term: Term): Finding {
    const name = this.ids[node];
    return {
      ...finding,
      sentence: `${name} is a follower and sends AppendEntries of term ${term}, for which it was never elected.`,
      rule: "§5.2: only the leader of a term, elected by a majority, sends AppendEntries of that term.",
      next: `What made ${name} send them: is a heartbeat timer still running from a time when it led?`,
    };
  }
}
