import {
  agree,
  type Conditions,
  FAULTS_WITH_DISK,
  type NodeId,
  planSwarm,
  playSwarm,
  TIMING,
  type World,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { proposeToLeaders, recover } from "../clusters";
import { Proposers } from "../proposers";
import { RESTARTING } from "../rules";

/** Two thirds of all answers come late, by seconds: a request and its answer both have to be in time. */
const LATE_ANSWERS: Conditions = {
  delay: [0, 26],
  loss: 0.1,
  duplication: 0,
  tail: { chance: 0.42, delay: [200, 2_200] },
};

/** Whoever writes all of the log at each change may do so, in a test with hundreds of commands too. */
const BYTES_MAX = 100_000_000;

/** After the last fault: one more command is agreed by all, and nothing is lost that a client saw committed. */
async function mustRecover(world: World, proposers?: Proposers): Promise<void> {
  proposers?.stop();
  await recover(world);
  await agree(world, "the last command");
  proposers?.mustHaveLostNothing();
}

describe("Clusters in trouble", () => {
  it("3.4l Leaders stop at the worst moments: Figure 8, a thousand times", {
    points: 3,
    needs: RESTARTING,
    seeds: 50,
    servers: 5,
  }, async (world) => {
    const { draws, faults } = world;
    for (let iteration = 1; iteration <= 20; iteration++) {
      await world.runWhile(() => world.leaders().length === 0, TIMING.electionTimeoutMax);
      proposeToLeaders(world, `command ${iteration}`);
      await world.runFor(draws.chance(0.1) ? draws.int(0, 500) : draws.int(0, 13));
      faults.stop(...world.leaders());
      while (world.runningIds.length < 3) {
        faults.restart(draws.pick(world.ids.filter((id) => world.isStopped(id))));
        await world.runFor(0);
      }
    }
    await mustRecover(world);
  });

  it("3.4m Servers agree on hundreds of commands though messages are lost and late", {
    points: 2,
    needs: RESTARTING,
    seeds: 3,
    servers: 5,
    bytesMax: BYTES_MAX,
    network: "unreliable",
  }, async (world) => {
    for (let round = 1; round < 50; round++) {
      for (let client = 1; client < 5; client++) proposeToLeaders(world, `round ${round}, ${client}`);
      await agree(world, `round ${round}, 5`);
    }
  });

  it("3.4n Figure 8, with two thirds of the answers late by seconds", {
    points: 2,
    needs: RESTARTING,
    seeds: 20,
    servers: 5,
    bytesMax: BYTES_MAX,
  }, async (world) => {
    const { draws, faults } = world;
    faults.network(LATE_ANSWERS);
    const proposers = new Proposers(world);
    const away = new Set<NodeId>();
    for (let iteration = 1; iteration <= 20; iteration++) {
      await world.runWhile(() => world.leaders().length === 0, TIMING.electionTimeoutMax);
      await world.runFor(draws.chance(0.3) ? draws.int(0, 500) : draws.int(0, 30));
      const leader = world.leaders().at(-1);
      if (leader !== undefined && draws.chance(0.7)) {
        if (draws.chance(0.5)) faults.stop(leader);
        else faults.isolate(leader);
        away.add(leader);
      }
      if (away.size > 2) {
        const id = draws.pick([...away]);
        faults.rejoin(id);
        if (world.isStopped(id)) faults.restart(id);
        away.delete(id);
      }
    }
    await mustRecover(world, proposers);
  });

  it("3.4o Servers come and go while clients propose", {
    points: 2,
    needs: RESTARTING,
    seeds: 15,
    servers: 5,
    bytesMax: BYTES_MAX,
  }, async (world) => {
    const proposers = new Proposers(world);
    await churn(world, 20);
    await mustRecover(world, proposers);
  });

  it("3.4p Servers come and go while clients propose and messages are lost and late", {
    points: 2,
    needs: RESTARTING,
    seeds: 15,
    servers: 5,
    bytesMax: BYTES_MAX,
    network: "unreliable",
  }, async (world) => {
    const proposers = new Proposers(world);
    await churn(world, 20);
    await mustRecover(world, proposers);
  });

  it("3.4q Any mix of faults and crashes: nothing is lost, and all goes on soon after the last fault", {
    points: 4,
    needs: RESTARTING,
    seeds: 80,
    servers: [3, 5],
    bytesMax: BYTES_MAX,
  }, async (world) => {
    const duration = 6_000;
    const proposers = new Proposers(world);
    await playSwarm(world, planSwarm(world.seed, world.ids, duration, FAULTS_WITH_DISK), duration);
    await mustRecover(world, proposers);
  });
});

/** Servers are cut off, stopped in the middle of their work, joined and started again, a few times a second. */
async function churn(world: World, steps: number): Promise<void> {
  const { draws, faults } = world;
  for (let step = 1; step <= steps; step++) {
    const id = draws.pick(world.ids);
    if (draws.chance(0.2)) faults.isolate(id);
    if (draws.chance(0.2) && world.isRunning(id)) faults.stopAfter(id, draws.int(0, 12));
    if (draws.chance(0.5)) {
      const back = draws.pick(world.ids);
      faults.rejoin(back);
      if (world.isStopped(back)) faults.restart(back);
    }
    await world.runFor(draws.int(0, 700));
  }
  for (const id of world.ids) faults.stopNever(id);
}
