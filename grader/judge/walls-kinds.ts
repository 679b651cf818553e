import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { seccompFilter } from "./seccomp";
import { type Limits, limited } from "./walls-limits";
import { countsByNamespace, dyingWithParent, whereIs } from "./walls-tools";

/** What keeps a cell apart from the machine that it runs on. */
export interface Walls {
  readonly name: "bubblewrap" | "unshare" | "Node's permission model";
  /** What these walls lack, for whoever grades to know; undefined if nothing. */
  readonly reduced: string | undefined;
  /**
   * The command that runs Node on one file within these walls. Its descriptors 3, to read, and 4, to write, are the
   * only way out.
   * @param program in a folder that {@link furnish} has seen
   */
  command(program: string, nodeFlags: readonly string[]): Command;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** A file to be open as descriptor 5. */
  readonly extra?: string | undefined;
  /** Who is to run it, if not the user that grades: number of a user and of a group. */
  readonly user?: number | undefined;
}

/** What the walls are made with. */
export interface WallOptions {
  readonly limits: Limits;
  /** Whether Node's permission model is there too; without, the outer walls stand alone. */
  readonly isHeldByNode: boolean;
  /** Whether the cell is to run as nobody instead of root. */
  readonly isNobody: boolean;
}

/** A user who owns nothing. */
export const NOBODY = 65_534;

/** Files that walls need beside a cell's program. */
const FILTER = "seccomp.bpf";
const NEW_ROOT = "root";

/** Puts beside a cell's program what walls need there. Whoever the cell runs as can read it, and nobody write. */
export function furnish(folder: string): void {
  const filter = seccompFilter(process.arch);
  if (filter !== undefined) writeFileSync(path.join(folder, FILTER), filter, { mode: 0o444 });
  mkdirSync(path.join(folder, NEW_ROOT));
  for (const place of [folder, path.join(folder, NEW_ROOT)]) chmodSync(place, 0o755);
}

/** Namespaces of its own, a file system of Node and one file, no system call that makes a process or a socket. */
export function bubblewrap({ limits, isHeldByNode }: WallOptions): Walls {
  const isFiltered = seccompFilter(process.arch) !== undefined;
  return {
    name: "bubblewrap",
    reduced: isFiltered
      ? undefined
      : `there is no filter of system calls for this processor (${process.arch}): only Node itself keeps submissions from starting processes inside their walls.`,
    command: (program, nodeFlags) => ({
      ...limited(
        [
          whereIs("bwrap"),
          "--unshare-all",
          "--die-with-parent",
          "--new-session",
          "--clearenv",
          ...["--cap-drop", "ALL"],
          ...["--hostname", "cell"],
          ...visibleFiles(program).flatMap(([file, name]) => ["--ro-bind", file, name]),
          ...["--remount-ro", "/"],
          ...["--chdir", "/"],
          ...(isFiltered ? ["--seccomp", "5"] : []),
          "--",
          ...nodeOn(INSIDE, nodeFlags, limits, isHeldByNode),
        ],
        limits,
      ),
      extra: isFiltered ? path.join(path.dirname(program), FILTER) : undefined,
    }),
  };
}

/** Namespaces and a file system of its own, as util-linux makes them. */
export function unshare({ limits, isHeldByNode, isNobody }: WallOptions): Walls {
  return {
    name: "unshare",
    reduced:
      "bubblewrap does not work here. Submissions are walled off from files, other processes and the network by unshare, but their system calls are not filtered: only Node itself keeps them from starting processes inside their walls. Install bubblewrap.",
    command: (program, nodeFlags) => ({
      ...limited(
        [
          ...dyingWithParent(),
          whereIs("unshare"),
          ...["--user", "--map-root-user", "--net", "--pid", "--ipc", "--uts", "--mount"],
          ...["--fork", "--kill-child=SIGKILL"],
          ...["/bin/sh", "-c", readFileSync(path.join(__dirname, "walls-unshare.sh"), "utf8"), "cell"],
          process.env.PATH ?? "",
          countsByNamespace() ? `${limits.processes}` : "unlimited",
          path.join(path.dirname(program), NEW_ROOT),
          ...visibleFiles(program).flat(),
          "--",
          ...nodeOn(INSIDE, nodeFlags, limits, isHeldByNode),
        ],
        limits,
      ),
      user: isNobody ? NOBODY : undefined,
    }),
  };
}

/** A plain process that Node itself holds back. */
export function permissionModel({ limits, isHeldByNode, isNobody }: WallOptions): Walls {
  return {
    name: "Node's permission model",
    reduced:
      "neither bubblewrap nor unshare works here. Only Node itself keeps submissions from files and from starting processes; only the grader's own code around them keeps them from the network and from ending your other processes. Install bubblewrap, or grade inside a container without network.",
    command: (program, nodeFlags) => ({
      ...limited([...dyingWithParent(), ...nodeOn(program, nodeFlags, limits, isHeldByNode)], limits),
      user: isNobody ? NOBODY : undefined,
    }),
  };
}

/** The program's name where it sees a file system of its own. */
const INSIDE = "/cell.js";

function nodeOn(
  program: string,
  flags: readonly string[],
  { heapMb }: Limits,
  isHeldByNode: boolean,
): string[] {
  return [
    process.execPath,
    `--max-old-space-size=${heapMb}`,
    "--max-semi-space-size=32",
    "--disallow-code-generation-from-strings",
    "--no-warnings",
    ...(isHeldByNode ? permissionFlags(program) : []),
    ...flags,
    program,
  ];
}

/** Node's permission model under the name that this Node has for it: one readable file, no processes, no threads. */
function permissionFlags(program: string): string[] {
  const isStable = process.allowedNodeEnvironmentFlags.has("--permission");
  return [isStable ? "--permission" : "--experimental-permission", `--allow-fs-read=${program}`];
}

/** All files of a cell's own file system, each with its name in there: Node, its libraries, the program. */
function visibleFiles(program: string): [string, string][] {
  return [
    ...[...sharedLibraries(), process.execPath].map((file): [string, string] => [file, file]),
    [program, INSIDE],
  ];
}

let libraries: readonly string[] | undefined;

/** The libraries that Node is linked to, as the system's loader found them; no add-on that this process has loaded. */
function sharedLibraries(): readonly string[] {
  if (libraries !== undefined) return libraries;
  const report = process.report?.getReport() as { readonly sharedObjects?: readonly string[] } | undefined;
  libraries = (report?.sharedObjects ?? []).filter(
    (file) => path.isAbsolute(file) && !file.endsWith(".node"),
  );
  return libraries;
}
