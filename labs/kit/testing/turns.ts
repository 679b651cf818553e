import type { NodeId, Status } from "../contract";
import { KIND, type StatusChange } from "../trace/trace";
import type { World } from "../world/world";

/**
 * Where in a run a server first said something of itself: for the story of a test that finds out later.
 * @param since the first record that counts
 * @returns the record; undefined if it never did
 */
export function turnOf(
  { trace, names }: Pick<World, "trace" | "names">,
  id: NodeId,
  since: number,
  isIt: (status: Status) => boolean,
): number | undefined {
  const node = names.indexOf(id);
  for (let i = since; i < trace.length; i++)
    if (
      trace.kindOf(i) === KIND.status &&
      trace.nodeOf(i) === node &&
      isIt((trace.dataOf(i) as StatusChange).after)
    )
      return i;
  return undefined;
}
