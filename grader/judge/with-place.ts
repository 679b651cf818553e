import type { Place } from "../labgrader/run";
import { bundle, wrap } from "../submission/bundle";
import type { Submission } from "../submission/intake";
import { lineMapOf } from "../submission/line-map";
import { SubmissionProblem } from "../submission/problem";
import { placeIn } from "./at-place";
import { CellProcess } from "./cell-process";
import { Crossing } from "./crossing";

/** How long a cell may work on one batch. */
const SILENCE_MAX_MS = 5_000;

/**
 * Does something with a submission's servers in a cell of their own.
 * @throws SubmissionProblem if the submission cannot be loaded
 * @throws CellLost if its program ends the cell, or hangs
 */
export async function withPlace<T>(submission: Submission, use: (place: Place) => Promise<T>): Promise<T> {
  const { code, name, sourceMap } = await bundle(submission);
  const order = { code: wrap(code), name, lines: lineMapOf(sourceMap), entry: submission.lab.entry };
  const loaded = await CellProcess.load(order);
  if (typeof loaded === "string") throw new SubmissionProblem(loaded);
  const crossing = new Crossing(loaded, SILENCE_MAX_MS, false);
  try {
    return await use(placeIn(crossing));
  } finally {
    crossing.close();
  }
}
