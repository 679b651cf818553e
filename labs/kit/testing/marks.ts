import type { Mark } from "../linearizability";
import { KIND, MICROS_PER_MILLI, type StatusChange } from "../trace/trace";
import type { World } from "../world/world";

/** What was going on behind the clients' backs: who led which term, and the faults. For a timeline of operations. */
export function marksOf({ trace, names }: Pick<World, "trace" | "names">): Mark[] {
  const marks: Mark[] = [];
  for (let i = 0; i < trace.length; i++) {
    const at = trace.microsOf(i) / MICROS_PER_MILLI;
    if (trace.kindOf(i) === KIND.fault) marks.push({ at, lane: "faults", text: String(trace.dataOf(i)) });
    if (trace.kindOf(i) !== KIND.status) continue;
    const text = leadershipWords(trace.dataOf(i) as StatusChange);
    if (text !== undefined) marks.push({ at, lane: names[trace.nodeOf(i)], text });
  }
  return marks;
}

function leadershipWords({ before, after }: StatusChange): string | undefined {
  if (after.role === "leader" && (before.role !== "leader" || before.currentTerm !== after.currentTerm))
    return `leads term ${after.currentTerm}`;
  if (before.role === "leader" && after.role !== "leader") return `steps down, term ${after.currentTerm}`;
  return undefined;
}
