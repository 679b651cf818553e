import { type Json, type NodeId, TIMING, type World } from "../../../labs/kit";

/** Fails unless every running server has applied all these commands since it was started last, in this order. */
export function mustStillHave(world: World, commands: readonly Json[], among = world.runningIds): void {
  for (const id of among) {
    const applied = world.applied(id).map(({ command }) => command);
    let at = -1;
    for (const command of commands) {
      const found = applied.indexOf(command, at + 1);
      world.check(found !== -1, () => ({
        sentence: `“${command}” was committed and applied, servers were stopped and started again, and among the ${applied.length} entries that ${id} has applied since its start it is ${applied.includes(command) ? "not in its place" : "missing"}.`,
        rule: "State Machine Safety (Figure 3): what one server has applied at an index, no other server ever applies differently.",
        next: `Which servers stored “${command}” when it was committed, and which of them had it after their restart?`,
      }));
      at = found;
    }
  }
}

/** Gives a command to every server that says it leads, as clients do who do not know the true leader. */
export function proposeToLeaders(world: World, command: Json): NodeId | undefined {
  const leaders = world.leaders();
  for (const id of leaders) world.submit(id, command);
  return leaders.at(-1);
}

/** Starts everything again, makes the network whole, and waits until old messages are gone. */
export async function recover(world: World): Promise<void> {
  world.faults.heal();
  world.faults.network("lan");
  const frozen = world.ids.filter((id) => !world.isRunning(id) && !world.isStopped(id));
  if (frozen.length > 0) world.faults.resume(...frozen);
  const stopped = world.ids.filter((id) => world.isStopped(id));
  if (stopped.length > 0) world.faults.restart(...stopped);
  await world.runFor(TIMING.electionTimeoutMax);
}
