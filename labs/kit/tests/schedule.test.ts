import test from "tape";
import { KvClient } from "../../../solutions/4-kv/kv-client";
import { KvServer } from "../../../solutions/4-kv/kv-server";
import {
  FAULTS_WITH_DISK,
  LocalHost,
  type Move,
  planSwarm,
  playSwarm,
  ScheduledWorld,
  scheduleOf,
  Workload,
  World,
} from "..";
import { lineOf } from "../story/excerpt";

const SECOND = 1_000;

function handlersOf({ trace, names }: World): string[] {
  return Array.from({ length: trace.length }, (_, i) => i)
    .filter((i) => trace.isHandler(i))
    .map((i) => {
      const { time, event, outcome } = lineOf(trace, names, i);
      return `${time} ${event} ${outcome}`;
    });
}

test("a run can be played again from its schedule alone, with crashes, lost and doubled messages", async (t) => {
  for (let seed = 1; seed <= 5; seed++) {
    const options = { seed, servers: 3, clients: 2 };
    const world = new World({ ...options, host: LocalHost.of(KvServer, KvClient) });
    const plan = planSwarm(seed, world.ids, 3 * SECOND, FAULTS_WITH_DISK);
    // A clock that is wrong is no move: the schedule has the true times.
    new Workload(world, {
      next: (client, n) => ({ kind: "append", key: "k", value: `${client} ${n} ` }),
      rest: [50, 200],
    });
    await playSwarm(world, { ...plan, clockRates: [] }, 3 * SECOND);
    const scheduled = new ScheduledWorld({ ...options, host: LocalHost.of(KvServer, KvClient) });
    await scheduled.begin();
    let played = 0;
    const moves = scheduleOf(world);
    for (const { move } of moves) if (await scheduled.play(move, true)) played += 1;
    t.equal(played, moves.length, `seed ${seed}: all ${moves.length} moves can happen`);
    t.deepEqual(handlersOf(scheduled.world), handlersOf(world), `seed ${seed}: and all servers do the same`);
  }
});

test("with timers that run by themselves a run can be played again without them, to the microsecond", async (t) => {
  for (let seed = 1; seed <= 5; seed++) {
    const options = { seed, servers: 3, clients: 2 };
    const world = new World({ ...options, host: LocalHost.of(KvServer, KvClient) });
    const plan = planSwarm(seed, world.ids, 3 * SECOND, FAULTS_WITH_DISK);
    new Workload(world, {
      next: (client, n) => ({ kind: "put", key: "k", value: `${client} ${n}` }),
      rest: [50, 200],
    });
    // A frozen server's timers are late.
    const faults = plan.faults.filter(({ kind }) => kind !== "pause");
    await playSwarm(world, { ...plan, clockRates: [], faults }, 3 * SECOND);
    const again = new ScheduledWorld({ ...options, host: LocalHost.of(KvServer, KvClient), timersRun: true });
    again.beginNow();
    const isChosen = ({ kind, effects }: Move) => kind !== "timer" || effects !== undefined;
    const moves = scheduleOf(world).map(({ move }) => move);
    for (const move of moves.filter(isChosen)) again.playNow(move, true);
    const handlers = handlersOf(world);
    t.deepEqual(handlersOf(again.world), handlers.slice(0, handlersOf(again.world).length), `seed ${seed}`);
    t.equal(
      scheduleOf(again.world).filter(({ move }) => isChosen(move)).length,
      moves.filter(isChosen).length,
    );
  }
});
