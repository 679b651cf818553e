import { Script } from "node:vm";
import { installGuards } from "../../labs/kit/host/guards";
import type { LocalHost } from "../../labs/kit/host/local-host";
import { setLineMap } from "../../labs/kit/host/student-line";
import type { Lab } from "../course/labs";
import { type Bundle, wrap } from "./bundle";
import { SubmissionProblem } from "./intake";
import { lineMapOf } from "./line-map";
import { type Evaluate, Program } from "./program";

/** A submission that is ready to run. */
export interface Loaded {
  readonly makeHost: () => LocalHost;
}

/**
 * Prepares a bundle for running in this process: for programs that are trusted.
 * @throws SubmissionProblem if it does not export what the lab asks for, or throws while it is loaded
 */
export function load({ code, sourceMap, name }: Bundle, { entry }: Lab): Loaded {
  installGuards();
  setLineMap(name, lineMapOf(sourceMap));
  const program = new Program(compile(code, name, entry.file), entry);
  const problem = program.problem();
  if (problem !== undefined) throw new SubmissionProblem(problem);
  return { makeHost: () => program.makeHost() };
}

function compile(code: string, name: string, file: string): Evaluate {
  try {
    return new Script(wrap(code), { filename: name }).runInThisContext() as Evaluate;
  } catch (error) {
    throw new SubmissionProblem(`${file} cannot be read by JavaScript: ${String(error)}.`);
  }
}
