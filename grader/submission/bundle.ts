import path from "node:path";
import { type BuildFailure, build, type Message, type Plugin } from "esbuild";
import { type Submission, SubmissionProblem } from "./intake";

/** What a student's files become: one script that is run afresh for every server. */
export interface Bundle {
  /** The body of a function of (`kit`, `exports`). */
  readonly code: string;
  /** Maps lines of `code` to the student's files. */
  readonly sourceMap: string;
  /** The name that both have in stack traces. */
  readonly name: string;
}

/** Specifiers by which labs, solutions and variants name the contract. */
const CONTRACT = /^(\.\.\/)+(labs\/)?kit\/contract(\/[\w-]+)?$/;

/**
 * Bundles a submission. Only its own lab files and the kit's contract can be imported.
 * @throws SubmissionProblem with file, line and reason
 */
export async function bundle({ lab, files }: Pick<Submission, "lab" | "files">): Promise<Bundle> {
  try {
    const result = await build({
      entryPoints: [lab.entry.file],
      plugins: [allowList(new Map(files.map(({ name, text }) => [name, text])))],
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
    const [map, code] = ["submission.js.map", "submission.js"].map(
      (name) => result.outputFiles.find((file) => file.path.endsWith(name))?.text,
    );
    if (code === undefined || map === undefined) throw new Error("esbuild wrote no code.");
    return { code, sourceMap: map, name: "submission.js" };
  } catch (error) {
    if (isBuildFailure(error))
      throw new SubmissionProblem(error.errors.slice(0, 3).map(messageWords).join("\n"));
    throw error;
  }
}

function allowList(files: ReadonlyMap<string, string>): Plugin {
  return {
    name: "allow-list",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path: specifier, kind, importer }) => {
        if (kind === "entry-point") return { path: specifier, namespace: "student" };
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
        contents: files.get(name) ?? "",
        loader: "ts",
      }));
    },
  };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray(Reflect.get(error, "errors"));
}

/** "raft.ts:57: Expected ";" but found "foo"", with the line itself below. */
function messageWords({ location, text }: Message): string {
  if (location === null) return text;
  const file = location.file.replace(/^student:/, "");
  const marker = " ".repeat(location.column) + "^".repeat(Math.max(1, location.length));
  return `${file}:${location.line}: ${text}\n    ${location.lineText}\n    ${marker}`;
}
