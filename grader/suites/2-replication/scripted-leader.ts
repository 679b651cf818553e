import {
  type AnyMessage,
  appendEntries,
  entriesOfTerms,
  type LogEntry,
  type LogIndex,
  type NodeId,
  type Position,
  type ScriptedPeers,
  type Term,
  TIMING,
  type World,
} from "../../../labs/kit";
import { RULE } from "./rules";

/** A leader that the test plays, with a log of its own. S1 is its follower. */
export class ScriptedLeader {
  readonly log: readonly LogEntry[];
  /** The last entry that S1 has taken from this leader, or was seen to have. */
  private reached: LogIndex = 0;

  /** @param terms the terms of its log's entries, the first with index 1 */
  constructor(
    private readonly world: World,
    private readonly peers: ScriptedPeers,
    readonly id: NodeId,
    readonly term: Term,
    terms: readonly Term[],
  ) {
    this.log = entriesOfTerms(terms);
  }

  get lastIndex(): LogIndex {
    return this.log.length;
  }

  /** Where an entry stands. */
  position(index: LogIndex): Position {
    return { index, term: index === 0 ? 0 : this.log[index - 1].term };
  }

  /** Sends S1 the entries after `prev` up to `last`, none if they are equal. @returns the answer */
  async send(prev: LogIndex, last: LogIndex, leaderCommit: LogIndex = 0): Promise<AnyMessage> {
    const entries = this.log.slice(prev, last);
    const request = appendEntries(this.id, this.term, this.position(prev), entries, leaderCommit);
    const answer = await this.peers.ask(this.id, request);
    if (answer.success === true) this.reached = Math.max(this.reached, last);
    return answer;
  }

  /**
   * The same, and fails unless S1 takes it and says how far the logs are known to match: up to `last`, or to where
   * this leader has seen it before.
   */
  async mustSend(prev: LogIndex, last: LogIndex, leaderCommit: LogIndex = 0): Promise<void> {
    const { success, matchIndex } = await this.send(prev, last, leaderCommit);
    const isTrue = (matchIndex as number) >= last && (matchIndex as number) <= this.reached;
    this.world.check(success === true && isTrue, () => ({
      sentence: `${this.id} leads term ${this.term} and sends ${entriesWords(prev, last)} after entry ${words(this.position(prev))}, which S1 has; S1 answers ${success ? `ok, matchIndex ${matchIndex}` : "refused"}. Expected ok, matchIndex ${last}.`,
      rule: success
        ? "The contract: on success, matchIndex is the last index known to match the leader, prevLogIndex + entries.length."
        : RULE.consistency,
      next: success
        ? "What does this request show, and what might stand in S1's log beyond it?"
        : "Which entry does S1 have at prevLogIndex, and with which term does it compare it?",
    }));
  }

  /** The same, and fails unless S1 refuses it with a hint below prevLogIndex. @returns the hint */
  async mustBeRefused(prev: LogIndex, last: LogIndex, because: string): Promise<LogIndex> {
    const { success, matchIndex } = await this.send(prev, last);
    this.world.check(success === false && (matchIndex as number) < prev, () => ({
      sentence: `${this.id} sends entries after entry ${words(this.position(prev))}, but S1 ${because}; it answers ${success ? "ok" : "refused"}, matchIndex ${matchIndex}. Expected a refusal with a matchIndex less than ${prev}.`,
      rule: success
        ? RULE.consistency
        : "The contract: on refusal, matchIndex is the highest index that might match. That at prevLogIndex does not.",
      next: success
        ? "What does S1 look up before it stores anything, and what is there?"
        : "From where does S1 take the matchIndex of a refusal?",
    }));
    return matchIndex as LogIndex;
  }

  /** Fails unless S1 has exactly these entries of this leader's: it asks for each with an empty AppendEntries. */
  async mustHold(from: LogIndex, to: LogIndex, after: string): Promise<void> {
    for (let index = from; index <= to; index++) {
      const { success } = await this.send(index, index);
      this.world.check(success === true, () => ({
        sentence: `${after}, S1 should have entry ${words(this.position(index))} in its log, and says that it has not.`,
        rule: RULE.append,
        next: `When did S1 get entry ${index}, and what has happened to it since?`,
      }));
    }
  }

  /**
   * Brings S1's log in line with this leader's as a leader does, by S1's hints.
   * @param most refusals that it may take
   * @param committed S1 knows that so many entries are committed, and its terms in conflict begin after them
   */
  async repair(most: number, committed: LogIndex = 0): Promise<void> {
    let prev = this.lastIndex;
    let refusals = 0;
    for (;;) {
      const { success, matchIndex } = await this.send(prev, this.lastIndex);
      if (success === true) return;
      const refused = prev;
      prev = matchIndex as LogIndex;
      refusals += 1;
      this.world.check(prev < refused, () => ({
        sentence: `S1 refuses entries after ${refused} and says that the logs might match up to ${prev}: the leader cannot get anywhere.`,
        rule: "The contract: on refusal, matchIndex is the highest index that might match. That at prevLogIndex does not.",
        next: "What does S1 return if its entry at prevLogIndex has another term, and what if it has none?",
      }));
      const hint = prev;
      this.world.check(hint >= committed, () => ({
        sentence: `S1 knows that ${committed} entries are committed, refuses entries after ${refused} and sends the leader back to ${hint}: all between would be sent again for nothing.`,
        rule: RULE.backUp,
        next: "Down to which index can S1 be sure that its log is like the leader's?",
      }));
      this.world.check(refusals <= most, () => ({
        sentence: `S1 has refused ${refusals} requests and still sends the leader back step by step, now from ${refused} to ${prev}; expected at most ${most} refusals.`,
        rule: RULE.backUp,
        next: "How many entries does each refusal go back, and how many could it go back at once?",
      }));
    }
  }
}

/** Gives S1 a log, through the leader of its last term. */
export async function fill(
  world: World,
  peers: ScriptedPeers,
  id: NodeId,
  terms: readonly Term[],
  leaderCommit: LogIndex = 0,
): Promise<ScriptedLeader> {
  const leader = new ScriptedLeader(world, peers, id, terms.at(-1) ?? 1, terms);
  await leader.mustSend(0, leader.lastIndex, leaderCommit);
  return leader;
}

/** Fails unless S1 applies entries up to an index, those of a leader, in their order. */
export async function mustApplyLogOf(
  world: World,
  { log }: ScriptedLeader,
  upTo: LogIndex,
  sentence: string,
): Promise<void> {
  const applied = () => world.applied("S1");
  await world.runUntil(
    () => applied().length >= upTo,
    TIMING.applyWithin,
    () => ({
      sentence: `${sentence}; ${TIMING.applyWithin} ms later it has applied the log up to ${applied().length}, not ${upTo}.`,
      rule: RULE.apply,
      next: "What is S1's commitIndex after each request, and who applies entries when it grows?",
    }),
  );
  await world.runFor(2 * TIMING.answerWithin);
  const wrong = Array.from({ length: Math.max(upTo, applied().length) }, (_, i) => i + 1).find((index) => {
    const entry = applied()[index - 1];
    const expected = index <= upTo ? log[index - 1] : undefined;
    return entry?.index !== index || entry.term !== expected?.term || entry.command !== expected.command;
  });
  world.check(wrong === undefined, () => ({
    sentence: `${sentence}; as its ${wrong}. entry S1 applies ${entryWords(applied()[(wrong as number) - 1])}; expected ${(wrong as number) > upTo ? "nothing" : `entry ${words({ index: wrong as number, term: log[(wrong as number) - 1].term })}`}.`,
    rule: (wrong as number) > upTo ? RULE.followerCommit : RULE.apply,
    next: "Which entries does S1 hand to its state machine, in which order, and how far?",
  }));
}

function entryWords(entry: Position | undefined): string {
  return entry === undefined ? "nothing" : `entry ${words(entry)}`;
}

function entriesWords(prev: LogIndex, last: LogIndex): string {
  if (last === prev) return "a heartbeat";
  return last === prev + 1 ? `entry ${last}` : `the entries ${prev + 1} to ${last}`;
}

/** "3 of term 2". */
function words({ index, term }: Position): string {
  return index === 0 ? "0, the beginning" : `${index} of term ${term}`;
}
