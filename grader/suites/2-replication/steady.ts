import { type NodeId, TIMING, type World } from "../../../labs/kit";

/** After so long without a new term, the leader's heartbeats have reached everybody. */
const QUIET_MS = 300;

/**
 * Lets time pass until all of `among` follow one leader, and no election is under way any more.
 * @returns the leader
 */
export async function steadyLeader(world: World, among: readonly NodeId[] = world.ids): Promise<NodeId> {
  const deadline = world.now + TIMING.leaderWithin;
  const since = world.trace.length;
  for (;;) {
    const leader = await world.awaitLeader(among);
    const { currentTerm } = world.status(leader);
    await world.runFor(QUIET_MS);
    const isJoined = (id: NodeId) => world.status(id).currentTerm === currentTerm;
    if (world.leader(among) === leader && among.every(isJoined)) return leader;
    world.check(world.now < deadline, () => ({
      why: { kind: "no-peace", among, since },
      sentence: `For ${TIMING.leaderWithin} ms there has been one election after the other, although all is well between ${among.join(", ")}.`,
      rule: "§5.2: a leader sends periodic heartbeats to all followers in order to maintain its authority.",
      next: "Which server's election timer runs out, and when had it last heard from the leader?",
    }));
  }
}
