import { basename } from "node:path";
import { studentLine } from "../kit/host/student-line";

/** Why a student's file cannot be tested at all. The reporter shows its message as it is. */
export class LoadProblem extends Error {
  override readonly name = "LoadProblem";

  constructor(
    headline: string,
    about: { readonly expected: string; readonly found: string; readonly next: string },
  ) {
    super(
      [headline, `Expected  ${about.expected}`, `Found     ${about.found}`, `Next      ${about.next}`].join(
        "\n",
      ),
    );
    this.stack = this.message;
  }
}

/** Finds the words for whatever was thrown while a file was being loaded. */
export function explainLoadError(file: string, error: unknown): LoadProblem {
  const message = String(textOf(error, "message"));
  return syntaxProblem(message) ?? missingModule(message, error) ?? thrown(file, error);
}

/** The compiler's message: what is wrong, then `,-[path:line:column]` and the lines around. */
function syntaxProblem(message: string): LoadProblem | undefined {
  const [, what, path, line, frame = ""] =
    /^\s*[x×]\s+(.+?)\s*\n\s*[,╭][-─]\[(.+?):(\d+):\d+\]\n([\s\S]*?)\n\s*[`╰][-─]/.exec(message) ?? [];
  if (what === undefined || path === undefined) return undefined;
  const place = `${basename(path)}:${line}`;
  return new LoadProblem(`${place} cannot be read as TypeScript.`, {
    expected: "a file that the compiler can read to its end",
    found: [what.replace(/\s+/g, " "), ...frame.split("\n")].join(`\n${" ".repeat(8)}`),
    next: "Look at that line and the one above it: a bracket, a comma or a quote is missing or one too many.",
  });
}

function missingModule(message: string, error: unknown): LoadProblem | undefined {
  const [, name, importer] = /Cannot find module '(.+?)' from '(.+?)'/.exec(message) ?? [];
  if (name === undefined || importer === undefined || textOf(error, "code") !== "MODULE_NOT_FOUND")
    return undefined;
  return new LoadProblem(`${basename(importer)} imports a file that is not there.`, {
    expected: `a file “${name}” beside ${basename(importer)}, or a path of the kit such as "../kit/contract"`,
    found: "no such file",
    next: `Look at the imports at the top of ${basename(importer)}. Was a file moved, or its name misspelt?`,
  });
}

function thrown(file: string, error: unknown): LoadProblem {
  const place = studentLine(error) ?? file;
  return new LoadProblem(`${place} throws an error while the file is being loaded.`, {
    expected: "a file that only defines things: the work is done in the server's methods",
    found: `${String(textOf(error, "name") ?? "Error")}: ${String(textOf(error, "message") ?? error)}`,
    next: `Read ${place}: what does it use that is not there yet?`,
  });
}

/** A field of something thrown in another realm, where `instanceof Error` says no. */
function textOf(error: unknown, field: string): unknown {
  return typeof error === "object" && error !== null ? Reflect.get(error, field) : undefined;
}
