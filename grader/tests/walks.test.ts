import test from "tape";
import {
  type Driver,
  type Host,
  type KvOperation,
  type LocalHost,
  type WalkOptions,
  World,
  walkRandomly,
} from "../../labs/kit";
import { mutantsOf, referenceOf, variantsOf } from "../catalogue/catalogue";
import { LABS, type Lab, labByNumber } from "../course/labs";
import { CellProcess } from "../judge/cell-process";
import { Crossing } from "../judge/crossing";
import { bundle, wrap } from "../submission/bundle";
import type { Submission } from "../submission/intake";
import { lineMapOf } from "../submission/line-map";
import { load } from "../submission/load";

const cas = (expected: string | null, value: string): KvOperation => ({
  kind: "cas",
  key: "k",
  expected,
  value,
});
const append = (value: string): KvOperation => ({ kind: "append", key: "l", value });

const WITHOUT_DISK = { stops: 1, duplicates: 5, drops: 5 };
const WITH_DISK = { reboots: 4, duplicates: 5, drops: 5 };
const COMMANDS = ["a", "b", "c", "d"];
const OPERATIONS = [
  [cas(null, "0"), cas("0", "1"), append("a"), cas("1", "2")],
  [append("b"), cas("1", "2"), cas(null, "0"), append("c")],
];

/** What is done in walks of each lab. */
const TASKS: Readonly<Record<string, WalkOptions>> = {
  "1": { walks: 30, steps: 80, budget: WITHOUT_DISK },
  "2": { walks: 30, steps: 120, budget: WITHOUT_DISK, commands: COMMANDS },
  "3": { walks: 30, steps: 120, budget: WITH_DISK, commands: COMMANDS },
  "4": { walks: 30, steps: 150, budget: WITH_DISK, operations: OPERATIONS },
};

/** Two designs of each lab that do in another order, or at another time, what the reference does. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  "1": ["pre-vote", "check-quorum"],
  "2": ["pipelining", "late-apply"],
  "3": ["send-first", "buffered"],
  "4": ["lease", "batches"],
};

async function walk(
  lab: Lab,
  place: { readonly host: Host; readonly driver?: Driver },
  options: Partial<WalkOptions> & { readonly servers?: number; readonly seed?: number } = {},
): Promise<World> {
  const { servers = 3, seed = 1, ...others } = options;
  const world = new World({ seed, servers, clients: lab.entry.client === undefined ? 0 : 2, ...place });
  await walkRandomly(world, { ...TASKS[lab.number], ...others }).catch((error: unknown) => {
    if (world.failure === undefined) throw error;
  });
  return world;
}

async function hostOf(submission: Submission): Promise<LocalHost> {
  return load(await bundle(submission), submission.lab).makeHost();
}

for (const lab of LABS)
  test(`lab ${lab.number}: walks find nothing in correct programs`, async (t) => {
    const variants = variantsOf(lab).filter(({ name }) => VARIANTS[lab.number].includes(name));
    t.equal(variants.length, 2);
    for (const { name, submission } of [{ name: "reference", submission: referenceOf(lab) }, ...variants])
      for (const servers of [3, 4]) {
        const { failure } = await walk(lab, { host: await hostOf(submission) }, { servers });
        t.equal(failure?.story.headline, undefined, `${name}, ${servers} servers`);
      }
  });

function mutant(lab: Lab, wanted: string): Submission {
  const found = mutantsOf(lab).find(({ id }) => id === wanted);
  if (found === undefined) throw new Error(`There is no mutant ${wanted}.`);
  return found.submission;
}

const FOUND: readonly (readonly [lab: string, id: string, headline: RegExp])[] = [
  ["1", "O12", /One vote per term/],
  ["2", "L01", /Figure 8/],
  ["3", "P21", /Promises outlive a restart|Leader Completeness/],
  ["4", "K18b", /Linearizability/],
];
for (const [number, id, headline] of FOUND)
  test(`mutant ${number}/${id} is found by walks`, async (t) => {
    const lab = labByNumber(number);
    const { failure } = await walk(lab, { host: await hostOf(mutant(lab, id)) }, { walks: 100 });
    t.match(failure?.story.headline ?? "nothing found", headline);
  });

test("walks through a cell are the same as in one process, for a program that fails and for one that does not", async (t) => {
  const lab = labByNumber("3");
  for (const submission of [mutant(lab, "P21"), referenceOf(lab)]) {
    const { code, name, sourceMap } = await bundle(submission);
    const order = { code: wrap(code), name, lines: lineMapOf(sourceMap), entry: lab.entry };
    const cell = await CellProcess.load(order);
    if (typeof cell === "string") throw new Error(cell);
    const crossing = new Crossing(cell, 5_000, false);
    try {
      const there = await walk(lab, { host: crossing.makeHost(), driver: crossing.drive });
      const here = await walk(lab, { host: await hostOf(submission) });
      t.equal(
        there.failure?.story.headline,
        here.failure?.story.headline,
        String(here.failure?.story.headline),
      );
      t.equal(there.stage.traceHash, here.stage.traceHash);
    } finally {
      crossing.close();
    }
  }
});
