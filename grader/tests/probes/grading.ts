import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LABS, ROOT } from "../../course/labs";
import type { ClassResult } from "../../grade/class-result";
import { NOBODY } from "../../judge/walls-kinds";

/** No grading of these tests takes longer. */
const GRADING_MAX_MS = 300_000;

/** On what kind of machine a command is run. */
export interface Machine {
  /** Tools that are not as they should be: what to do instead, as shell words. */
  readonly tools?: Readonly<Record<string, string>>;
  /** The folder for temporary files, if not a good one. */
  readonly temporary?: string;
  readonly isNobody?: boolean;
  /** A command to run all within. */
  readonly within?: readonly string[];
}

/** How a command came to its end. */
export interface Graded {
  readonly code: number | null;
  readonly output: string;
  /** What `grade` wrote; undefined if nothing. */
  readonly result: ClassResult | undefined;
  /** Temporary files that it left. */
  readonly left: readonly string[];
  /** Names of what tools left beside themselves. */
  readonly marks: readonly string[];
}

/** A tool that is broken. */
export const BROKEN = "echo broken >&2; exit 1";
export const NO_BUBBLEWRAP = { bwrap: BROKEN };
export const NO_NAMESPACES = { ...NO_BUBBLEWRAP, unshare: BROKEN };
/** No walls at all: the tool that every cell is started with works when it is tried with `true`, and never again. */
export const NO_CELL = { ...NO_NAMESPACES, setpriv: 'for last; do :; done; [ "$last" = true ]' };

/** A command of the grader in a process of its own, on a machine that may lack something. */
export class Command {
  readonly ended: Promise<Graded>;
  private readonly child: ChildProcess;
  private readonly folder = mkdtempSync(path.join(tmpdir(), "raft-infrastructure-"));

  private constructor(script: string, args: readonly string[], machine: Machine) {
    for (const name of ["temporary", "out", "tools"]) mkdirSync(this.at(name));
    for (const name of ["", "temporary", "out", "tools"]) chmodSync(this.at(name), 0o1777);
    for (const [tool, words] of Object.entries(machine.tools ?? {}))
      writeFileSync(this.at("tools", tool), `#!/bin/sh\n${words}\n`, { mode: 0o755 });
    const node = [process.execPath, "-r", "ts-node/register", path.join(ROOT, "grader", script), ...args];
    const [file, ...rest] = [...(machine.within ?? []), ...node].map((word) =>
      word.replace("{out}", this.at("out")).replace("{temporary}", this.at("temporary")),
    );
    this.child = spawn(file, rest, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NO_COLOR: "1",
        PATH: `${this.at("tools")}:${process.env.PATH}`,
        TMPDIR: machine.temporary ?? this.at("temporary"),
      },
      timeout: GRADING_MAX_MS,
      killSignal: "SIGKILL",
      ...(machine.isNobody ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    this.ended = this.end();
  }

  /** `npm run grade` on some copies of the solution, named a, b, …, one after the other. */
  static grade(students: number, machine: Machine = {}, seeds = 1): Command {
    const names = Array.from({ length: students }, (_, i) => String.fromCharCode(97 + i));
    return new Command(
      "grade/cli.ts",
      [
        "--lab",
        LABS[0].number,
        "--seeds",
        String(seeds),
        "--jobs",
        "1",
        "--out",
        "{out}",
        ...names.map(copyOfSolution),
      ],
      machine,
    );
  }

  /** `npm run check` on the solution. */
  static check(machine: Machine = {}, seeds = 1): Command {
    return new Command("check/cli.ts", [copyOfSolution("a"), "--seeds", String(seeds)], machine);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private at(...names: readonly string[]): string {
    return path.join(this.folder, ...names);
  }

  private end(): Promise<Graded> {
    let output = "";
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    return new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (code) => {
        const json = this.at("out", `lab-${LABS[0].number}.json`);
        const result = existsSync(json) ? JSON.parse(readFileSync(json, "utf8")) : undefined;
        const left = readdirSync(this.at("temporary")).filter((name) => name.startsWith("raft-"));
        const marks = readdirSync(this.at("tools"));
        rmSync(this.folder, { recursive: true, force: true });
        resolve({ code, output, result, left, marks });
      });
    });
  }
}

const copies = mkdtempSync(path.join(tmpdir(), "raft-copies-"));
chmodSync(copies, 0o755);
process.on("exit", () => rmSync(copies, { recursive: true, force: true }));

function copyOfSolution(name: string): string {
  const copy = path.join(copies, name);
  if (!existsSync(copy)) cpSync(path.join(ROOT, "solutions", LABS[0].folder), copy, { recursive: true });
  return copy;
}
