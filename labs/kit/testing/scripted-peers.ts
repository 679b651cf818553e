import {
  type AppendEntries,
  type Millis,
  type NodeId,
  type RequestVote,
  type Term,
  TIMING,
} from "../contract";
import type { AnyMessage } from "../host/reaction";
import type { Passage } from "../oracles";
import type { Disappointment } from "../story/story-teller";
import { listWords, messageWords } from "../story/words";
import type { World } from "../world/world";
import { grant, grantPreVote } from "./messages";
import { ScriptedLog } from "./scripted-log";

/** A message from the server under test, as one of its peers got it. */
export interface Heard {
  readonly to: NodeId;
  readonly sentAt: Millis;
  /** The record of its sending in the trace: what a story marks if this message is wrong. */
  readonly record: number;
  readonly message: AnyMessage;
}

/** Time for a message to arrive after it was sent. The peers' network takes 2 ms. */
const TRAVEL: Millis = 3;

/** Sends that belong to one round may lie this far apart. */
const ROUND: Millis = TIMING.answerWithin + TRAVEL;

/**
 * The peers of a single real node, S1 or C1, played by the test. They say nothing of their own accord, but answer
 * AppendEntries and pre-votes as friendly servers would, so that designs with check-quorum or pre-vote can go on.
 */
export class ScriptedPeers {
  /** The servers that the test plays. */
  readonly ids: readonly NodeId[];
  /** Everything S1 sent to its peers so far. */
  readonly heard: Heard[] = [];
  /** False: AppendEntries stay without an answer. */
  answersHeartbeats = true;
  /** False: pre-votes stay without an answer. */
  answersPreVotes = true;

  /** Peers that answer nothing at all, unless a test speaks for them. */
  readonly silent = new Set<NodeId>();
  /** Says which AppendEntries are lost on their way to a peer, which then takes no note of them and does not answer. */
  isLost: (to: NodeId, message: AnyMessage) => boolean = () => false;
  private readonly logs = new Map<NodeId, ScriptedLog>();

  /** @param subject the one real node: a server or, in lab 4, a client */
  constructor(
    private readonly world: World,
    readonly subject: NodeId = "S1",
  ) {
    this.ids = world.ids.filter((id) => id !== subject);
    for (const id of this.ids) this.logs.set(id, new ScriptedLog());
    world.simulation.onScripted = (passage) => this.listen(passage);
  }

  /** What S1 says about itself. */
  get status() {
    return this.world.status(this.subject);
  }

  /** The log of a peer, which it keeps as a correct follower would. Empty at first. */
  log(id: NodeId): ScriptedLog {
    const log = this.logs.get(id);
    if (log === undefined) throw new RangeError(`There is no peer ${id}; there are ${listWords(this.ids)}.`);
    return log;
  }

  /** Delivers a message to S1 now. */
  tell(from: NodeId, message: AnyMessage): void {
    this.inject(from, message, 0);
  }

  /** Delivers a message to S1 and waits for the answer of that peer. Not answering in time fails the test. */
  async ask(from: NodeId, request: RequestVote | AppendEntries): Promise<AnyMessage> {
    const already = this.heard.length;
    const askedAt = this.world.now;
    const isAnswer = ({ to, sentAt, message }: Heard) =>
      to === from && sentAt >= askedAt && message.type === `${request.type}Reply`;
    this.tell(from, request);
    await this.world.runUntil(
      () => this.heard.slice(already).some(isAnswer),
      TIMING.answerWithin + TRAVEL,
      () => ({
        sentence: `S1 did not answer a ${messageWords(request)} from ${from} within ${TIMING.answerWithin} ms.`,
        rule: `Figure 2, ${request.type}: every request has a reply, granted or refused.`,
        next: `Does every path through S1's handler of ${request.type} end in a reply to its sender?`,
      }),
    );
    const answer = this.heard.slice(already).find(isAnswer);
    return (answer as Heard).message;
  }

  /** The messages of a type that S1 has sent so far. */
  all(type: string): Heard[] {
    return this.heard.filter(({ message }) => message.type === type);
  }

  /**
   * Waits until S1 stands for election in a new term: it has asked every peer for a vote.
   * @returns the term in which it stands
   */
  async awaitCampaign(within: Millis = TIMING.electionTimeoutMax + ROUND): Promise<Term> {
    const before = this.highestCampaign();
    const already = this.heard.length;
    const hasStood = () => this.highestCampaign() > before;
    const otherwise = () => this.noCampaign(this.heard.slice(already), before);
    await this.world.runUntil(() => hasStood() || this.usesPreVote(), within, otherwise);
    // A design that asks for pre-votes may wait once more before it stands.
    if (this.usesPreVote())
      await this.world.runUntil(hasStood, within + TIMING.electionTimeoutMax, otherwise);
    const term = this.highestCampaign();
    await this.world.runFor(ROUND);
    const requests = this.all("RequestVote").filter(({ message }) => message.term === term);
    const asked = this.ids.filter((id) => requests.some(({ to }) => to === id));
    this.world.check(asked.length === this.ids.length, () => ({
      sentence: `S1 stands for election in term ${term} and asks ${asked.length === 0 ? "nobody" : `only ${listWords(asked)}`}; its peers are ${listWords(this.ids)}.`,
      rule: "Figure 2, Candidates: on conversion to candidate, send RequestVote to all other servers.",
      next: "Does the loop go over all of env.peers?",
      wrong: requests[0]?.record,
    }));
    return term;
  }

  /**
   * Lets S1 win an election with the votes of exactly the majority it needs.
   * @returns the term that it leads
   */
  async elect(): Promise<Term> {
    const term = await this.awaitCampaign();
    const needed = Math.floor(this.world.ids.length / 2);
    for (const voter of this.ids.slice(0, needed)) this.tell(voter, grant(term));
    await this.world.runUntil(
      () => this.status.role === "leader" && this.status.currentTerm === term,
      ROUND,
      () => ({
        sentence: `S1 has its own vote and ${needed} of ${this.ids.length} peers' in term ${term}, a majority of ${this.world.ids.length}, but does not lead.`,
        rule: "Figure 2, Candidates: if votes received from majority of servers: become leader.",
        next: "How many votes does S1 count, and how many does it think it needs?",
      }),
    );
    await this.world.runFor(ROUND);
    return term;
  }

  private inject(from: NodeId, message: AnyMessage, delay: Millis): void {
    const { simulation, names } = this.world;
    const node = (id: NodeId) => simulation.nodes[names.indexOf(id)];
    if (node(from)?.isScripted !== true) {
      const scripted = simulation.nodes.filter(({ isScripted }) => isScripted).map(({ id }) => id);
      throw new RangeError(`There is no peer ${from} to speak for; there are ${listWords(scripted)}.`);
    }
    simulation.inject(node(from), node(this.subject), message, delay);
  }

  private listen({ from, to, message, record }: Passage): void {
    const { trace, names } = this.world;
    if (names[from] !== this.subject) return;
    const peer = names[to];
    const sent = trace.causeOf(record);
    this.heard.push({ to: peer, sentAt: trace.timeOf(sent), record: sent, message });
    if (this.silent.has(peer)) return;
    const term = message.term as Term;
    if (message.type === "AppendEntries" && this.answersHeartbeats && !this.isLost(peer, message))
      this.inject(peer, this.log(peer).take(message), 2);
    if (message.type === "PreVote" && this.answersPreVotes) this.inject(peer, grantPreVote(term), 2);
  }

  private noCampaign(heard: readonly Heard[], before: Term): Disappointment {
    const stale = heard.find(({ message }) => message.type === "RequestVote");
    if (stale !== undefined) {
      return {
        sentence: `S1 asked for votes in term ${stale.message.term}; expected a newer term than ${before}, that of ${before === 0 ? "its start" : "its election before"}.`,
        rule: "Figure 2, Candidates: on conversion to candidate, increment currentTerm.",
        next: "What does an election do to currentTerm, before it sends anything?",
        wrong: stale.record,
      };
    }
    return {
      sentence: `S1 heard from no leader for ${TIMING.electionTimeoutMax.toLocaleString("en")} ms and did not stand for election.`,
      rule: "Figure 2, Followers and Candidates: if the election timeout elapses, start a new election.",
      next: "Is the election timer running? Was it set again when it last ran out, and with which delay?",
    };
  }

  private usesPreVote(): boolean {
    return this.all("PreVote").length > 0;
  }

  private highestCampaign(): Term {
    return Math.max(0, ...this.all("RequestVote").map(({ message }) => message.term as Term));
  }
}
