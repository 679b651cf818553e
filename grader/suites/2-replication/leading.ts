import {
  type AnyMessage,
  type Json,
  type LogEntry,
  type LogIndex,
  type NodeId,
  type Position,
  type Proposed,
  refuse,
  type ScriptedPeers,
  type Term,
  TIMING,
  type World,
} from "../../../labs/kit";
import { RULE } from "./rules";

/** Time in which a leader that replicates with its heartbeats has sent a new command, and it has arrived. */
export const SENT: number = TIMING.heartbeatIntervalMax + 2 * TIMING.answerWithin;

/** Time in which a leader that would commit too early has done so, and not enough to step down for want of answers. */
export const TOO_EARLY: number = 200;

/** Gives a command to a server that leads, and fails if it does not take it. */
export async function propose(world: World, leader: NodeId, command: Json): Promise<Proposed> {
  const proposed = await world.propose(leader, command);
  if (proposed === null) {
    const { role, currentTerm } = world.status(leader);
    world.fail({
      sentence:
        role === "leader"
          ? `${leader} says that it leads term ${currentTerm}, and takes no command: propose returned null.`
          : `${leader} led a moment ago, and does not any more, although all was well: it is a ${role} of term ${currentTerm}.`,
      rule: "Figure 2, Leaders: if command received from client: append entry to local log.",
      next: role === "leader" ? "When does propose return null?" : `What ended ${leader}'s term?`,
      why: role === "leader" ? undefined : { kind: "no-peace", among: world.ids, since: 0 },
    });
  }
  return proposed;
}

/** Fails if a server has applied anything at an index or beyond. */
export function mustNotApply(world: World, id: NodeId, index: LogIndex, because: string, rule: string): void {
  world.check(world.applied(id).length < index, () => ({
    sentence: `${id} applied entry ${index}, and ${because}.`,
    rule,
    next: "Which servers store the entry, as far as the leader can know, and which of them does it count?",
  }));
}

/**
 * Lets S1 lose its office to a term that it hears of in a reply: no design ignores that.
 * @param reply without: the late answer to a request for a vote
 * @returns the new term
 */
export async function depose(
  world: World,
  peers: ScriptedPeers,
  by: NodeId,
  reply: (term: Term) => AnyMessage = refuse,
): Promise<Term> {
  const term = peers.status.currentTerm + 1;
  peers.tell(by, reply(term));
  await world.runFor(TIMING.answerWithin);
  world.check(peers.status.role === "follower" && peers.status.currentTerm === term, () => ({
    sentence: `S1 led, heard of term ${term} in a reply, and is a ${peers.status.role} of term ${peers.status.currentTerm}.`,
    rule: "Figure 2, All Servers: if a response contains a term greater than currentTerm, adopt it and become a follower.",
    next: `Is the term of ${reply(term).type === "RequestVoteReply" ? "a RequestVoteReply" : "an AppendEntriesReply"} looked at before all else?`,
  }));
  return term;
}

/** Fails unless S1, when it stands for election, names its last entry. It gives the log away like nothing else. */
export async function mustStandWith(
  world: World,
  peers: ScriptedPeers,
  last: Position,
  after: string,
  rule: string,
): Promise<Term> {
  const term = await peers.awaitCampaign();
  const request = peers.all("RequestVote").find(({ message }) => message.term === term) as {
    message: AnyMessage;
  };
  const { lastLogIndex, lastLogTerm } = request.message;
  world.check(lastLogIndex === last.index && lastLogTerm === last.term, () => ({
    sentence: `${after}, S1's last entry should be entry ${last.index} of term ${last.term}; it stands for election with lastLogIndex ${lastLogIndex}, lastLogTerm ${lastLogTerm}.`,
    rule,
    next: "What does S1's log look like after each message, and which entry does its RequestVote describe?",
  }));
  return term;
}

/** The entry that an AppendEntries brings for an index, if it brings one. */
export function entryAt(message: AnyMessage, index: LogIndex): LogEntry | undefined {
  const { prevLogIndex = 0, entries = [] } = message;
  return entries[index - prevLogIndex - 1];
}

/** Fails unless S1, which leads, commits: it applies an entry within the time that the handout states. */
export async function mustCommit(
  world: World,
  { index, term }: Proposed,
  because: string,
  within: number = TIMING.commitWithin,
): Promise<void> {
  await world.runUntil(
    () => world.applied("S1")[index - 1]?.term === term,
    within,
    () => ({
      sentence: `${because}; ${within} ms later S1 has not applied entry ${index} of term ${term}.`,
      rule: RULE.commit,
      next: "What is each peer's matchIndex at S1, what is the highest index that a majority stores, and when is it worked out anew?",
      // With peers that a test plays, the test itself knows best what they have stored.
      why:
        world.ids.length === 1
          ? { kind: "not-applied", entry: { index, term }, among: world.ids }
          : undefined,
    }),
  );
}
