import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import {
  bubblewrap,
  type Command,
  permissionModel,
  unshare,
  type WallOptions,
  type Walls,
} from "./walls-kinds";
import { LIMITS } from "./walls-limits";

const PROBE_MAX_MS = 20_000;

/** How this machine can wall in a cell, the best first. As nobody where that is possible: root is told less often no. */
function* candidates(): Generator<() => Walls> {
  const options: WallOptions = { limits: LIMITS, isHeldByNode: true, isNobody: false };
  const users = process.getuid?.() === 0 ? [{ ...options, isNobody: true }, options] : [options];
  yield () => bubblewrap(options);
  for (const kind of [unshare, permissionModel]) for (const user of users) yield () => kind(user);
}

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
  chosen ??= firstThatHolds(program).catch((error: unknown) => {
    chosen = undefined;
    throw error;
  });
  return chosen;
}

async function firstThatHolds(program: string): Promise<Walls> {
  const found: string[] = [];
  for (const candidate of candidates()) {
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
export function probe(walls: Walls, program: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = start(walls, program);
    if (typeof child === "string") {
      resolve(child);
      return;
    }
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

function start(walls: Walls, program: string): ChildProcess | string {
  try {
    return spawnWithin(walls.command(program, ["--check"]), {
      stdio: ["ignore", "ignore", "pipe", "ignore", "ignore"],
      timeout: PROBE_MAX_MS,
      killSignal: "SIGKILL",
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Starts a command of {@link Walls}, without any environment and in a group of its own. */
export function spawnWithin(
  { file, args, extra, user }: Command,
  options: SpawnOptions & { readonly stdio: readonly ("ignore" | "pipe" | number)[] },
): ChildProcess {
  const opened = extra === undefined ? "ignore" : openSync(extra, "r");
  try {
    return spawn(file, args, {
      ...options,
      ...(user === undefined ? {} : { uid: user, gid: user }),
      stdio: [...options.stdio, opened],
      cwd: "/",
      env: {},
      detached: true,
    });
  } finally {
    if (typeof opened === "number") closeSync(opened);
  }
}
