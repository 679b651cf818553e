import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { looksLikeArchive } from "../submission/source-tree/file-type";
import { type Contents, contentsAt } from "./contents";

/** Time in which a process has to say what an archive holds: there are limits to what it reads. */
const LOOK_MAX_MS = 60_000;

const NODE_FLAGS = ["--max-old-space-size=1024", "-r", "ts-node/register"];

/** What the process answers. */
export interface Looked {
  readonly contents: Contents | undefined;
}

/**
 * Looks into submissions to see which labs they hold. An archive was made by a stranger, so a process of its own reads
 * it, as judges do: should that die of one, nobody else's grade dies with it.
 */
export class Looker {
  private child: ChildProcess | undefined;

  /** @returns undefined if the submission cannot be looked into */
  look(place: string): Promise<Contents | undefined> {
    return looksLikeArchive(place) ? this.lookElsewhere(place) : contentsAt(place);
  }

  close(): void {
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }

  private lookElsewhere(place: string): Promise<Contents | undefined> {
    this.child ??= this.start();
    const { child } = this;
    return new Promise((resolve) => {
      const end = (contents: Contents | undefined): void => {
        clearTimeout(timer);
        child.off("message", onAnswer).off("exit", lose);
        resolve(contents);
      };
      const onAnswer = ({ contents }: Looked): void => end(contents);
      const lose = (): void => {
        this.close();
        end(undefined);
      };
      const timer = setTimeout(lose, LOOK_MAX_MS);
      child.on("message", onAnswer).on("exit", lose);
      child.send(place, (error) => error && lose());
    });
  }

  private start(): ChildProcess {
    const child = fork(path.join(__dirname, "looker-process.ts"), { execArgv: NODE_FLAGS });
    child.on("error", () => this.close()); // Sending to it will fail, too.
    return child;
  }
}
