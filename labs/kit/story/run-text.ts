import { KIND } from "../trace/trace";
import type { World } from "../world/world";
import { lineOf } from "./excerpt";

/** A whole run as text, a line for each thing that happened: what `npm run replay` prints. */
export function runText(world: Pick<World, "trace" | "ids">): string {
  const { trace, ids } = world;
  const lines: string[] = [];
  for (let i = 0; i < trace.length; i++) {
    const kind = trace.kindOf(i);
    if (!trace.isHandler(i) && kind !== KIND.drop && kind !== KIND.fault && kind !== KIND.step) continue;
    const { time, event, outcome } = lineOf(trace, ids, i);
    lines.push(`${time.padStart(10)}  ${outcome === "" ? event : `${event.padEnd(44)}   ${outcome}`}`);
  }
  return lines.join("\n");
}
