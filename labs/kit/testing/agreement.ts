import { type Json, type LogIndex, type Millis, type NodeId, type Proposed, TIMING } from "../contract";
import { listWords } from "../story/words";
import type { World } from "../world/world";

/** After so long without news a command counts as lost, and is given to the leader again. */
const RETRY_AFTER: Millis = 2 * TIMING.commitWithin;

const RULE =
  "§5.3: the leader retries AppendEntries until all followers store all entries; an entry that a majority stores is committed and applied.";

/**
 * Gives a command to the leader, again if need be, until all of a group have applied it at one index.
 * @param group servers that can talk to each other: a majority. Without: all that run.
 * @returns the index
 */
export async function agree(
  world: World,
  command: Json,
  group?: readonly NodeId[],
  within: Millis = TIMING.leaderWithin,
): Promise<LogIndex> {
  await world.runFor(0); // at the very beginning nobody runs yet
  const among = group ?? world.runningIds;
  const deadline = world.now + within;
  let last: Proposed | undefined;
  while (world.now < deadline) {
    const leader = await world.awaitLeader(among, deadline - world.now);
    const proposed = await world.propose(leader, command);
    if (proposed === null) continue; // it has stepped down at this very moment
    last = proposed;
    const isDecided = () => among.every((id) => hasReached(world, id, proposed));
    const waiting = Math.min(RETRY_AFTER, deadline - world.now);
    await world.runWhile(() => !isDecided(), waiting);
    if (among.every((id) => hasApplied(world, id, proposed))) return proposed.index;
  }
  const words = typeof command === "string" ? `“${command}”` : "a command";
  const behind = among.filter((id) => !world.applied(id).some((entry) => isSame(entry.command, command)));
  world.fail({
    sentence: `Within ${within.toLocaleString("en")} ms ${listWords(among)}, who can talk to each other, did not come to apply ${words}: ${behind.length === 0 ? "not all at one index" : `${listWords(behind)} did not`}.`,
    rule: RULE,
    next: "How far did the command get: into the leader's log, to a majority, into commitIndex, into everybody's commitIndex?",
    why: last && { kind: "not-applied", entry: last, among },
  });
}

/**
 * Fails unless all of `among` apply an entry that was proposed.
 * @param proposed what a leader answered; it must go on leading
 */
export async function mustApply(
  world: World,
  proposed: Proposed,
  among: readonly NodeId[] = world.runningIds,
  within: Millis = TIMING.commitWithin + TIMING.applyWithin,
): Promise<void> {
  await world.runUntil(
    () => among.every((id) => hasApplied(world, id, proposed)),
    within,
    () => {
      const behind = among.filter((id) => !hasApplied(world, id, proposed));
      return {
        sentence: `The leader took a command as entry ${proposed.index} of term ${proposed.term}, and ${within} ms later ${listWords(behind)} ${behind.length === 1 ? "has" : "have"} not applied it.`,
        rule: RULE,
        next: "How far did the entry get: to a majority, into the leader's commitIndex, into the others' commitIndex?",
        why: { kind: "not-applied", entry: proposed, among },
      };
    },
  );
}

/** True if a server has applied something at that index. */
function hasReached(world: World, id: NodeId, { index }: Proposed): boolean {
  return world.applied(id).length >= index;
}

function hasApplied(world: World, id: NodeId, { index, term }: Proposed): boolean {
  return world.applied(id)[index - 1]?.term === term;
}

/** Commands of tests are texts and numbers, or small objects. */
function isSame(a: Json, b: Json): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
