import { TIMING, type World } from "../../../labs/kit";

/** How long nothing may change while nothing is wrong. */
const STABLE_MS = 2_000;

/** Fails if any running server changes its term while nothing is wrong. */
export async function mustStayStable(world: World): Promise<void> {
  const before = termsOf(world);
  const since = world.trace.length;
  await world.runFor(STABLE_MS);
  world.check(termsOf(world) === before, () => ({
    why: { kind: "no-peace", among: world.runningIds, since },
    sentence: `Nothing was wrong for ${STABLE_MS} ms, and yet there was an election: terms were ${before} and are ${termsOf(world)}.`,
    rule: "§5.2: a leader sends periodic heartbeats to all followers in order to maintain its authority.",
    next: "Which server's election timer ran out, and when had it last heard from the leader?",
  }));
}

/**
 * After faults: fails unless all running servers come to agree on one leader and then stay with it. On the way there,
 * a server that was left behind may start another election or two.
 */
export async function mustSettle(world: World): Promise<void> {
  const deadline = world.now + TIMING.leaderWithin;
  const since = world.trace.length;
  for (;;) {
    await world.awaitLeader(world.runningIds);
    const before = termsOf(world);
    await world.runFor(STABLE_MS);
    if (termsOf(world) === before) return mustAgree(world);
    world.check(world.now < deadline, () => ({
      why: { kind: "no-peace", among: world.runningIds, since },
      sentence: `The last fault was healed ${TIMING.leaderWithin} ms ago, and there is still one election after the other: terms were ${before} and are ${termsOf(world)}.`,
      rule: "§5.2: a leader sends periodic heartbeats to all followers in order to maintain its authority.",
      next: "Which server's election timer runs out, and when had it last heard from the leader?",
    }));
  }
}

function termsOf(world: World): string {
  return world.runningIds.map((id) => world.status(id).currentTerm).join(" ");
}

/** Fails unless there is exactly one leader, whom all running servers have joined. */
export function mustAgree(world: World): void {
  const leaders = world.leaders();
  const terms = new Set(world.runningIds.map((id) => world.status(id).currentTerm));
  world.check(leaders.length === 1 && terms.size === 1, () => ({
    sentence: `All links are whole, but the servers do not agree: ${leaders.length === 0 ? "nobody leads" : `${leaders.join(" and ")} lead`}, and they are in terms ${[...terms].join(", ")}.`,
    rule: "§5.2: when a server hears from the leader of a newer term, it joins that term.",
    next: "Which server is left behind, and which message should have told it?",
  }));
}
