import test from "tape";
import type { AnyMessage, Env, Json, Proposed, Server, StateMachine, Status } from "..";
import { KIND, World } from "..";
import { LocalHost } from "../host/local-host";
import { recordsOf, storyOf } from "./helpers";

/** Takes every command, and applies it at once or when a timer runs out. */
class Taker implements Server<AnyMessage> {
  private taken: Json[] = [];

  constructor(
    private readonly env: Env<AnyMessage>,
    private readonly machine: StateMachine,
  ) {}

  start(): void {}
  onMessage(): void {}

  propose(command: Json): Proposed | null {
    if (this.env.self === "S2") return null;
    this.taken.push(command);
    this.env.setTimer("apply", 10);
    return { index: this.taken.length, term: 0 };
  }

  onTimer(): void {
    for (const [i, command] of this.taken.entries()) this.machine.apply({ index: i + 1, term: 0, command });
    this.taken = [];
  }

  status(): Status {
    return { role: "follower", currentTerm: 0 };
  }
}

const worldWith = (serverClass: new (...args: never[]) => Server<AnyMessage>): World =>
  new World({ seed: 1, servers: 2, network: "calm", host: LocalHost.of(serverClass as never), oracles: [] });

test("a server is given a command and its answer comes at the same moment", async (t) => {
  const world = worldWith(Taker);
  t.deepEqual(await world.propose("S1", { put: 1 }), { index: 1, term: 0 });
  t.equal(await world.propose("S2", "x"), null, "who does not lead says null");
  t.equal(world.now, 0);
  t.end();
});

test("what a server applies is seen, in order, and forgotten when it stops", async (t) => {
  const world = worldWith(Taker);
  world.submit("S1", "a");
  const second = world.submit("S1", ["b"]);
  await world.runFor(20);

  t.deepEqual(second.answer, { index: 2, term: 0 });
  t.deepEqual(world.applied("S1"), [
    { index: 1, term: 0, command: "a" },
    { index: 2, term: 0, command: ["b"] },
  ]);
  t.equal(recordsOf(world.trace, KIND.apply).length, 2);
  world.faults.stop("S1");
  t.deepEqual(world.applied("S1"), []);
  t.end();
});

test("a stopped server answers null; a frozen one when it goes on", async (t) => {
  const world = worldWith(Taker);
  await world.runFor(1);
  world.faults.pause("S1");
  const waiting = world.submit("S1", "a");
  await world.runFor(5);
  t.equal(waiting.answer, undefined);
  world.faults.resume("S1");
  await world.runFor(1);
  t.deepEqual(waiting.answer, { index: 1, term: 0 });

  world.faults.stop("S1");
  t.equal(await world.propose("S1", "b"), null);
  t.end();
});

test("a server that is stopped while it is frozen answers null to what it was given", async (t) => {
  const world = worldWith(Taker);
  await world.runFor(1);
  world.faults.pause("S1");
  const waiting = world.submit("S1", "a");
  await world.runFor(5);
  world.faults.stop("S1");
  await world.runFor(1);
  t.equal(waiting.answer, null);
  t.end();
});

test("a server that stops in the middle of taking a command answers nobody", async (t) => {
  const world = worldWith(Taker);
  await world.runFor(1);
  world.faults.stopAfter("S1", 0);
  t.equal(await world.propose("S1", "a"), null);
  t.ok(world.isStopped("S1"));
  t.end();
});

test("an answer that is none, and an entry that is none, break the contract", async (t) => {
  const answers: readonly [unknown, RegExp][] = [
    [undefined, /S1\.propose: expected \{ index, term \} from a leader .*; found nothing returned/],
    [{ index: 0, term: 1 }, /found an object/],
    [{ index: 1.5, term: 1 }, /found an object/],
    [true, /found true/],
  ];
  for (const [answer, words] of answers) {
    class Odd extends Taker {
      override propose(): never {
        return answer as never;
      }
    }
    t.match((await storyOf(worldWith(Odd).propose("S1", "x"))).headline, words);
  }
  class Careless extends Taker {
    constructor(
      env: Env<AnyMessage>,
      private readonly another: StateMachine,
    ) {
      super(env, another);
    }
    override onTimer(): void {
      this.another.apply({ index: 1, term: 0 } as never);
    }
  }
  const world = worldWith(Careless);
  world.submit("S1", "x");
  t.match(
    (await storyOf(world.runFor(20))).headline,
    /S1\.onTimer, machine\.apply.*expected an entry \{ index, term, command \}; found \{ index: 1, term: 0, command: undefined \}/,
  );
  t.end();
});

test("a class without propose says so when it is given a command", async (t) => {
  class Old implements Server<AnyMessage> {
    start(): void {}
    onMessage(): void {}
    onTimer(): void {}
    status = (): Status => ({ role: "follower", currentTerm: 0 });
  }
  t.match((await storyOf(worldWith(Old).propose("S1", "x"))).headline, /found none of: propose/);
  t.end();
});

test("a command belongs to the world once it is handed over", async (t) => {
  const command = { list: [1] };
  const world = worldWith(Taker);
  world.submit("S1", command);
  t.throws(() => command.list.push(2), /not extensible/, "the original is frozen");
  await world.runFor(20);
  t.deepEqual(world.applied("S1")[0].command, { list: [1] });
  t.throws(() => world.submit("S1", (() => {}) as never), /plain data/);
  t.end();
});
