import { isDeepStrictEqual } from "node:util";
import { KIND, type Trace } from "../kit";
import { lineOf } from "../kit/story/excerpt";
import { NONE } from "../kit/trace/trace";
import type { Run } from "./run";

/**
 * Compares two runs of one seed, which must be the same, event for event.
 * @returns undefined if they are; else what to say about it
 */
export function differenceWords(first: Run, second: Run): string | undefined {
  if (first.world.traceHash === second.world.traceHash) return undefined;
  const record = firstDifference(first.world.trace, second.world.trace);
  return [
    `Seed ${first.world.seed} gave two different runs, one after the other.`,
    "Expected  the same seed to give the same run, event for event: only then can a failure be replayed.",
    `Found     first run   ${recordWords(first, record)}`,
    `          second run  ${recordWords(second, record)}`,
    "Next      Something of your code outlives a run: look for a variable outside of the class, or a static field, that",
    "          changes. Make it a field of the class, so that each server has its own.",
  ].join("\n");
}

function firstDifference(a: Trace, b: Trace): number {
  let i = 0;
  while (i < a.length && i < b.length && isSame(a, b, i)) i++;
  return i;
}

function isSame(a: Trace, b: Trace, i: number): boolean {
  return (
    a.kindOf(i) === b.kindOf(i) &&
    a.timeOf(i) === b.timeOf(i) &&
    a.nodeOf(i) === b.nodeOf(i) &&
    a.peerOf(i) === b.peerOf(i) &&
    a.causeOf(i) === b.causeOf(i) &&
    isDeepStrictEqual(contentOf(a, i), contentOf(b, i))
  );
}

function contentOf(trace: Trace, i: number): unknown {
  return trace.kindOf(i) === KIND.send ? trace.messageOf(i) : trace.dataOf(i);
}

/** What happened in record `i`, with the event that it belongs to. */
function recordWords({ world: { trace, names } }: Run, i: number): string {
  if (i >= trace.length) return "is over by then";
  const handler = trace.handlerOf(i);
  const { time, event, outcome } = lineOf(trace, names, handler === NONE ? i : handler);
  return `${time}  ${event}   ${outcome}`.trimEnd();
}
