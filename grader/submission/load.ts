import { SourceMap } from "node:module";
import { Script } from "node:vm";
import { type AnyMessage, LocalHost } from "../../labs/kit";
import { NotImplemented, type Server, TIMING } from "../../labs/kit/contract";
import type { Lab } from "../course/labs";
import type { Bundle } from "./bundle";
import { SubmissionProblem } from "./intake";

/** What `import … from "../kit/contract"` gives a student at run time: the rest of it is types. */
const KIT = Object.freeze({ NotImplemented, TIMING });

type Evaluate = (kit: (name: string) => unknown, exports: Record<string, unknown>, module: object) => void;

/** A submission that is ready to run. */
export interface Loaded {
  /** A host whose servers share nothing: each one, and each restart, gets a fresh copy of the student's modules. */
  readonly makeHost: () => LocalHost;
}

/**
 * Prepares a bundle for running in this process.
 * @throws SubmissionProblem if it does not export what the lab asks for, or throws while it is loaded
 */
export function load({ code, sourceMap, name }: Bundle, lab: Lab): Loaded {
  const script = new Script(`(function (require, exports, module) {"use strict";${code}\n})`, {
    filename: name,
  });
  mapStacks(name, sourceMap);
  const evaluate = script.runInThisContext() as Evaluate;

  const classOf = (): unknown => {
    const module = { exports: {} as Record<string, unknown> };
    evaluate(() => KIT, module.exports, module);
    return module.exports[lab.entry.exports];
  };
  checkExport(classOf, lab);
  return {
    makeHost: () =>
      new LocalHost(
        (env, machine) => Reflect.construct(classOf() as never, [env, machine]) as Server<AnyMessage>,
      ),
  };
}

function checkExport(classOf: () => unknown, { entry }: Lab): void {
  let found: unknown;
  try {
    found = classOf();
  } catch (error) {
    const line = error instanceof Error ? /(\w+\.ts:\d+)/.exec(error.stack ?? "")?.[1] : undefined;
    throw new SubmissionProblem(
      `${line ?? entry.file}: loading the file throws ${String(error)}. Code outside of the class runs before any server starts.`,
    );
  }
  if (typeof found === "function") return;
  const what = found === undefined ? "no such export" : `a ${typeof found}`;
  throw new SubmissionProblem(
    `Expected ${entry.file} to export the class ${entry.exports}; found ${what}. Write: export class ${entry.exports} implements Server<RaftMessage> { … }`,
  );
}

const maps = new Map<string, SourceMap>();

/** Makes stack traces speak of the student's own lines. */
function mapStacks(name: string, json: string): void {
  maps.set(name, new SourceMap(JSON.parse(json)));
  const before = Error.prepareStackTrace;
  if (before === prepare) return;
  previous = before;
  Error.prepareStackTrace = prepare;
}

let previous: typeof Error.prepareStackTrace;

function prepare(error: Error, sites: NodeJS.CallSite[]): unknown {
  if (!sites.some((site) => maps.has(site.getFileName() ?? ""))) {
    return previous
      ? previous(error, sites)
      : [String(error), ...sites.map((site) => `    at ${site}`)].join("\n");
  }
  return [String(error), ...sites.map((site) => `    at ${siteWords(site)}`)].join("\n");
}

function siteWords(site: NodeJS.CallSite): string {
  const map = maps.get(site.getFileName() ?? "");
  const entry = map?.findEntry((site.getLineNumber() ?? 1) - 1, (site.getColumnNumber() ?? 1) - 1);
  if (entry === undefined || !("originalSource" in entry)) return String(site);
  const file = entry.originalSource.replace(/^.*student:/, "");
  return `${site.getFunctionName() ?? "(anonymous)"} (${file}:${entry.originalLine + 1}:${entry.originalColumn + 1})`;
}
