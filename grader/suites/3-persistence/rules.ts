import {
  type AnyMessage,
  appendEntries,
  entriesOfTerms,
  heartbeatReply,
  KIND,
  lastOf,
  type NodeId,
  type Position,
  type ScriptedPeers,
  START,
  sending,
  type Term,
  TIMING,
  type World,
  wroteBefore,
} from "../../../labs/kit";

/** The rule that this lab is about. */
export const PERSIST =
  "Figure 2, State: currentTerm, votedFor and log[] are updated on stable storage before responding to RPCs.";

/** Why a vote must last. */
export const ONE_VOTE =
  "§5.2: each server will vote for at most one candidate in a given term. A restart ends no term.";

/** Why an entry must last. */
export const KEEP =
  "§5.3: an entry is committed once it is stored on a majority of the servers. Who said that it stores it must not lose it.";

/** Why logs are never half old and half new. */
export const MATCHING =
  "Log Matching (Figure 3): logs that have an entry of the same index and term are identical up to it.";

/** The tests of the tasks that a cluster with restarts cannot do without. */
export const RESTARTING = ["3.1a", "3.2a", "3.3a"];

/** Lets S1 hear of a term, from an answer that asks for nothing. */
export async function adopt(world: World, peers: ScriptedPeers, term: Term): Promise<void> {
  peers.tell("S3", heartbeatReply(term, false));
  await world.runFor(TIMING.answerWithin);
}

/** Gives S1 a log whose entries have these terms, in the name of a leader. Fails unless S1 takes it. */
export async function giveLog(
  world: World,
  peers: ScriptedPeers,
  leader: NodeId,
  term: Term,
  terms: readonly Term[],
  leaderCommit = 0,
): Promise<void> {
  const entries = entriesOfTerms(terms);
  const reply = await peers.ask(leader, appendEntries(leader, term, START, entries, leaderCommit));
  world.check(reply.success === true && reply.matchIndex === entries.length, () => ({
    sentence: `S1 is sent ${entries.length} entries from index 1 on by ${leader}, the leader of term ${term}, and answers ${answerWords(reply)}.`,
    rule: "Figure 2, AppendEntries receiver, steps 2 to 4.",
    next: "Does the log of lab 2 still work as before?",
  }));
}

/**
 * Whether S1's log has an entry of that term at that index: asked in the name of a leader that has it too.
 * @param term a term that S1 has not seen yet
 */
export async function holds(
  world: World,
  peers: ScriptedPeers,
  leader: NodeId,
  term: Term,
  position: Position,
): Promise<boolean> {
  const reply = await peers.ask(leader, appendEntries(leader, term, position, []));
  world.check(reply.term === term, () => ({
    sentence: `${leader} leads term ${term} and asks S1, which answers with term ${reply.term}.`,
    rule: "Figure 2, All Servers: a newer term in a request is adopted.",
    next: "What is currentTerm after a restart, and what raises it?",
  }));
  return reply.success === true;
}

/** Fails unless S1 has kept entries 1 to the last of these terms. */
export async function mustHold(
  world: World,
  peers: ScriptedPeers,
  leader: NodeId,
  term: Term,
  terms: readonly Term[],
  why: string,
): Promise<void> {
  const last = lastOf(entriesOfTerms(terms));
  world.check(await holds(world, peers, leader, term, last), () => ({
    sentence: `${why}, was started again, and says that its log has no entry ${last.index} of term ${last.term}.`,
    rule: KEEP,
    next: "Was the entry on the disk when S1 spoke of it, and is it read from there in start()?",
  }));
}

/** Fails unless S1 wrote to its disk before it sent the first such message. */
export function mustWriteBeforeSending(
  world: World,
  since: number,
  matches: (message: AnyMessage) => boolean,
  what: string,
): void {
  const hasWritten = wroteBefore(world, "S1", since, sending(world.trace, matches));
  world.check(hasWritten === true, () => ({
    sentence:
      hasWritten === undefined
        ? `S1 was expected to say: ${what}. It did not.`
        : `S1 says: ${what}. It has not written that to its disk before: a crash now, and it knows nothing of it.`,
    rule: PERSIST,
    next: "Which line changes this piece of state, and which line after it writes it to env.disk?",
  }));
}

/** For wroteBefore: S1 treats the entry at that index as committed, by applying it or by telling others. */
export function countsAsCommitted(world: World, index: number): (record: number) => boolean {
  const { trace } = world;
  return (record) => {
    const kind = trace.kindOf(record);
    if (kind === KIND.apply) return (trace.dataOf(record) as { index: number }).index >= index;
    if (kind !== KIND.send) return false;
    const { type, leaderCommit = 0 } = trace.messageOf(record);
    return type === "AppendEntries" && leaderCommit >= index;
  };
}

export function answerWords({ term, success, matchIndex, voteGranted }: AnyMessage): string {
  if (voteGranted !== undefined) return `${voteGranted ? "granted" : "refused"}, in term ${term}`;
  return `${success ? "success" : "refusal"}, matchIndex ${matchIndex}, in term ${term}`;
}
