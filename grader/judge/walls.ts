import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { seccompFilter } from "./seccomp";

/** What keeps a cell apart from the machine that it runs on. */
export interface Walls {
  readonly name: "bubblewrap" | "unshare" | "Node's permission model";
  /** What these walls lack, for whoever grades to know; undefined if nothing. */
  readonly reduced: string | undefined;
  /** The command that runs Node on one file within these walls. Its descriptors 3, to read, and 4, to write, are the only way out. */
  command(program: string, nodeFlags: readonly string[]): Command;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** A file to be open as descriptor 5. */
  readonly extra?: string | undefined;
}

/** Limits of one cell. */
export const LIMITS = {
  /** V8's heap. */
  heapMb: 512,
  /** Everything that a process can write to in memory: the heap, buffers, stacks of threads. */
  dataMb: 1_536,
  /** Processor time over a cell's whole life: a backstop behind the judge's own. */
  cpuSeconds: 900,
  openFiles: 64,
} as const;

/** What Node itself keeps from a program, wherever it runs. */
const NODE_FLAGS = [
  `--max-old-space-size=${LIMITS.heapMb}`,
  "--max-semi-space-size=32",
  "--disallow-code-generation-from-strings",
  "--no-warnings",
];

/** Shell words that set the limits and go on as the command that follows them: any POSIX shell understands them. */
const LIMIT_WORDS = [
  `ulimit -t ${LIMITS.cpuSeconds}`,
  "ulimit -c 0",
  "ulimit -f 0",
  `ulimit -n ${LIMITS.openFiles}`,
  `ulimit -d ${LIMITS.dataMb * 1_024}`,
  'exec "$@"',
].join(" && ");

const PROBE_MAX_MS = 20_000;

/** How this machine can wall in a cell, the best first. */
const CANDIDATES: readonly (() => Walls)[] = [bubblewrap, unshare, permissionModel];

let chosen: Promise<Walls> | undefined;
let reduced: string | undefined;

/** What the walls in use lack, once a cell was needed; undefined if nothing. */
export function reducedIsolation(): string | undefined {
  return reduced;
}

/**
 * The best walls that this machine has, each tried with a program that does nothing.
 * @param program the cell's program
 * @throws Error if not even a bare Node starts: the machine cannot grade
 */
export function chooseWalls(program: string): Promise<Walls> {
  chosen ??= firstThatHolds(program);
  return chosen;
}

async function firstThatHolds(program: string): Promise<Walls> {
  const found: string[] = [];
  for (const candidate of CANDIDATES) {
    const walls = candidate();
    const why = await probe(walls, program);
    if (why === undefined) {
      reduced = walls.reduced;
      return walls;
    }
    found.push(`${walls.name}: ${why}`);
  }
  throw new Error(`No cell can be started on this machine.\n${found.join("\n")}`);
}

/** @returns why a cell does not start within these walls; undefined if it does */
function probe(walls: Walls, program: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawnWithin(walls.command(program, ["--check"]), {
      stdio: ["ignore", "ignore", "pipe", "ignore", "ignore"],
      env: {},
      timeout: PROBE_MAX_MS,
      killSignal: "SIGKILL",
    });
    let words = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      words = (words + chunk.toString("utf8")).slice(0, 500);
    });
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) =>
      resolve(code === 0 ? undefined : words.trim() || `it ended with ${code ?? signal}`),
    );
  });
}

/** Starts a command of {@link Walls}. */
export function spawnWithin(
  { file, args, extra }: Command,
  options: SpawnOptions & { readonly stdio: readonly ("ignore" | "pipe" | number)[] },
): ChildProcess {
  const opened = extra === undefined ? "ignore" : openSync(extra, "r");
  try {
    return spawn(file, args, { ...options, stdio: [...options.stdio, opened] });
  } finally {
    if (typeof opened === "number") closeSync(opened);
  }
}

/** Within limits that a shell sets. */
function limited(file: string, args: readonly string[]): Pick<Command, "file" | "args"> {
  return { file: "/bin/sh", args: ["-c", LIMIT_WORDS, "cell", file, ...args] };
}

/** Namespaces of its own, a file system of Node and one file, no system call that makes a process or a socket. */
function bubblewrap(): Walls {
  return {
    name: "bubblewrap",
    reduced: undefined,
    command: (program, nodeFlags) => {
      const filter = filterFile(program);
      const readable = [...sharedLibraries(), process.execPath].flatMap((file) => ["--ro-bind", file, file]);
      const inside = [
        process.execPath,
        ...NODE_FLAGS,
        ...permissionFlags("/cell.js"),
        ...nodeFlags,
        "/cell.js",
      ];
      return {
        ...limited("bwrap", [
          "--unshare-all",
          "--die-with-parent",
          "--new-session",
          "--clearenv",
          ...["--cap-drop", "ALL"],
          ...["--hostname", "cell"],
          ...readable,
          ...["--ro-bind", program, "/cell.js"],
          ...["--remount-ro", "/"],
          ...["--chdir", "/"],
          ...(filter === undefined ? [] : ["--seccomp", "5"]),
          "--",
          ...inside,
        ]),
        extra: filter,
      };
    },
  };
}

/** Namespaces of its own, but the machine's files: Node's permission model keeps the program from them. */
function unshare(): Walls {
  return {
    name: "unshare",
    reduced:
      "bubblewrap does not work here, so that only Node's permission model keeps submissions from reading files. Processes and the network are walled off by unshare.",
    command: (program, nodeFlags) =>
      limited("unshare", [
        ...[
          "--user",
          "--map-root-user",
          "--net",
          "--pid",
          "--ipc",
          "--uts",
          "--mount",
          "--mount-proc",
          "--fork",
        ],
        "--kill-child=SIGKILL",
        process.execPath,
        ...NODE_FLAGS,
        ...permissionFlags(program),
        ...nodeFlags,
        program,
      ]),
  };
}

/** A plain process that Node itself holds back. */
function permissionModel(): Walls {
  return {
    name: "Node's permission model",
    reduced:
      "neither bubblewrap nor unshare works here, so that only Node itself keeps submissions from files, processes and the network. Install bubblewrap, or grade inside a container without network.",
    command: (program, nodeFlags) =>
      limited(process.execPath, [...NODE_FLAGS, ...permissionFlags(program), ...nodeFlags, program]),
  };
}

/** Node's permission model under the name that this Node has for it: one readable file, no processes, no threads. */
function permissionFlags(program: string): string[] {
  const isStable = process.allowedNodeEnvironmentFlags.has("--permission");
  return [isStable ? "--permission" : "--experimental-permission", `--allow-fs-read=${program}`];
}

/** The libraries that Node is linked to, as the system's loader found them. */
function sharedLibraries(): string[] {
  const report = process.report?.getReport() as { readonly sharedObjects?: readonly string[] } | undefined;
  return (report?.sharedObjects ?? []).filter((file) => path.isAbsolute(file) && !file.startsWith("/vdso"));
}

let filter: string | undefined;

/** The filter of system calls as a file beside the cell's program; undefined where there is none for this processor. */
function filterFile(program: string): string | undefined {
  const bytes = seccompFilter(process.arch);
  if (bytes === undefined) return undefined;
  if (filter === undefined) {
    filter = path.join(path.dirname(program), "seccomp.bpf");
    writeFileSync(filter, bytes);
  }
  return filter;
}
