import { NotImplemented, type Server, TIMING } from "../../labs/kit/contract";
import { LocalHost } from "../../labs/kit/host/local-host";
import type { AnyMessage, Trouble } from "../../labs/kit/host/reaction";
import { enterHandler, leaveHandler, refuseAsync, step } from "../../labs/kit/host/steps";
import { troubleOf } from "../../labs/kit/host/trouble";

/** What `import … from "../kit/contract"` gives a student at run time: the rest of it is types. */
export const KIT = Object.freeze({ NotImplemented, TIMING });

/** A bundle within its wrap, as a function: runs the student's modules afresh. */
export type Evaluate = (
  require: (name: string) => unknown,
  exports: object,
  module: { readonly exports: unknown },
  step: () => void,
  refuseAsync: () => unknown,
) => void;

/** The file that exports the student's class, and the class. */
export interface Entry {
  readonly file: string;
  readonly exports: string;
}

/** A student's program, ready to run in the realm that this code is in. It knows no Node: cells use it too. */
export class Program {
  constructor(
    private readonly evaluate: Evaluate,
    private readonly entry: Entry,
  ) {}

  /** Why it cannot be run, for its author; undefined if it can. */
  problem(): string | undefined {
    const { file, exports } = this.entry;
    const loaded = this.loadOnce();
    if ("trouble" in loaded) {
      const { trouble } = loaded;
      const line = trouble.kind === "not-written" ? undefined : trouble.line;
      return `${line ?? file}: ${troubleWords(trouble)} Code outside of the class runs before any server starts.`;
    }
    const { found } = loaded;
    if (typeof found === "function") return undefined;
    const what = found === undefined ? "no such export" : `a ${typeof found}`;
    return `Expected ${file} to export the class ${exports}; found ${what}. Write: export class ${exports} implements Server<RaftMessage> { … }`;
  }

  /** A host whose servers share nothing: each one, and each restart, gets a fresh copy of the student's modules. */
  makeHost(): LocalHost {
    return new LocalHost((env, machine) => {
      const made: unknown = Reflect.construct(this.load() as never, [env, machine]);
      return made as Server<AnyMessage>;
    });
  }

  private load(): unknown {
    const module: { exports: unknown } = { exports: {} };
    this.evaluate(() => KIT, module.exports as object, module, step, refuseAsync);
    const { exports } = module;
    return typeof exports === "object" && exports !== null
      ? Reflect.get(exports, this.entry.exports)
      : undefined;
  }

  /** What the file exports. It is loaded as a handler would be: with a limit, and nothing of what a server has no use for. */
  private loadOnce(): { readonly found: unknown } | { readonly trouble: Trouble } {
    const { file } = this.entry;
    let found: unknown;
    let trouble: Trouble | undefined;
    enterHandler(file);
    try {
      found = this.load();
    } catch (error) {
      trouble = troubleOf(error, file);
    } finally {
      trouble = leaveHandler()?.trouble ?? trouble;
    }
    return trouble === undefined ? { found } : { trouble };
  }
}

function troubleWords(trouble: Trouble): string {
  switch (trouble.kind) {
    case "not-written":
      return `loading the file comes to task ${trouble.task}, which is not written yet.`;
    case "threw":
      return `loading the file throws ${trouble.error}.`;
    case "contract":
      return `while the file is loaded there is ${trouble.found}. ${trouble.next}`;
  }
}
