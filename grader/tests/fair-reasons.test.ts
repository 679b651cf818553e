import test from "tape";
import {
  FAULTS_WITH_DISK,
  FAULTS_WITHOUT_DISK,
  type Host,
  type Proposal,
  planSwarm,
  playSwarm,
  type Question,
  Workload,
  World,
} from "../../labs/kit";
import { answer } from "../../labs/kit/story/why/answer";
import { RunView } from "../../labs/kit/story/why/run-view";
import { referenceOf, variantsOf } from "../catalogue/catalogue";
import { LABS, type Lab } from "../course/labs";
import { bundle } from "../submission/bundle";
import { load } from "../submission/load";

/** How long everything goes wrong, and how long it is quiet then. */
const TROUBLE = 8_000;
const QUIET = 6_000;

/** What could be asked of a world now, whether or not anything is missing. */
function questions(world: World, given: readonly Proposal[]): Question[] {
  const { ids, clients } = world;
  const among = ids;
  const asked: Question[] = [{ kind: "no-leader", among, since: 0 }];
  for (const client of clients) if (world.isBusy(client)) asked.push({ kind: "not-answered", client });
  for (const { answer: entry } of given.slice(-4))
    if (entry) asked.push({ kind: "not-applied", entry, among });
  return asked;
}

/** Rules that a correct program is said to have broken, in the middle of trouble. */
async function blamesIn(lab: Lab, makeHost: () => Host, seed: number): Promise<string[]> {
  const servers = [3, 5, 2, 4, 1][seed % 5];
  const world = new World({ seed, servers, clients: lab.number === "4" ? 2 : 0, host: makeHost() });
  const blames: string[] = [];
  const given: Proposal[] = [];
  const ask = (): void => {
    const view = new RunView(world.simulation);
    for (const question of questions(world, given)) {
      const found = answer(view, question);
      if (found?.wrong !== undefined) blames.push(`seed ${seed}, ${world.now} ms: ${found.reason}`);
    }
  };
  const propose = (): void => {
    for (const id of world.leaders()) given.push(world.submit(id, `command ${given.length}`));
    world.after(400, propose);
  };
  if (lab.number === "2" || lab.number === "3") world.after(500, propose);
  if (lab.number === "4")
    new Workload(world, {
      next: (client, n) => ({ kind: "append", key: "x", value: `${client}.${n};` }),
      each: 20,
      rest: [0, 200],
    });
  for (const at of [2_000, 4_000, 6_000, 7_500]) world.after(at, ask);
  const faults = Number(lab.number) >= 3 ? FAULTS_WITH_DISK : FAULTS_WITHOUT_DISK;
  await playSwarm(world, planSwarm(seed, world.ids, TROUBLE, faults), TROUBLE);
  await world.runFor(QUIET);
  ask();
  return blames;
}

for (const lab of LABS)
  test(`lab ${lab.number}: no correct program is told that it broke a rule, whatever it is asked in the middle of trouble`, async (t) => {
    const programs = [{ name: "reference", submission: referenceOf(lab) }, ...variantsOf(lab)];
    for (const [i, { name, submission }] of programs.entries()) {
      const { makeHost } = load(await bundle(submission), lab);
      const blames = [];
      for (const seed of [i + 1, i + 101]) blames.push(...(await blamesIn(lab, makeHost, seed)));
      t.deepEqual(blames, [], name);
    }
  });
