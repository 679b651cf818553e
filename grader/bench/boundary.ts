import type { Host } from "../../labs/kit";
import { referenceOf } from "../catalogue/catalogue";
import type { Lab } from "../course/labs";
import { CellProcess } from "../judge/cell-process";
import { judge } from "../judge/judging";
import { inThisProcess, runSuite } from "../labgrader/runner";
import { type Bundle, bundle, wrap } from "../submission/bundle";
import { lineMapOf } from "../submission/line-map";
import { load } from "../submission/load";
import { suiteOf } from "../suites";
import { FRAME_HEADER_BYTES } from "../wire/format";
import { Reader } from "../wire/reader";
import { median } from "./median";

const BASE_SEED = 1;

/** What a lab's whole suite costs with the reference's servers in a cell, beside the same in one process. */
export interface BoundaryFigures {
  /** What happens to servers in one run of the suite: starts, messages, timers. */
  readonly stimuli: number;
  /** From the first event to the last, and the start of the cell. */
  readonly inCell: { readonly wallMs: number; readonly perSecond: number };
  readonly inProcess: { readonly wallMs: number; readonly perSecond: number };
  /** Time in the cell in times of that in one process, in pairs: a noisy machine hits both. */
  readonly ratio: number;
  /** From nothing to a cell that has loaded the program. */
  readonly startUpMs: number;
  /** Frames to the cell, and bytes there and back, headers and all. */
  readonly crossings: number;
  readonly bytes: number;
}

/**
 * Runs the suite in turn here and there.
 * @param rounds pairs that count, after one that warms up
 */
export async function throughBoundary(lab: Lab, rounds: number): Promise<BoundaryFigures> {
  const submission = referenceOf(lab);
  const program = await bundle(submission);
  const { makeHost } = load(program, lab);
  const stimuli = await countStimuli(lab, makeHost);
  const wire = watchWire();
  const here: number[] = [];
  const there: number[] = [];
  const ratios: number[] = [];
  const startUps: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const startUpMs = await startUp(lab, program);
    const inProcessMs = await timed(async () => {
      await runSuite(suiteOf(lab), { ...inThisProcess(makeHost), baseSeed: BASE_SEED });
    });
    wire.reset();
    const inCellMs = await timed(async () => {
      const graded = await judge(submission, { baseSeed: BASE_SEED });
      if (graded.kind !== "graded") throw new Error(graded.text);
    });
    if (round === 0) continue;
    here.push(inProcessMs);
    there.push(inCellMs);
    ratios.push(inCellMs / inProcessMs);
    startUps.push(startUpMs);
  }
  const figures = (times: readonly number[]) => ({
    wallMs: median(times),
    perSecond: (stimuli / median(times)) * 1_000,
  });
  return {
    stimuli,
    inCell: figures(there),
    inProcess: figures(here),
    ratio: median(ratios),
    startUpMs: median(startUps),
    crossings: wire.crossings,
    bytes: wire.bytes,
  };
}

async function countStimuli(lab: Lab, makeHost: () => Host): Promise<number> {
  let stimuli = 0;
  const counting = (): Host => {
    const inner = makeHost();
    return {
      react(stimulus) {
        stimuli += 1;
        return inner.react(stimulus);
      },
      lateTrouble: () => inner.lateTrouble(),
    };
  };
  await runSuite(suiteOf(lab), { ...inThisProcess(counting), baseSeed: BASE_SEED });
  return stimuli;
}

async function startUp({ entry }: Lab, { code, name, sourceMap }: Bundle): Promise<number> {
  const order = { code: wrap(code), name, lines: lineMapOf(sourceMap), entry };
  return timed(async () => {
    const cell = await CellProcess.load(order);
    if (typeof cell === "string") throw new Error(cell);
    cell.kill();
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

interface WireCounts {
  /** Frames to cells. */
  crossings: number;
  /** Bytes both ways. */
  bytes: number;
  reset(): void;
}

/** Counts what goes to the cells of this process and comes from them, from now on. */
function watchWire(): WireCounts {
  const counts: WireCounts = {
    crossings: 0,
    bytes: 0,
    reset() {
      this.crossings = 0;
      this.bytes = 0;
    },
  };
  const { send } = CellProcess.prototype;
  CellProcess.prototype.send = function (this: CellProcess) {
    counts.crossings += 1;
    counts.bytes += FRAME_HEADER_BYTES + this.writer.length;
    send.call(this);
  };
  const { open } = Reader.prototype;
  Reader.prototype.open = function (this: Reader, bytes: Uint8Array) {
    counts.bytes += FRAME_HEADER_BYTES + bytes.length;
    open.call(this, bytes);
  };
  return counts;
}
