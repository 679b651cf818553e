import { spawnSync } from "node:child_process";
import path from "node:path";
import { LocalHost, type NetworkName, World } from "../../labs/kit";
import { Raft } from "../../solutions/1-election/raft";
import { referenceOf } from "../catalogue/catalogue";
import { gradeOwn } from "../catalogue/check";
import { LABS, ROOT } from "../course/labs";
import { bareLoop } from "./bare-loop";
import { throughBoundary } from "./boundary";
import { median, quantile } from "./median";
import { measureSearch } from "./search";

const ROUNDS = 101;
const WARM_UP_ROUNDS = 20;
const BOUNDARY_ROUNDS = 5;
const IDS = ["S1", "S2", "S3", "S4", "S5"];
/** A long test: most last for 5 to 30 s of virtual time. */
const IDLE_VIRTUAL_MS = 60_000;
const LOADED_VIRTUAL_MS = 60_000;

interface Measured {
  readonly events: number;
  readonly messages: number;
  readonly virtualMs: number;
  readonly wallMs: number;
}

/** A cluster of five for a while. Under load its network loses, doubles and delays, and its leader is cut off again and again. */
async function cluster(network: NetworkName, virtualMs: number, isLoaded: boolean): Promise<Measured> {
  const world = new World({
    seed: 1,
    servers: 5,
    network,
    host: LocalHost.of(Raft),
    eventsMax: Number.POSITIVE_INFINITY,
  });
  const startedAt = performance.now();
  while (world.now < virtualMs) {
    await world.runFor(isLoaded ? 1_000 : virtualMs);
    if (!isLoaded) continue;
    const [leader = "S1"] = world.leaders();
    world.faults.isolate(leader);
    await world.runFor(1_000);
    world.faults.rejoin(leader);
  }
  return {
    events: world.simulation.events,
    messages: world.counts.messages(),
    virtualMs,
    wallMs: performance.now() - startedAt,
  };
}

/** Events per second of the world and, right after it, of the bare loop with as many messages: pairs, so that a noisy machine hits both. */
async function besideBareLoop(title: string, run: () => Promise<Measured>): Promise<void> {
  const rates: number[] = [];
  const ratios: number[] = [];
  const speedUps: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const world = await run();
    const startedAt = performance.now();
    const bare = bareLoop((env) => new Raft(env), IDS, world.messages);
    const bareRate = bare.events / (performance.now() - startedAt);
    const rate = world.events / world.wallMs;
    if (round < WARM_UP_ROUNDS) continue;
    rates.push(rate * 1_000);
    ratios.push(rate / bareRate);
    speedUps.push(world.virtualMs / world.wallMs);
  }
  print(
    title,
    `${millions(median(rates))} M events/s`,
    `${median(ratios).toFixed(2)} of the bare loop (half of the pairs: ${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)})`,
  );
  print("", `${Math.round(median(speedUps)).toLocaleString("en")} s of virtual time a second`, "");
}

async function hiddenSuite(): Promise<void> {
  for (const lab of LABS) {
    const startedAt = performance.now();
    const { tests } = await gradeOwn(referenceOf(lab), { baseSeed: 1 });
    const runs = tests.reduce((total, test) => total + test.seedsRun, 0);
    print(
      `hidden suite, lab ${lab.number}`,
      seconds(performance.now() - startedAt),
      `${runs} runs on one core, in process; mark 10 s`,
    );
  }
}

/** The same suite with its servers in a cell, as a grading has it. */
async function boundary(): Promise<void> {
  for (const lab of LABS) {
    const { stimuli, inCell, inProcess, ratio, startUpMs, crossings, bytes } = await throughBoundary(
      lab,
      BOUNDARY_ROUNDS,
    );
    const thousands = (perSecond: number): string => `${Math.round(perSecond / 1_000)},000 student events/s`;
    print(
      `through a cell, lab ${lab.number}`,
      thousands(inCell.perSecond),
      `${stimuli.toLocaleString("en")} events in ${seconds(inCell.wallMs)}, start of the cell included; mark 100,000`,
    );
    print(
      "",
      `${ratio.toFixed(2)} × the time in one process`,
      `${seconds(inProcess.wallMs)}, ${thousands(inProcess.perSecond)}; mark 3`,
    );
    print(
      "",
      `${(bytes / stimuli).toFixed(0)} bytes an event`,
      `${crossings.toLocaleString("en")} crossings, ${(stimuli / crossings).toFixed(1)} events each`,
    );
    print("", `${Math.round(startUpMs)} ms until a cell is ready`, "the program loaded");
  }
}

/** `npm test` in a lab, as a student types it: on an empty cache, and then again. */
function publicTests(): void {
  for (const lab of LABS) {
    const cwd = path.join(ROOT, "labs", lab.folder);
    for (const [what, args] of [
      ["cold", ["--", "--no-cache"]],
      ["warm", []],
    ] as const) {
      const startedAt = performance.now();
      spawnSync("npm", ["test", ...args], { cwd, stdio: "ignore", shell: process.platform === "win32" });
      print(
        `npm test, lab ${lab.number}, ${what}`,
        seconds(performance.now() - startedAt),
        "untouched skeleton; mark 3 s",
      );
    }
  }
}

/** A search through three elections of three servers, on one thread. */
async function search(): Promise<void> {
  const { unwatched, transitions, tenth, watched, bare, ratio, bytesPerState } = await measureSearch();
  const thousands = (perSecond: number): string => `${Math.round(perSecond / 1_000)},000`;
  print(
    "search",
    `${thousands(unwatched)} new states/s`,
    `${thousands(transitions)} steps/s; DSLabs: 4,300 to 5,500 and about 100,000`,
  );
  print("", `${ratio.toFixed(1)} × copying and hashing each`, `${thousands(bare)} states/s`);
  print(
    "",
    `${thousands(tenth)} states/s watched`,
    `by all oracles on the way to one in ten; to each: ${thousands(watched)}`,
  );
  print("", `${Math.round(bytesPerState)} bytes a state`, "DSLabs: 2,500");
}

function print(what: string, figure: string, beside: string): void {
  console.log(`${what.padEnd(28)} ${figure.padEnd(32)} ${beside}`.trimEnd());
}

function millions(perSecond: number): string {
  return (perSecond / 1e6).toFixed(2);
}

function seconds(millis: number): string {
  return `${(millis / 1000).toFixed(1)} s`;
}

async function main(): Promise<void> {
  console.log(`Node ${process.version}. Medians of ${ROUNDS} pairs, trace and oracles on, five servers.\n`);
  await besideBareLoop("idle", () => cluster("lan", IDLE_VIRTUAL_MS, false));
  await besideBareLoop("under load", () => cluster("stormy", LOADED_VIRTUAL_MS, true));
  await search();
  await hiddenSuite();
  await boundary();
  publicTests();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
