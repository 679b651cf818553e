import type { Json, NodeId, World } from "../../../labs/kit";

/** The commands that a server has applied, in order, without no-ops. */
export function listOfCommands(world: World, id: NodeId): Json[] {
  return world
    .applied(id)
    .map(({ command }) => command)
    .filter((command) => command !== null);
}
