import { type Client, NotImplemented, type Server, TIMING } from "../../labs/kit/contract";
import { LocalHost } from "../../labs/kit/host/local-host";
import type { AnyMessage, Trouble } from "../../labs/kit/host/reaction";
import { enterHandler, leaveHandler, refuseAsync, step } from "../../labs/kit/host/steps";
import { troubleOf } from "../../labs/kit/host/trouble";
import type { Entry, ExportedClass } from "../course/labs";

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

/** A student's program, ready to run in the realm that this code is in. It knows no Node: cells use it too. */
export class Program {
  constructor(
    private readonly evaluate: Evaluate,
    private readonly entry: Entry,
  ) {}

  /** Why it cannot be run, for its author; undefined if it can. */
  problem(): string | undefined {
    const { file, client } = this.entry;
    const loaded = this.loadOnce();
    if ("trouble" in loaded) {
      const { trouble } = loaded;
      const line = trouble.kind === "not-written" ? undefined : trouble.line;
      return `${line ?? file}: ${troubleWords(trouble)} Code outside of the class runs before any server starts.`;
    }
    const { exports } = loaded;
    return missing(exports, this.entry, "Server") ?? (client && missing(exports, client, "Client"));
  }

  /** A host whose servers share nothing: each one, and each restart, gets a fresh copy of the student's modules. */
  makeHost(): LocalHost {
    const { entry } = this;
    const make = ({ exports }: ExportedClass, ...args: unknown[]): unknown =>
      Reflect.construct(Reflect.get(this.load(), exports) as never, args);
    return new LocalHost({
      server: (env, machine) => make(entry, env, machine) as Server<AnyMessage>,
      client: entry.client && ((env) => make(entry.client as ExportedClass, env) as Client<AnyMessage>),
    });
  }

  private load(): object {
    const module: { exports: unknown } = { exports: {} };
    this.evaluate(() => KIT, module.exports as object, module, step, refuseAsync);
    const { exports } = module;
    return typeof exports === "object" && exports !== null ? exports : {};
  }

  /** What the files export. They are loaded as a handler would run: with a limit, and nothing of what a server has no use for. */
  private loadOnce(): { readonly exports: object } | { readonly trouble: Trouble } {
    const { file } = this.entry;
    let exports: object = {};
    let trouble: Trouble | undefined;
    enterHandler(file);
    try {
      exports = this.load();
    } catch (error) {
      trouble = troubleOf(error, file);
    } finally {
      trouble = leaveHandler()?.trouble ?? trouble;
    }
    return trouble === undefined ? { exports } : { trouble };
  }
}

/** Why a class is not there; undefined if it is. */
function missing(
  loaded: object,
  { file, exports }: ExportedClass,
  implemented: "Server" | "Client",
): string | undefined {
  const found: unknown = Reflect.get(loaded, exports);
  if (typeof found === "function") return undefined;
  const what = found === undefined ? "no such export" : `a ${typeof found}`;
  const message = file === "raft.ts" ? "RaftMessage" : "KvMessage";
  return `Expected ${file} to export the class ${exports}; found ${what}. Write: export class ${exports} implements ${implemented}<${message}> { … }`;
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
