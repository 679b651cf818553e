import test from "tape";
import {
  type AnyMessage,
  type Client,
  type ClientEnv,
  Draws,
  type Env,
  type Json,
  type KvOperation,
  keyOf,
  LocalHost,
  NotImplemented,
  type Proposed,
  type Server,
  type StateMachine,
  type Status,
  type Stimulus,
} from "../../labs/kit";
import { HandOver } from "../../labs/kit/host/hand-over";
import { step } from "../../labs/kit/host/steps";
import { SHAPES_MAX, TAG } from "../wire/format";
import { readReaction, writeReaction } from "../wire/reactions";
import { GroupWriter, ItemReader, writeClose } from "../wire/stimuli";
import { EVENT, PLACE, reactionText, Wire } from "./wire-ends";

const NUMBERS: readonly number[] = [
  0,
  1,
  127,
  128,
  129,
  16_383,
  16_384,
  2 ** 31,
  2 ** 32,
  2 ** 49,
  2 ** 53 - 1,
  2 ** 53,
  1e21,
  -1,
  -128,
  -(2 ** 53),
  0.5,
  -0.1,
  1e-7,
  5e-324,
  1.7976931348623157e308,
  -1.7976931348623157e308,
];
const TEXTS: readonly string[] = [
  "",
  "x",
  "RequestVote",
  "é",
  "\xff",
  "\u0100",
  "ключ",
  "雪",
  "😀",
  "\ud800",
  "\udc00x",
  "\0",
  "constructor",
  "toString",
  "hasOwnProperty",
  "length",
  "then",
  "toJSON",
  "n".repeat(40),
  "n".repeat(41),
  "n".repeat(1_024),
  "n".repeat(1_025),
  "ж".repeat(40),
  "ж".repeat(1_025),
];
/** Names of fields: those that look like indexes come first in any object, in their order. */
const NAMES: readonly string[] = [...TEXTS.slice(0, 20), "type", "term", "10", "2", "-1", "01", "4294967294"];

function textOf(draws: Draws): string {
  if (draws.chance(0.7)) return draws.pick(TEXTS);
  return Array.from({ length: draws.int(0, 60) }, () => String.fromCharCode(draws.int(0, 0xffff))).join("");
}

function dataOf(draws: Draws, levels = 4): Json {
  switch (draws.int(levels > 0 ? 0 : 3, 8)) {
    case 0:
      return Array.from({ length: draws.int(0, 5) }, () => dataOf(draws, levels - 1));
    case 1:
    case 2:
      return objectOf(draws, levels);
    case 3:
      return draws.pick([null, true, false]);
    case 4:
      return draws.int(0, 300);
    case 5:
      return draws.pick(NUMBERS);
    case 6:
      return (draws.next() - 0.5) * 10 ** draws.int(-20, 20);
    default:
      return textOf(draws);
  }
}

function objectOf(draws: Draws, levels = 4): { [field: string]: Json } {
  const object: { [field: string]: Json } = {};
  for (let fields = draws.int(0, 5); fields > 0; fields--)
    object[draws.chance(0.9) ? draws.pick(NAMES) : textOf(draws)] = dataOf(draws, levels - 1);
  return object;
}

const isDeepFrozen = (value: unknown): boolean =>
  typeof value !== "object" ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen));

const isOrdinary = (value: unknown): boolean =>
  typeof value !== "object" ||
  value === null ||
  (Object.getPrototypeOf(value) === (Array.isArray(value) ? Array : Object).prototype &&
    Object.values(value).every(isOrdinary));

test("plain data comes off the wire as it went on, fields in their order, with the size that HandOver counts", (t) => {
  const wires = [new Wire(false), new Wire(true)];
  const handOver = new HandOver();
  const wrong: string[] = [];
  for (let seed = 0; seed < 20_000; seed++) {
    const value = dataOf(new Draws(keyOf(seed, "value")));
    handOver.take(value as object);
    const wire = wires[seed % 2];
    const read = wire.carry(value);
    const isSame = JSON.stringify(read) === JSON.stringify(value) && isOrdinary(read);
    const isFrozen = seed % 2 === 0 || isDeepFrozen(read);
    if (!isSame || !isFrozen || wire.reader.size !== handOver.bytes || !wire.reader.isAtEnd)
      wrong.push(`seed ${seed}: ${JSON.stringify(value)}`);
  }

  t.deepEqual(wrong.slice(0, 3), []);
  t.end();
});

test("numbers come through bit by bit, small ones in one byte; -0 is 0", (t) => {
  const wire = new Wire();
  for (const value of NUMBERS) t.ok(Object.is(wire.carry(value), value), String(value));
  for (let value = 0; value < 128; value++) {
    const { length } = wire.frame((writer) => writer.number(value));
    if (length !== 1 || wire.reader.number() !== value) t.fail(String(value));
  }
  t.ok(Object.is(wire.carry(-0), 0));
  t.end();
});

test("a message of a shape and of words that came before takes a byte for each", (t) => {
  const wire = new Wire();
  const vote = (term: number) => ({ type: "RequestVote", term, candidateId: "S1" });
  wire.carry(vote(1));

  const { length } = wire.frame((writer) => writer.value(vote(2)));
  t.equal(length, "object, shape, string, type, term, string, S1".split(", ").length);
  t.deepEqual(wire.reader.value(), vote(2));
  t.end();
});

test("more shapes and strings than either side remembers come through all the same", (t) => {
  const wire = new Wire();
  const wrong: string[] = [];
  const check = (value: object): void => {
    if (JSON.stringify(wire.carry(value)) !== JSON.stringify(value)) wrong.push(JSON.stringify(value));
  };
  check({});
  for (let i = 0; i < SHAPES_MAX + 300; i++) {
    check({ [`field ${i}`]: `text ${i}` });
    check({ [`field ${i}`]: 1, [`field ${i + 1}`]: {} });
  }
  for (let i = SHAPES_MAX + 299; i >= 0; i -= 7) check({ [`field ${i}`]: `text ${i}` });

  t.deepEqual(wrong.slice(0, 3), []);
  t.equal(wire.frame((writer) => writer.value({ new: 1 }))[0], TAG.unshaped);
  t.equal(wire.frame((writer) => writer.string("one more"))[0], 0, "told, and not to be remembered");
  t.ok(wire.frame((writer) => writer.value({ "field 0": 1 })).length < 5, "the first are still known");
  t.end();
});

test("as many shapes as there may be are told, each in a single field and {} besides", (t) => {
  const wire = new Wire();
  for (let i = 0; i < SHAPES_MAX + 10; i++) wire.carry({ [`f${i}`]: i });

  t.deepEqual(wire.carry({}), {});
  t.deepEqual(wire.carry([{}, { f0: 1 }, { [`f${SHAPES_MAX}`]: 2 }]), [
    {},
    { f0: 1 },
    { [`f${SHAPES_MAX}`]: 2 },
  ]);
  t.end();
});

test("as deep as a server may hand over is not too deep for the wire", (t) => {
  let deep: Json = [];
  for (let level = 0; level < 64; level++) deep = level % 2 === 0 ? { deep } : [deep];

  t.notEqual(new HandOver().take(deep as object), undefined);
  t.deepEqual(new Wire().carry(deep), deep);
  t.end();
});

function stimulusOf(draws: Draws): Stimulus {
  const ids = ["S1", "S2", "S3", "S4", "S5"];
  const kind = draws.pick(["start", "message", "timer", "propose", "invoke"] as const);
  const disk = new Map(
    Array.from({ length: draws.int(0, 4) }, () => [textOf(draws), dataOf(draws)] as const),
  );
  return {
    node: draws.int(0, 4),
    kind,
    now: draws.next() * 10 ** draws.int(0, 9),
    from: kind === "message" ? draws.int(0, 99) : 0,
    message: kind === "message" ? { ...objectOf(draws), type: textOf(draws) } : undefined,
    timer: kind === "timer" ? textOf(draws) : "",
    command: kind === "propose" || kind === "invoke" ? dataOf(draws) : undefined,
    boot:
      kind === "start"
        ? { ids, peers: ids.slice(1), clients: ids.slice(3), randomKey: draws.int(0, 2 ** 32 - 1), disk }
        : undefined,
  };
}

/** What a server gets to see of a stimulus, as a text. */
function stimulusText({ node, kind, now, from, message, timer, command, boot }: Stimulus): string {
  const about = {
    message: [from, message],
    timer: [timer],
    propose: [command],
    invoke: [command],
    start: [boot?.ids, boot?.peers, boot?.clients, boot?.randomKey, [...(boot?.disk ?? [])]],
  };
  return JSON.stringify([node, kind, now, about[kind]]);
}

test("groups of events come off the wire as they went on, frozen", (t) => {
  const wire = new Wire(true);
  const group = new GroupWriter(wire.writer);
  const items = new ItemReader(wire.reader);
  const wrong: string[] = [];
  for (let seed = 0; seed < 2_000; seed++) {
    const draws = new Draws(keyOf(seed, "stimuli"));
    const stimuli = Array.from({ length: draws.int(1, 5) }, () => stimulusOf(draws));
    const world = draws.int(0, 1_000);
    wire.frame((writer) => {
      writeClose(writer, world + 1);
      group.begin(world, seed / 7);
      for (const stimulus of stimuli) group.add(stimulus);
    });
    items.next();
    const isClosed = items.world === world + 1 && items.events === 0;
    items.next();
    if (!isClosed || items.world !== world || items.shortest !== seed / 7 || items.events !== stimuli.length)
      wrong.push(`seed ${seed}: the group`);
    for (const stimulus of stimuli) {
      const read = items.event();
      if (stimulusText(read) !== stimulusText(stimulus))
        wrong.push(`seed ${seed}: ${stimulusText(stimulus)}`);
      if (read.kind === "message" && !isDeepFrozen(read.message)) wrong.push(`seed ${seed}: not frozen`);
    }
    if (!wire.reader.isAtEnd) wrong.push(`seed ${seed}: the end`);
  }

  t.deepEqual(wrong.slice(0, 3), []);
  t.end();
});

/** A server that does something else in each handler: anything that it may do, and sometimes what it may not. */
class Busy implements Server<AnyMessage> {
  private readonly draws = new Draws(keyOf(1, "busy"));

  constructor(
    private readonly env: Env<AnyMessage>,
    private readonly machine: StateMachine,
  ) {}

  start(): void {}
  onMessage(): void {}

  propose(): Proposed | null {
    this.onTimer();
    return this.draws.chance(0.5) ? null : { index: this.draws.int(1, 300), term: this.draws.int(0, 300) };
  }

  onTimer(): void {
    const { draws } = this;
    for (let effects = draws.int(0, 6); effects > 0; effects--) this.act();
    for (let steps = draws.int(0, 200); steps > 0; steps--) step();
    if (draws.chance(0.03)) throw new NotImplemented("1.2");
    if (draws.chance(0.03)) throw new RangeError(textOf(draws));
    if (draws.chance(0.01)) Math.random();
  }

  status(): Status {
    const { draws } = this;
    return {
      role: draws.pick(["follower", "candidate", "leader"]),
      currentTerm: draws.int(0, 1_000),
      leader: draws.chance(0.5) ? draws.pick(["S1", "S2", "ж".repeat(200)]) : undefined,
      commitIndex: draws.chance(0.5) ? draws.pick([0, 127, 128, 2 ** 53 - 1]) : undefined,
    };
  }

  private act(): void {
    const { draws, env, machine } = this;
    const odd = { zero: -0, gap: undefined, list: [-0, { gap: undefined, more: "" }] };
    switch (draws.int(0, 6)) {
      case 0:
        env.send(draws.pick(env.peers), { ...objectOf(draws), type: textOf(draws) });
        break;
      case 1:
        env.send(draws.pick(env.peers), { ...odd, type: "Odd" } as AnyMessage);
        break;
      case 2:
        env.setTimer(draws.pick(TEXTS).slice(0, 200), draws.pick([0, -0, 0.1, 1, 127, 128, 1e9]));
        break;
      case 3:
        env.cancelTimer("ж".repeat(200));
        break;
      case 5:
        machine.apply({ index: draws.int(1, 300), term: draws.int(0, 9), command: dataOf(draws) });
        break;
      case 4:
        env.disk.write({ ...objectOf(draws), removed: undefined, ...odd, [draws.pick(NAMES)]: undefined });
        break;
      default:
        env.log(textOf(draws));
    }
  }
}

test("what a server did comes off the wire as its host gave it: effects, sizes, status, trouble and steps", (t) => {
  const wire = new Wire();
  const seen = new Set<string>();
  const wrong: string[] = [];
  let host = LocalHost.of(Busy);
  host.react({ ...EVENT, kind: "start" });
  for (let i = 0; i < 4_000; i++) {
    const reaction = host.react(i % 3 === 0 ? { ...EVENT, kind: "propose" } : EVENT);
    wire.frame((writer) => writeReaction(writer, reaction));
    const read = readReaction(wire.reader, PLACE);
    if (reactionText(read) !== reactionText(reaction) || !wire.reader.isAtEnd)
      wrong.push(`${reactionText(reaction)} became ${reactionText(read)}`);
    for (const { kind } of read.effects) seen.add(kind);
    if (read.answer !== null) seen.add("answer");
    if (read.trouble !== undefined) seen.add(read.trouble.kind);
    if (read.trouble?.kind === "contract") {
      host = LocalHost.of(Busy); // a breach stays
      host.react({ ...EVENT, kind: "start" });
    }
  }

  t.deepEqual(wrong.slice(0, 2), []);
  t.deepEqual([...seen].sort(), [
    "answer",
    "apply",
    "cancelTimer",
    "contract",
    "log",
    "not-written",
    "send",
    "setTimer",
    "threw",
    "write",
  ]);
  t.end();
});

test("what a client did comes off the wire: requests and results", (t) => {
  class Hasty implements Client<AnyMessage> {
    constructor(private readonly env: ClientEnv<AnyMessage>) {}
    start(): void {}
    onMessage(): void {}
    onTimer(): void {}
    invoke(operation: KvOperation): void {
      this.env.send("S2", { type: "ClientRequest", operation } as AnyMessage);
      this.env.complete(operation.kind === "get" ? operation.key : operation.kind === "cas" ? true : null);
    }
  }
  const host = LocalHost.of(Busy, Hasty);
  const boot = {
    ids: ["S1", "S2", "C1"],
    peers: ["S1", "S2"],
    clients: ["C1"],
    randomKey: 1,
    disk: new Map(),
  };
  host.react({ ...EVENT, node: 2, kind: "start", boot });
  const wire = new Wire();
  for (const command of [
    { kind: "get", key: "" },
    { kind: "get", key: "k" },
    { kind: "put", key: "k", value: "" },
    { kind: "cas", key: "k", expected: null, value: "v" },
  ]) {
    const reaction = host.react({ ...EVENT, node: 2, kind: "invoke", command });
    const text = reactionText(reaction);
    wire.frame((writer) => writeReaction(writer, reaction));
    const read = readReaction(wire.reader, { node: 2, nodes: 3 });
    t.equal(reactionText(read), text);
    t.deepEqual(
      read.effects.map(({ kind }) => kind),
      ["send", "complete"],
    );
  }
  t.end();
});

test("the largest message and the largest write that a server may hand over come through", (t) => {
  const text = "ж".repeat(900_000);
  const list = new Array<number>(120_000).fill(1e-7);
  class Large implements Server<AnyMessage> {
    constructor(private readonly env: Env<AnyMessage>) {}
    start(): void {
      this.env.send("S2", { type: "Large", text } as AnyMessage);
      this.env.send("S3", { type: "Large", list } as AnyMessage);
      this.env.disk.write({ text });
    }
    onMessage(): void {}
    onTimer(): void {}
    status = () => ({ role: "follower", currentTerm: 0 }) as const;
  }
  const reaction = LocalHost.of(Large).react({ ...EVENT, kind: "start" });
  const wire = new Wire();
  wire.frame((writer) => writeReaction(writer, reaction));

  t.equal(reaction.trouble, undefined);
  t.equal(reactionText(readReaction(wire.reader, PLACE)), reactionText(reaction));
  t.end();
});
