import type { NodeId } from "../contract";
import type { FailureKind } from "../story/failure";
import { DataReader, RunFileProblem } from "./data-reader";
import { type Move, nodeOf } from "./move";
import { readMove } from "./read-move";

/** What a run file begins with. */
export const RUN_FILE_FORMAT = "raft-step-by-step run";
export const RUN_FILE_VERSION = 1;

/** A run file is no longer: nobody has to read what is larger. */
export const RUN_FILE_BYTES_MAX = 4_000_000;
const MOVES_MAX = 20_000;
const NODES_MAX = 100;
const KINDS: readonly FailureKind[] = [
  "violation",
  "expectation",
  "contract",
  "threw",
  "budget",
  "not-written",
];

/** A run that failed, as plain data: enough to play it again on another day's code, and to say what is different then. */
export interface RunFile {
  readonly format: typeof RUN_FILE_FORMAT;
  readonly version: typeof RUN_FILE_VERSION;
  /** The lab's folder: "1-election". */
  readonly lab: string;
  /** Whose test it is: one of the lab's own, or one of those that are graded. */
  readonly suite: "practice" | "graded";
  /** "1.3  A server votes once per term". */
  readonly test: string;
  readonly seed: number;
  readonly servers: number;
  readonly clients: number;
  readonly play: Play;
  /** What happened, event by event. Of a long run, its beginning. */
  readonly course: readonly RunEvent[];
  /** A fingerprint of the student's files. */
  readonly code: string;
  readonly result: RunResult;
}

/** An event of a run, and what its server did about it. */
export interface RunEvent {
  /** Eight hexadecimal digits over all of it but the time. */
  readonly digest: string;
  readonly words: string;
  /** What words leave out: messages, writes and all else in full, one after the other; of much, the beginning. */
  readonly data: string;
}

/** How the run is played. */
export type Play =
  /** Move by move, whatever the test does. */
  | { readonly kind: "schedule"; readonly isExact: boolean; readonly moves: readonly Move[] }
  /** By the test itself, which leaves out some parts of the run. */
  | { readonly kind: "test"; readonly without: readonly string[] };

/** What came of the run. */
export interface RunResult {
  readonly kind: FailureKind;
  readonly property?: string | undefined;
  readonly headline: string;
  /** Events until then. */
  readonly events: number;
  readonly traceHash: string;
}

/**
 * Reads a run file, as it was written by whomever.
 * @throws RunFileProblem that says what was expected and what was found, and where
 */
export function readRunFile(text: string): RunFile {
  if (text.length > RUN_FILE_BYTES_MAX)
    throw new RunFileProblem({
      where: "the file",
      expected: `at most ${RUN_FILE_BYTES_MAX.toLocaleString("en")} characters`,
      found: text.length.toLocaleString("en"),
    });
  const file = new DataReader(parsed(text), "");
  file.field("format").oneOf([RUN_FILE_FORMAT]);
  const version = file.field("version").whole(1);
  if (version !== RUN_FILE_VERSION)
    throw new RunFileProblem({
      where: "version",
      expected: `${RUN_FILE_VERSION}`,
      found: `${version}`,
      next: "It was written by another release of the course. Run the test again to get a new file.",
    });
  const servers = file.field("servers").whole(1, NODES_MAX);
  const clients = file.field("clients").whole(0, NODES_MAX);
  const names = [...namesUpTo(servers, "S"), ...namesUpTo(clients, "C")];
  return {
    format: RUN_FILE_FORMAT,
    version,
    lab: file.field("lab").text(),
    suite: file.field("suite").oneOf(["practice", "graded"]),
    test: file.field("test").text(),
    seed: file.field("seed").whole(Number.MIN_SAFE_INTEGER),
    servers,
    clients,
    play: readPlay(file.field("play"), names),
    course: file.field("course").list(MOVES_MAX).map(readEvent),
    code: file.field("code").text(),
    result: readResult(file.field("result")),
  };
}

function readPlay(play: DataReader, names: readonly NodeId[]): Play {
  const kind = play.field("kind").oneOf(["schedule", "test"]);
  if (kind === "test")
    return {
      kind,
      without: play
        .field("without")
        .list(MOVES_MAX)
        .map((item) => item.text()),
    };
  const moves = play.field("moves").list(MOVES_MAX);
  return {
    kind,
    isExact: play.field("isExact").yesOrNo(),
    moves: moves.map((move) => checked(readMove(move, names), move)),
  };
}

/** A client has no commands, and a server no operations. */
function checked(move: Move, where: DataReader): Move {
  const isClient = nodeOf(move).startsWith("C");
  if (move.kind === "invoke" ? isClient : move.kind !== "propose" || !isClient) return move;
  throw where.field("node").problem(move.kind === "invoke" ? "a client" : "a server");
}

function readEvent(event: DataReader): RunEvent {
  return {
    digest: event.field("digest").text(),
    words: event.field("words").text(),
    data: event.field("data").text(),
  };
}

function readResult(result: DataReader): RunResult {
  return {
    kind: result.field("kind").oneOf(KINDS),
    property: result.field("property").optional((property) => property.text()),
    headline: result.field("headline").text(),
    events: result.field("events").whole(0),
    traceHash: result.field("traceHash").text(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RunFileProblem({
      where: "the file",
      expected: "JSON, as a failed test writes it",
      found: error instanceof Error ? error.message : String(error),
    });
  }
}

function namesUpTo(count: number, letter: "S" | "C"): NodeId[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
}
