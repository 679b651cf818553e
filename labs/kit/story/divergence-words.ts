import type { NodeId } from "../contract";
import type { SendEffect } from "../host/reaction";
import type { Course, Difference, Divergence } from "../trace/divergence";
import { KIND, NONE, type Trace } from "../trace/trace";
import { lineOf } from "./excerpt";
import { keyWords, millisWords } from "./words";

/** A run that can be told: a world. */
export interface ToldCourse extends Course {
  readonly names: readonly NodeId[];
}

/** A {@link Divergence} in words, each a line. */
export interface DivergenceStory {
  /** The last event that both runs have; undefined if they differ from the beginning. */
  readonly common: string | undefined;
  /** What comes next in each of them. */
  readonly first: string;
  readonly second: string;
  /** What a server did otherwise. */
  readonly parting: string;
  /** The likely cause, and what to look at. */
  readonly next: string;
}

/** Characters of a value that a line shows. */
const VALUE_MAX = 40;

/** Tells where two runs part. */
export function divergenceStory(
  first: ToldCourse,
  second: ToldCourse,
  divergence: Divergence,
): DivergenceStory {
  const { events, lastCommon, origin, what } = divergence;
  const server = origin === NONE ? "" : (first.names[first.trace.nodeOf(origin)] ?? "");
  return {
    common: lastCommon === NONE ? undefined : recordWords(first, lastCommon),
    first: eventWords(first, events[0]),
    second: eventWords(second, events[1]),
    parting: partingWords(first, second, divergence, server),
    next: nextWords(first.trace, origin, what, server),
  };
}

/** The same as a message for whoever wrote the program that ran twice. */
export function divergenceText(seed: number, story: DivergenceStory): string {
  const { common, first, second, parting, next } = story;
  return [
    `Seed ${seed} gave two different runs, one after the other.`,
    "Expected  the same seed to give the same run, event for event: only then can a failure be replayed.",
    common === undefined ? "Same      nothing: they differ from the beginning" : `Same      up to ${common}`,
    `Found     first run   ${first}`,
    `          second run  ${second}`,
    `Differs   ${parting}`,
    `Next      ${next}`,
  ].join("\n");
}

function eventWords(course: ToldCourse, event: number): string {
  if (event !== NONE) return recordWords(course, event);
  return `is over by then${course.failure === undefined ? "" : `: ${headlineOf(course)}`}`;
}

function recordWords({ trace, names }: ToldCourse, record: number): string {
  const { time, event, outcome } = lineOf(trace, names, record);
  return `${time}  ${event}   ${outcome}`.trimEnd();
}

function headlineOf({ failure }: ToldCourse): string {
  return failure?.story.headline ?? "it went well";
}

function partingWords(
  first: ToldCourse,
  second: ToldCourse,
  { origin, what }: Divergence,
  server: string,
): string {
  switch (what.kind) {
    case "delay": {
      const [one, other] = what.delays.map((delay) =>
        delay === undefined ? "not at all" : `after ${millisWords(delay)}`,
      );
      return `At ${millisWords(first.trace.timeOf(origin))} ${server} sets its timer “${what.timer}”. It runs out ${one} in the first run, ${other} in the second.`;
    }
    case "order":
      return `${server} does the same things in another order.`;
    case "field": {
      const [one, other] = [valueWords(what.first), valueWords(what.second)];
      return `${placeWords(first, what.of, server)}${fieldWords(what.path)} is ${one} in the first run, ${other} in the second.`;
    }
    case "effects": {
      const [one, other] = what.effects;
      const only = [
        ...(one === undefined ? [] : [`In the first run only, ${server} ${effectWords(first, one)}.`]),
        ...(other === undefined ? [] : [`In the second run only, ${server} ${effectWords(second, other)}.`]),
      ];
      return only.length > 0 ? only.join(" ") : `${server} does the same thing more often in one of them.`;
    }
    case "end":
      return `How they end: “${headlineOf(first)}” and “${headlineOf(second)}”.`;
    case "test":
      return "What the test does, or the network. All that servers did before is the same.";
  }
}

/** "RequestVoteReply to S2: " */
function placeWords({ trace, names }: ToldCourse, record: number, server: string): string {
  switch (trace.kindOf(record)) {
    case KIND.send:
      return `${server}'s ${trace.messageOf(record).type} to ${names[trace.peerOf(record)]}: `;
    case KIND.write:
      return `What ${server} writes to disk: `;
    case KIND.apply:
      return `What ${server} applies: `;
    case KIND.log:
      return `What ${server} logs: `;
    case KIND.complete:
      return `What ${server} completes: `;
    case KIND.propose:
      return `${server}'s answer to the command: `;
    default:
      return `${server}'s status(): `;
  }
}

/** "currentTerm" of "after.currentTerm"; "it" where the value as a whole differs. */
function fieldWords(path: string): string {
  return path.replace(/^(after|answer)\./, "") || "it";
}

function effectWords({ trace, names }: ToldCourse, record: number): string {
  const data = trace.dataOf(record);
  switch (trace.kindOf(record)) {
    case KIND.send:
      return `sends ${(data as SendEffect).message.type} to ${names[trace.peerOf(record)]}`;
    case KIND.setTimer:
      return `sets its timer “${String(data)}”`;
    case KIND.cancelTimer:
      return `cancels its timer “${String(data)}”`;
    case KIND.write:
      return `writes ${keyWords(Object.keys(Object(data)))} to disk`;
    case KIND.apply:
      return "applies an entry";
    case KIND.log:
      return `logs “${String(data)}”`;
    case KIND.complete:
      return "completes its operation";
    default:
      return "changes its status()";
  }
}

function valueWords(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length <= VALUE_MAX ? text : `${text.slice(0, VALUE_MAX - 1)}…`;
}

const OUTSIDE = "a variable outside of the class, or a static field, that changes";
const OWN = "Make it a field of the class, so that each server has its own.";

/** The likely cause: it follows from what differs first. */
function nextWords(trace: Trace, origin: number, what: Difference, server: string): string {
  if (what.kind === "test")
    return "Which choice of the test comes from anything but world.draws? This is no mistake of a server.";
  if (what.kind === "end")
    return `What do the last words depend on that no message, timer or status() shows? Look for ${OUTSIDE}. ${OWN}`;
  if (trace.kindOf(origin) === KIND.start)
    return `${server} has only just started, so it finds what another run has left behind. Look for ${OUTSIDE}. ${OWN}`;
  if (what.kind === "delay")
    return `Which number besides env.random() is in this delay, and is env.random() called equally often in both runs? Look for ${OUTSIDE}. ${OWN}`;
  if (what.kind === "order")
    return `Which collection does ${server} go through here? It must be a field of its own, and what is given to sort() must always answer the same.`;
  if (what.kind === "field" && isCounter(what.first, what.second))
    return `The second run goes on counting where the first one stopped. Look for ${OUTSIDE}. ${OWN}`;
  return `What does ${server} know in one run, and not in the other? Look for ${OUTSIDE}. ${OWN}`;
}

function isCounter(first: unknown, second: unknown): boolean {
  return typeof first === "number" && typeof second === "number" && second > first;
}
