import type { NodeId } from "../contract";
import type { Invocation, Proposal } from "../trace/requests";
import { KIND, NONE, type Trace } from "../trace/trace";
import type { World } from "../world/world";
import type { Happening, Move } from "./move";

/** Kinds of records that are effects of a handler: one record each. */
const EFFECTS: ReadonlySet<number> = new Set([
  KIND.send,
  KIND.setTimer,
  KIND.cancelTimer,
  KIND.write,
  KIND.apply,
  KIND.complete,
  KIND.log,
]);

/** A move of a run, and the record of the trace in which it happened. */
export interface RecordedMove {
  readonly move: Move;
  readonly record: number;
}

/**
 * What happened in a run, as moves with their times: played in a {@link ScheduledWorld} of the same seed they give the
 * same run, but for messages that got lost, which simply never arrive there. First starts go without saying.
 */
export function scheduleOf({ trace, names, simulation }: World): RecordedMove[] {
  const found: { move: Move; record: number }[] = [];
  const lastDelivery = lastDeliveries(trace);
  const lives = names.map(() => 0);
  for (let i = 0; i < trace.length; i++) {
    const at = trace.timeOf(i);
    const index = trace.nodeOf(i);
    const happening = happeningOf(i);
    if (happening !== undefined) found.push({ move: { ...happening, at }, record: i });
    else if (
      trace.kindOf(i) === KIND.fault &&
      index !== NONE &&
      isStop(String(trace.dataOf(i)), names[index])
    )
      addStop(i, names[index]);
  }
  return found;

  function happeningOf(i: number): Happening | undefined {
    const [node, peer] = [names[trace.nodeOf(i)], names[trace.peerOf(i)]];
    switch (trace.kindOf(i)) {
      case KIND.start:
        return lives[trace.nodeOf(i)]++ === 0 ? undefined : { kind: "start", node };
      case KIND.timer:
        return { kind: "timer", node, name: trace.timerOf(i) };
      case KIND.propose:
        return { kind: "propose", node, command: (trace.dataOf(i) as Proposal).command };
      case KIND.invoke:
        return { kind: "invoke", node, operation: (trace.dataOf(i) as Invocation).operation };
      case KIND.deliver: {
        const message = trace.messageOf(i);
        if (simulation.nodes[trace.peerOf(i)].isScripted)
          return { kind: "inject", from: peer, to: node, message };
        const again = lastDelivery.get(trace.causeOf(i)) !== i;
        return { kind: "deliver", from: peer, to: node, message, ...(again ? { again } : {}) };
      }
      default:
        return undefined;
    }
  }

  /** A stop by itself, or in the middle of what the node was doing. */
  function addStop(i: number, node: NodeId): void {
    const last = found.at(-1);
    if (last !== undefined && String(trace.dataOf(i)).includes("in the middle")) {
      const effects = effectsOf(trace, last.record);
      found[found.length - 1] = { ...last, move: { ...last.move, effects } };
    } else found.push({ move: { kind: "stop", node, at: trace.timeOf(i) }, record: i });
  }
}

function isStop(text: string, node: NodeId): boolean {
  return text.startsWith(`${node} stops`);
}

function effectsOf(trace: Trace, handler: number): number {
  let effects = 0;
  for (let i = handler + 1; i < trace.length && !trace.isHandler(i); i++)
    if (trace.causeOf(i) === handler && EFFECTS.has(trace.kindOf(i))) effects += 1;
  return effects;
}

/** For each message, its last delivery: those before it are copies. */
function lastDeliveries(trace: Trace): Map<number, number> {
  const last = new Map<number, number>();
  for (let i = 0; i < trace.length; i++) if (trace.kindOf(i) === KIND.deliver) last.set(trace.causeOf(i), i);
  return last;
}
