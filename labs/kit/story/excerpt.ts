import type { NodeId } from "../contract";
import type { Invocation, Proposal } from "../trace/requests";
import { KIND, MICROS_PER_MILLI, NONE, type Trace } from "../trace/trace";
import { outcomeWords } from "./outcome";
import { commandWords, messageWords, millisWords, operationWords } from "./words";

/** One line of a story. */
export interface StoryLine {
  /** When, in words: "310 ms". */
  readonly time: string;
  /** What came: "S1 → S2  RequestVote term 4". */
  readonly event: string;
  /** What the server did: "S2 grants S1 its vote". */
  readonly outcome: string;
  /** True for the first wrong step. */
  readonly isWrong: boolean;
}

/** Lines that a story may have. */
const LINES_MAX = 12;

/** What a story is made of: trace records. */
export interface Material {
  /** Records that show what happened. Their causes are told too. */
  readonly evidence: readonly number[];
  /** Records that may explain it. Told as they are, without their causes. */
  readonly context?: readonly number[];
  /** The first wrong step. */
  readonly wrong?: number | undefined;
}

/** The few events that matter: evidence and context, then causes of the evidence, nearest first, until the story is full. */
export function excerpt(
  trace: Trace,
  ids: readonly NodeId[],
  { evidence, context = [], wrong }: Material,
): StoryLine[] {
  const chosen = new Set<number>();
  for (const record of evidence) add(chosen, storyRecord(trace, record));
  let frontier = [...chosen];
  for (const record of context) add(chosen, storyRecord(trace, record));
  while (frontier.length > 0 && chosen.size < LINES_MAX) {
    const causes = frontier
      .map((record) => causeOf(trace, record))
      .filter((cause) => cause !== NONE && !chosen.has(cause));
    for (const cause of causes) if (chosen.size < LINES_MAX) add(chosen, cause);
    frontier = causes;
  }
  const wrongRecord = wrong === undefined ? NONE : storyRecord(trace, wrong);
  const records = [...chosen].sort((a, b) => a - b);
  const lines = foldFaults(trace, records).map(({ record, folded }) =>
    folded === 0 ? lineOf(trace, ids, record, record === wrongRecord) : foldedLine(trace, record, folded),
  );
  return withoutRepeats(lines).slice(-LINES_MAX);
}

/** Of so many faults in a row all are told; of more, the last ones. */
const FAULTS_TOLD = 3;

/** A record to tell, or `folded` faults of which it is the first. */
interface Told {
  readonly record: number;
  readonly folded: number;
}

/** Rows of faults with nothing in between, as in tests with bad luck of every kind, would leave no room for what matters. */
function foldFaults(trace: Trace, records: readonly number[]): Told[] {
  const told: Told[] = [];
  let row: number[] = [];
  const unfold = (): void => {
    const folded = row.length > FAULTS_TOLD ? row.splice(0, row.length - FAULTS_TOLD + 1) : [];
    if (folded.length > 0) told.push({ record: folded[0], folded: folded.length });
    for (const record of row) told.push({ record, folded: 0 });
    row = [];
  };
  for (const record of records) {
    if (trace.kindOf(record) === KIND.fault) {
      row.push(record);
      continue;
    }
    unfold();
    told.push({ record, folded: 0 });
  }
  unfold();
  return told;
}

function foldedLine(trace: Trace, record: number, folded: number): StoryLine {
  const time = millisWords(trace.microsOf(record) / MICROS_PER_MILLI);
  return { time, event: `— ${folded} faults and repairs, one after the other`, outcome: "", isWrong: false };
}

/** Lines that say the same again and again become one, with how often it happened. */
function withoutRepeats(lines: readonly StoryLine[]): StoryLine[] {
  const kept: { line: StoryLine; times: number }[] = [];
  for (const line of lines) {
    const last = kept.at(-1);
    if (
      last &&
      last.line.event === line.event &&
      last.line.outcome === line.outcome &&
      !line.isWrong &&
      !last.line.isWrong
    )
      last.times += 1;
    else kept.push({ line, times: 1 });
  }
  return kept.map(({ line, times }) =>
    times === 1 ? line : { ...line, event: `${line.event} (×${times})` },
  );
}

/** One record as a line of a story. */
export function lineOf(trace: Trace, ids: readonly NodeId[], record: number, isWrong = false): StoryLine {
  const time = millisWords(trace.microsOf(record) / MICROS_PER_MILLI);
  return {
    time,
    event: eventWords(trace, ids, record),
    outcome: trace.isHandler(record) ? outcomeWords(trace, record, ids) : "",
    isWrong,
  };
}

function add(chosen: Set<number>, record: number): void {
  if (record !== NONE) chosen.add(record);
}

/** The record that stands for `record` in a story: the handler in which it happened, or itself. */
function storyRecord(trace: Trace, record: number): number {
  const handler = trace.handlerOf(record);
  return handler === NONE ? record : handler;
}

/** The handler (or test step) that sent what was delivered, or that set the timer that ran out. */
function causeOf(trace: Trace, record: number): number {
  if (trace.kindOf(record) !== KIND.deliver) return NONE;
  const send = trace.causeOf(record);
  return send === NONE ? NONE : trace.handlerOf(send);
}

function eventWords(trace: Trace, ids: readonly NodeId[], record: number): string {
  const self = ids[trace.nodeOf(record)] ?? "";
  const peer = ids[trace.peerOf(record)] ?? "";
  switch (trace.kindOf(record)) {
    case KIND.deliver:
      return `${peer} → ${self}  ${messageWords(trace.messageOf(record))}`;
    case KIND.drop:
      return `${peer} ⇢ ${self}  ${messageWords(trace.messageOf(record))} does not arrive: ${String(trace.dataOf(record))}`;
    case KIND.send:
      return `${self} → ${peer}  ${messageWords(trace.messageOf(record))}`;
    case KIND.timer:
      return `${self}  timer “${trace.timerOf(record)}” runs out`;
    case KIND.start:
      return `${self}  starts`;
    case KIND.propose:
      return `${self}  is given the command ${commandWords((trace.dataOf(record) as Proposal).command)}`;
    case KIND.invoke:
      return `${self}  wants ${operationWords((trace.dataOf(record) as Invocation).operation)}`;
    case KIND.fault:
      return `— ${String(trace.dataOf(record))}`;
    case KIND.step:
      return `· ${String(trace.dataOf(record))}`;
    default:
      return self;
  }
}
