import { storyText } from "../../labs/kit";
import type { Lab } from "../course/labs";
import type { TestResult } from "../labgrader/result";
import { mendedCommand, shownDiagram } from "./diagrams";

/**
 * The same result with the command by which a student sees the run again, in place of the instructor's, and with the
 * diagram's name as the student can type it.
 * @param folder where the files are, if it was typed
 */
export function withCommand(result: TestResult, lab: Lab, folder: string | undefined): TestResult {
  const { failure, number, state } = result;
  if (state !== "failed" || failure?.seed === undefined) return result;
  const place = folder === undefined ? "" : `${JSON.stringify(folder)} `;
  const replay = `npm run check -- ${place}--only ${number} --seed ${failure.seed} --trace`;
  const diagram = failure.diagram === undefined ? undefined : shownDiagram(lab, failure.diagram);
  const mended = failure.story === undefined ? undefined : mendedCommand(lab, number, folder);
  const text =
    failure.story === undefined
      ? `${failure.text}\nReplay  ${replay}` // a handler that hung, or ended the program, leaves no story
      : storyText(failure.story, { replay, diagram, mended });
  return { ...result, failure: { ...failure, text, replay, diagram, mended } };
}
