import { Command } from "commander";
import {
  type KvOperation,
  type StrategyMaker,
  uniform,
  type WalkOptions,
  World,
  walkRandomly,
} from "../../labs/kit";
import { type Mutant, mutantsOf } from "../catalogue/catalogue";
import { readyOwn } from "../catalogue/check";
import { LABS, type Lab, labByNumber } from "../course/labs";
import { bundle } from "../submission/bundle";
import { load } from "../submission/load";
import { suiteOf } from "../suites";
import { EXIT, exitAsUsual, list, positiveNumber, progress, runMain } from "../tools/command-line";
import { median, quantile } from "./median";
import { novelty } from "./walks/novelty";
import { pct } from "./walks/pct";

const STRATEGIES: Readonly<Record<string, StrategyMaker>> = { uniform, pct, novelty };
/** The tests of each suite that walk randomly too, but in time. */
const SWARM = "Any mix of faults";
/** One after the other: some bugs need an even cluster, or one in which two are no majority. */
const SIZES = [3, 5, 4];

interface Options {
  readonly lab: readonly string[];
  readonly strategies: readonly string[];
  readonly walks: number;
  readonly steps: number;
  readonly rounds: number;
  readonly only?: readonly string[];
}

/** How one strategy fared on one mutant. */
interface Tried {
  /** Walks up to the first that failed, round by round; undefined: none failed. */
  readonly walks: readonly (number | undefined)[];
  readonly cpuMs: number;
}

/** Which way of walking randomly finds most, soonest? */
async function main(): Promise<number> {
  const program = new Command("strategies")
    .description(
      "Walks randomly through what can happen to each mutant, by each strategy, and runs the swarm tests of its suite beside: who finds it, after how many walks or seeds, at what cost?",
    )
    .option(
      "--lab <numbers>",
      "which labs: 1 or 2,3",
      list,
      LABS.map(({ number }) => number),
    )
    .option("--strategies <names>", Object.keys(STRATEGIES).join(","), list, Object.keys(STRATEGIES))
    .option("--walks <count>", "walks of a round", positiveNumber, 60)
    .option("--steps <count>", "moves of a walk", positiveNumber, 120)
    .option("--rounds <count>", "rounds on a mutant, each with a seed of its own", positiveNumber, 3)
    .option("--only <ids...>", "only these mutants: 2/L01")
    .showHelpAfterError();
  exitAsUsual(program).parse();
  const options = program.opts<Options>();
  const unknown = options.strategies.filter((name) => STRATEGIES[name] === undefined);
  if (unknown.length > 0) throw new RangeError(`There is no strategy ${unknown.join(", ")}.`);
  const all = [...new Set(options.lab)].flatMap((number) => mutantsOf(labByNumber(number)));
  const unknownIds = (options.only ?? []).filter((id) => !all.some((mutant) => idOf(mutant) === id));
  if (unknownIds.length > 0)
    throw new RangeError(
      `There is no mutant ${unknownIds.join(", ")} in lab ${options.lab.join(", ")}. An id has its lab before it: 2/L01.`,
    );
  const mutants = all.filter((mutant) => options.only?.includes(idOf(mutant)) ?? true);
  const names = [...options.strategies, "swarm"];
  const table = new Map(names.map((name): [string, Tried[]] => [name, []]));
  console.log(`${" ".repeat(8)}${names.map((name) => name.padEnd(COLUMN)).join("")}`);
  for (const mutant of mutants) {
    progress(idOf(mutant));
    const row = await walk(mutant, options);
    progress("");
    // Most others break no safety: a walk knows no time.
    if (!row.some(isCaught)) continue;
    row.push(await swarm(mutant, options));
    for (const [i, name] of names.entries()) table.get(name)?.push(row[i]);
    console.log(`${idOf(mutant).padEnd(8)}${row.map(cell).join("")}${mutant.bug}`);
  }
  console.log(`\nOf ${mutants.length} mutants, those that some walk has found:`);
  for (const [name, tried] of table) console.log(summary(name, tried, table.get(names[0]) ?? []));
  return EXIT.passed;
}

const COLUMN = 14;

function idOf({ id, submission }: Mutant): string {
  return `${submission.lab.number}/${id}`;
}

function isCaught({ walks }: Tried): boolean {
  return walks.some((count) => count !== undefined);
}

function cell({ walks }: Tried): string {
  return walks
    .map((count) => count ?? "–")
    .join(" ")
    .padEnd(COLUMN);
}

/** Mutants caught in any round and in all of them, walks until then, and CPU time. */
function summary(name: string, tried: readonly Tried[], first: readonly Tried[]): string {
  const ever = tried.filter(isCaught);
  const always = tried.filter(({ walks }) => walks.every((count) => count !== undefined));
  const alone = tried.filter((one, i) => isCaught(one) && !isCaught(first[i]));
  const counts = ever.flatMap(({ walks }) => walks.filter((count) => count !== undefined));
  const cpuMs = tried.reduce((total, one) => total + one.cpuMs, 0);
  const share = (part: number): string => (counts.length === 0 ? "–" : String(quantile(counts, part)));
  return [
    `\n${name}: ${ever.length} of ${tried.length} mutants, ${always.length} in every round, ${alone.length} that the first one did not`,
    `  until detection: median ${counts.length === 0 ? "–" : median(counts)}, nine in ten within ${share(0.9)}, worst ${share(1)}`,
    `  CPU: ${(cpuMs / 1_000).toFixed(1)} s`,
  ].join("\n");
}

async function walk(mutant: Mutant, options: Options): Promise<Tried[]> {
  const { lab } = mutant.submission;
  const { makeHost } = load(await bundle(mutant.submission), lab);
  const tried: Tried[] = [];
  for (const name of options.strategies) {
    const counts: (number | undefined)[] = [];
    const since = cpuMs();
    for (let round = 0; round < options.rounds; round++) {
      const world = new World({
        seed: round + 1,
        servers: SIZES[round % SIZES.length],
        clients: lab.entry.client === undefined ? 0 : 2,
        host: makeHost(),
      });
      counts.push(await firstFailure(world, lab, { ...options, strategy: STRATEGIES[name] }));
    }
    tried.push({ walks: counts, cpuMs: cpuMs() - since });
  }
  return tried;
}

/** @returns how many walks it took */
async function firstFailure(
  world: World,
  lab: Lab,
  options: { readonly walks: number; readonly steps: number; readonly strategy: StrategyMaker },
): Promise<number | undefined> {
  let begun = 0;
  const { strategy } = options;
  const counted: StrategyMaker = (setup) => {
    const inner = strategy(setup);
    return {
      generation: inner.generation,
      plan: (number) => {
        begun = number + 1;
        return inner.plan(number);
      },
      learn: inner.learn && ((number, moves) => inner.learn?.(number, moves)),
    };
  };
  try {
    await walkRandomly(world, { ...options, ...tasksOf(lab), strategy: counted, atOnce: 1 });
    return undefined;
  } catch (error) {
    if (world.failure === undefined) throw error;
    return begun;
  }
}

/** What there is to do in a walk, and what may go wrong. */
function tasksOf(lab: Lab): Pick<WalkOptions, "budget" | "commands" | "operations"> {
  const cas = (expected: string | null, value: string): KvOperation => ({
    kind: "cas",
    key: "k",
    expected,
    value,
  });
  const faults = { duplicates: 3, drops: 3 };
  const budget = hasDisk(lab) ? { ...faults, reboots: 3 } : { ...faults, stops: 1 };
  if (lab.number === "1") return { budget };
  if (lab.entry.client === undefined) return { budget, commands: ["a", "b", "c", "d"] };
  const first = [cas(null, "0"), cas("0", "1"), cas("1", "2"), cas("2", "3")];
  const second: KvOperation[] = [
    cas(null, "0"),
    { kind: "append", key: "l", value: "x" },
    { kind: "cas", key: "l", expected: "x", value: "y" },
    cas("1", "2"),
  ];
  return { budget, operations: [first, second] };
}

function hasDisk(lab: Lab): boolean {
  return LABS.indexOf(lab) >= 2;
}

/** The timed swarm test of the suite, on as many fresh base seeds. */
async function swarm({ submission }: Mutant, { rounds, walks }: Options): Promise<Tried> {
  const test = suiteOf(submission.lab).tests.find(({ title }) => title.startsWith(SWARM));
  if (test === undefined) throw new RangeError(`Lab ${submission.lab.number} has no test “${SWARM} …”.`);
  const run = await readyOwn(submission);
  const counts: (number | undefined)[] = [];
  const since = cpuMs();
  for (let round = 0; round < rounds; round++) {
    const { tests } = await run({ baseSeed: round + 1, seeds: walks, select: (other) => other === test });
    counts.push(tests[0].state === "failed" ? tests[0].seedsRun : undefined);
  }
  return { walks: counts, cpuMs: cpuMs() - since };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

runMain(main);
