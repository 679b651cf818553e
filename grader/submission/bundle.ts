import path from "node:path";
import { type BuildFailure, type BuildResult, build, type Message, type Plugin, stop } from "esbuild";
import type { ExportedClass, Lab } from "../course/labs";
import { atOnceInTime, inTime, OutOfTime } from "../tools/in-time";
import { ASYNC, countSteps, NestedTooDeeply, remarkWords, STEP } from "./count-steps";
import { type Submission, SubmissionProblem } from "./intake";

/** What a student's files become: one script that is run afresh for every server. */
export interface Bundle {
  /** A script's text, to be run within its {@link wrap}. It counts its steps. */
  readonly code: string;
  /** Maps lines of `code` to the student's files. */
  readonly sourceMap: string;
  /** The name that both have in stack traces. */
  readonly name: string;
}

/** Time that a parser may take over a file: an ordinary one is read in milliseconds. */
const READING_MAX_MS = 10_000;

/** Specifiers by which labs, solutions and variants name the contract. */
const CONTRACT = /^(\.\.\/)+(labs\/)?kit\/contract(\/[\w-]+)?$/;

/** The text of a function of (`require`, `exports`, `module`, `__step`, `__async`) that runs a bundle's code. */
export function wrap(code: string): string {
  return `(function (require, exports, module, ${STEP}, ${ASYNC}) {"use strict";${code}\n})`;
}

/**
 * Bundles a submission. Only its own lab files and the kit's contract can be imported. The code that comes out calls
 * `__step()` in each round of a loop and each call of a function, and awaits `__async()` in async functions.
 * @throws SubmissionProblem with file, line and reason
 */
export async function bundle({ lab, files }: Pick<Submission, "lab" | "files">): Promise<Bundle> {
  const sources = new Map(files.map(({ name, text }) => [name, text]));
  const refusals: SubmissionProblem[] = [];
  const counted = (name: string, text: string): string => {
    try {
      return atOnceInTime(READING_MAX_MS, () => countSteps(text, name));
    } catch (error) {
      const refusal = error instanceof OutOfTime ? new NestedTooDeeply(tooHardWords(name)) : error;
      if (refusal instanceof SubmissionProblem) refusals.push(refusal);
      throw refusal;
    }
  };
  try {
    const { outputFiles } = await buildWith(lab, sources, counted);
    const [map, code] = ["submission.js.map", "submission.js"].map(
      (name) => outputFiles?.find((file) => file.path.endsWith(name))?.text,
    );
    if (code === undefined || map === undefined) throw new Error("esbuild wrote no code.");
    return { code, sourceMap: map, name: "submission.js" };
  } catch (error) {
    if (error instanceof OutOfTime) {
      await stop(); // a new service starts for whoever comes next
      throw new SubmissionProblem(tooHardWords(lab.entry.file));
    }
    if (!isBuildFailure(error)) throw error;
    if (refusals.some((refusal) => refusal instanceof NestedTooDeeply)) throw refusals[0];
    // What esbuild says of the counted text would show calls that the student never wrote: it gets to see the original.
    await buildWith(lab, sources, (_, text) => text).catch(rethrowForStudent);
    throw refusals[0] ?? new SubmissionProblem(error.errors.map(messageWords).join("\n"));
  }
}

function buildWith(
  { entry }: Lab,
  sources: ReadonlyMap<string, string>,
  prepare: (name: string, text: string) => string,
): Promise<BuildResult> {
  const result = build({
    ...(entry.client === undefined
      ? { entryPoints: [entry.file] }
      : { stdin: { contents: exportsOf(entry, entry.client), loader: "ts" as const, resolveDir: "." } }),
    plugins: [allowList(sources, prepare)],
    bundle: true,
    write: false,
    outfile: "submission.js",
    format: "cjs",
    platform: "neutral",
    target: "es2022",
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
    keepNames: false,
  });
  return inTime(READING_MAX_MS, result);
}

/** A module with the classes of several files: which of them are really there is looked at when it is loaded. */
function exportsOf(...classes: readonly ExportedClass[]): string {
  return classes.map(({ file }) => `export * from ${JSON.stringify(`./${file}`)};`).join("\n");
}

function tooHardWords(file: string): string {
  return `${file} takes too long to be read. Which brackets or arrow functions are nested in each other again and again?`;
}

function allowList(
  files: ReadonlyMap<string, string>,
  prepare: (name: string, text: string) => string,
): Plugin {
  return {
    name: "allow-list",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path: specifier, kind, importer }) => {
        // esbuild writes "./" before it where its working folder holds a file of that name.
        if (kind === "entry-point") return { path: path.posix.normalize(specifier), namespace: "student" };
        if (CONTRACT.test(specifier)) return { path: "kit", external: true };
        const name = path.posix.normalize(specifier.replace(/(\.[jt]s)?$/, ".ts"));
        if (files.has(name)) return { path: name, namespace: "student" };
        const others = [...files.keys()].filter((file) => file !== importer);
        const allowed = ["../kit/contract", ...others.map((file) => `./${file.replace(/\.ts$/, "")}`)];
        return {
          errors: [
            { text: `“${specifier}” cannot be imported here. A server uses only ${allowed.join(", ")}.` },
          ],
        };
      });
      onLoad({ filter: /.*/, namespace: "student" }, ({ path: name }) => ({
        contents: prepare(name, files.get(name) ?? ""),
        loader: "ts",
      }));
    },
  };
}

function rethrowForStudent(error: unknown): never {
  if (!isBuildFailure(error)) throw error;
  throw new SubmissionProblem(error.errors.slice(0, 3).map(messageWords).join("\n"));
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray(Reflect.get(error, "errors"));
}

function messageWords({ location, text }: Message): string {
  if (location === null) return text;
  return remarkWords({ ...location, file: location.file.replace(/^student:/, ""), text });
}
