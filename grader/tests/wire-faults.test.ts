import test from "tape";
import { Draws, type Effect, type Json, keyOf, type Reaction } from "../../labs/kit";
import { HandOver } from "../../labs/kit/host/hand-over";
import { INTERNED_MAX, SHAPES_MAX, TAG } from "../wire/format";
import { readReaction, writeReaction } from "../wire/reactions";
import { Reader, WireFault } from "../wire/reader";
import { GroupWriter, ItemReader } from "../wire/stimuli";
import type { Writer } from "../wire/writer";
import { EVENT, PLACE, reactionText, Wire } from "./wire-ends";

/** Reads to the end of the frame. @returns what was read, or undefined if there was a fault; all else is thrown */
function orFault<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireFault) return undefined;
    throw error;
  }
}

const isIndex = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isShort = (value: unknown): boolean => typeof value === "string" && value.length <= 2_000;

/** What the world relies on, said once more and without the reader. */
function isSound({ effects, effectCount, role, currentTerm, leader, commitIndex, trouble, steps }: Reaction) {
  return (
    effects.length === effectCount &&
    effects.every(isSoundEffect) &&
    ["follower", "candidate", "leader"].includes(role) &&
    isIndex(currentTerm) &&
    isIndex(steps) &&
    (leader === undefined || isShort(leader)) &&
    (commitIndex === undefined || isIndex(commitIndex)) &&
    (trouble === undefined || ["not-written", "contract", "threw"].includes(trouble.kind)) &&
    (trouble?.kind !== "threw" || isShort(trouble.error)) &&
    (trouble?.kind !== "not-written" || isShort(trouble.task)) &&
    (trouble?.kind !== "contract" ||
      [trouble.rule, trouble.found, trouble.where, trouble.next].every(isShort))
  );
}

function isSoundEffect(effect: Effect): boolean {
  switch (effect.kind) {
    case "send":
      return (
        (effect.to === 1 || effect.to === 2) &&
        typeof effect.message.type === "string" &&
        new HandOver().take(effect.message) !== undefined
      );
    case "setTimer":
      return isShort(effect.name) && effect.delay >= 0 && effect.delay <= 1e9;
    case "cancelTimer":
      return isShort(effect.name);
    case "write":
      return new HandOver().take(effect.changes) !== undefined;
    case "log":
      return isShort(effect.text);
    case "apply": {
      const { index, term, command } = effect.entry;
      return isIndex(index) && isIndex(term) && command !== undefined;
    }
    case "complete":
      return effect.result === null || ["boolean", "string"].includes(typeof effect.result);
  }
}

const SAMPLE: Reaction = {
  effects: [
    { kind: "send", to: 1, bytes: 0, message: { type: "A", term: 300 }, original: { type: "A" } },
    { kind: "send", to: 2, bytes: 0, message: { type: "A", term: 2 }, original: { type: "A" } },
    { kind: "setTimer", name: "election", delay: 150.5 },
    { kind: "cancelTimer", name: "election" },
    { kind: "write", changes: { log: [{ a: ["ж", null, -1.5] }, {}], "1": true, gone: undefined }, bytes: 0 },
    { kind: "log", text: "hello" },
    { kind: "apply", entry: { index: 4, term: 2, command: { put: "k" } }, bytes: 0 },
    { kind: "complete", result: "v" },
  ],
  effectCount: 8,
  role: "leader",
  currentTerm: 7,
  leader: "S1",
  commitIndex: 200,
  answer: { index: 300, term: 7 },
  trouble: { kind: "contract", rule: "r", found: "f", where: "w", next: "n", line: "raft.ts:1" },
  steps: 1_000,
};

const SAMPLE_BYTES = new Wire().frame((writer) => writeReaction(writer, SAMPLE));

/** A group of every kind of event. */
const GROUP_BYTES = new Wire().frame((writer) => {
  const group = new GroupWriter(writer);
  const boot = {
    ids: ["S1", "S2"],
    peers: ["S2"],
    clients: ["C1"],
    randomKey: 77_777,
    disk: new Map<string, Json>([["k", [{ v: 1 }]]]),
  };
  group.begin(3, 5);
  group.add({ ...EVENT, kind: "start", boot });
  group.add({ ...EVENT, kind: "message", from: 1, message: { type: "A", term: 300 } });
  group.add(EVENT);
  group.add({ ...EVENT, kind: "propose", command: { put: "k" } });
  group.add({ ...EVENT, kind: "invoke", command: "op" });
});

function reactionIn(bytes: Uint8Array, reader = new Reader()): Reaction | undefined {
  reader.open(bytes);
  return orFault(() => readReaction(reader, PLACE));
}

/** @returns how many events are in a frame, or undefined */
function eventsIn(bytes: Uint8Array, reader = new Reader({ freezes: true })): number | undefined {
  reader.open(bytes);
  const items = new ItemReader(reader);
  return orFault(() => {
    let events = 0;
    while (!reader.isAtEnd) {
      items.next();
      for (let i = 0; i < items.events; i++, events++) items.event();
    }
    return events;
  });
}

test("a frame that was cut off anywhere is a fault", (t) => {
  const readable: number[] = [];
  for (let length = 0; length < SAMPLE_BYTES.length; length++)
    if (reactionIn(SAMPLE_BYTES.subarray(0, length)) !== undefined) readable.push(length);
  t.deepEqual(readable, [], "reactions");
  t.ok(reactionIn(SAMPLE_BYTES), "all of it is one reaction");

  for (let length = 1; length < GROUP_BYTES.length; length++)
    if (eventsIn(GROUP_BYTES.subarray(0, length)) !== undefined) readable.push(length);
  t.deepEqual(readable, [], "stimuli");
  t.equal(eventsIn(GROUP_BYTES), 5);
  t.end();
});

test("a frame with any byte changed to any other is a fault or says something sound, and nothing else happens", (t) => {
  let faults = 0;
  const unsound: string[] = [];
  for (let at = 0; at < SAMPLE_BYTES.length; at++) {
    for (let change = 1; change < 256; change++) {
      const bytes = SAMPLE_BYTES.slice();
      bytes[at] ^= change;
      const reaction = reactionIn(bytes);
      if (reaction === undefined) faults += 1;
      else if (!isSound(reaction)) unsound.push(`byte ${at} ^ ${change}: ${reactionText(reaction)}`);
    }
  }
  t.deepEqual(unsound.slice(0, 3), []);
  t.ok(faults > SAMPLE_BYTES.length * 64, `${faults} faults`);

  for (let at = 0; at < GROUP_BYTES.length; at++) {
    for (let change = 1; change < 256; change++) {
      const bytes = GROUP_BYTES.slice();
      bytes[at] ^= change;
      eventsIn(bytes);
    }
  }
  t.end();
});

/** Bytes at random: any, or rather such as mean something. */
function junk(draws: Draws): Uint8Array {
  const bytes = new Uint8Array(draws.int(0, 200));
  const isMeaningful = draws.chance(0.7);
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = draws.int(0, isMeaningful && draws.chance(0.9) ? 9 : 255);
  if (draws.chance(0.3)) bytes.set(SAMPLE_BYTES.subarray(0, Math.min(draws.int(0, 80), bytes.length)));
  return bytes;
}

test("20,000 frames of junk are faults or say something sound, at once", (t) => {
  const lasting = { reader: new Reader(), items: new Reader({ freezes: true }) };
  const unsound: string[] = [];
  let read = 0;
  const startedAt = performance.now();
  for (let seed = 0; seed < 20_000; seed++) {
    const draws = new Draws(keyOf(seed, "junk"));
    const bytes = junk(draws);
    const isFresh = draws.chance(0.5);
    const reaction = reactionIn(bytes, isFresh ? undefined : lasting.reader);
    eventsIn(bytes, isFresh ? undefined : lasting.items);
    if (reaction === undefined) continue;
    read += 1;
    if (!isSound(reaction)) unsound.push(`seed ${seed}: ${reactionText(reaction)}`);
  }

  t.deepEqual(unsound.slice(0, 3), []);
  t.ok(read > 0, `${read} of them could be read`);
  t.ok(performance.now() - startedAt < 20_000);
  t.end();
});

/** A piece of a frame: a byte, or what a writer writes of it; a text is a string without its tag. */
type Piece =
  | number
  | string
  | { readonly count: number }
  | { readonly number: number }
  | { readonly float: number }
  | { readonly value: unknown };

function writePiece(writer: Writer, piece: Piece): void {
  if (typeof piece === "number") writer.byte(piece);
  else if (typeof piece === "string") writer.string(piece);
  else if ("count" in piece) writer.count(piece.count);
  else if ("number" in piece) writer.number(piece.number);
  else if ("float" in piece) writer.float(piece.float);
  else writer.value(piece.value);
}

const times = (count: number, ...pieces: readonly Piece[]): readonly Piece[] =>
  Array.from({ length: count }, () => pieces).flat();

/** A follower of term 0 that took no steps and did so many things. */
const did = (effects: number): readonly Piece[] => [0, { number: 0 }, { count: 0 }, { count: effects }];
const SENT = [...did(1), 0];
const SENT_TO_S2 = [...SENT, 1];
const SET = [...did(1), 1];
const CANCELLED = [...did(1), 2];
const WROTE = [...did(1), 3];
const LOGGED = [...did(1), 4];
/** A follower of term 0 that has come to grief. */
const TROUBLE = [16, { number: 0 }, { count: 0 }];
const NO_STEPS_NO_EFFECTS = [0, 0];

const HUGE = 2 ** 40;
const CONTRACT = { kind: "contract", rule: "r", found: "f", where: "w", next: "n" };
const PROTO: unknown = JSON.parse('{ "type": "A", "__proto__": 1 }');
const listOf = (item: Json) => ({ type: "A", list: new Array<Json>(1_000_000).fill(item) });

/** Reactions that no honest cell writes. */
const FAULTS: readonly (readonly [what: string, pieces: readonly Piece[], says: RegExp])[] = [
  ["a message to itself", [...SENT, 0, { value: { type: "A" } }], /goes to no peer/],
  ["a message to a server that does not exist", [...SENT, 3, { value: { type: "A" } }], /goes to no peer/],
  ["a message that is no object", [...SENT_TO_S2, { value: 7 }], /has no type/],
  ["a message that is null", [...SENT_TO_S2, { value: null }], /has no type/],
  ["a message without a type", [...SENT_TO_S2, { value: { constructor: "A" } }], /has no type/],
  ["a message whose type is no text", [...SENT_TO_S2, { value: { type: 1 } }], /has no type/],
  ["a field __proto__", [...SENT_TO_S2, { value: PROTO }], /field has the name __proto__/],
  [
    "an object of names of its own, __proto__",
    [...SENT_TO_S2, TAG.unshaped, 1, "__proto__", 128],
    /__proto__/,
  ],
  ["a key __proto__", [...WROTE, { count: 1 }, "__proto__", 0], /key has the name __proto__/],
  ["NaN in a message", [...SENT_TO_S2, TAG.float, { float: Number.NaN }], /not finite/],
  ["-Infinity in a message", [...SENT_TO_S2, TAG.float, { float: Number.NEGATIVE_INFINITY }], /not finite/],
  ["a delay below 0", [...SET, "t", { number: -1 }], /delay is out of range/],
  ["a delay beyond the longest", [...SET, "t", { number: 1e9 + 1 }], /delay is out of range/],
  ["a delay of NaN", [...SET, "t", { number: Number.NaN }], /not finite/],
  ["a delay of Infinity", [...SET, "t", { number: Number.POSITIVE_INFINITY }], /not finite/],
  ["a delay that is no number", [...SET, "t", TAG.string], /should be a number/],
  ["a timer's name that is too long", [...SET, "n".repeat(2_001), { number: 1 }], /text is too long/],
  ["a cancelled timer's name that is too long", [...CANCELLED, "n".repeat(2_001)], /text is too long/],
  ["a line of the log that is too long", [...LOGGED, "ж".repeat(2_001)], /text is too long/],
  ["a broken term", [0, { number: 1.5 }, ...NO_STEPS_NO_EFFECTS], /no whole number/],
  ["a term below 0", [0, { number: -1 }, ...NO_STEPS_NO_EFFECTS], /no whole number/],
  ["a term that is too large", [0, { number: 2 ** 53 }, ...NO_STEPS_NO_EFFECTS], /no whole number/],
  ["a broken commitIndex", [8, { number: 1 }, { number: 0.5 }, ...NO_STEPS_NO_EFFECTS], /no whole number/],
  ["a leader's name that is too long", [4, { number: 0 }, "S".repeat(2_001), 0, 0], /text is too long/],
  ["a role that is none", [3, { number: 0 }, ...NO_STEPS_NO_EFFECTS], /no such role/],
  ["flags that are none", [64, { number: 0 }, ...NO_STEPS_NO_EFFECTS], /no such role/],
  ["steps without end", [0, { number: 0 }, ...times(20, 255), 0], /too many digits/],
  ["steps beyond all whole numbers", [0, { number: 0 }, ...times(7, 255), 127], /too large/],
  ["more effects than a handler may have", did(10_001), /too many effects/],
  ["an effect that is none", [...did(1), 7], /no kind 7 of effects/],
  ["a value that is none", [...SENT_TO_S2, 9], /no kind 9 of values/],
  ["a string that was never told", [...SENT_TO_S2, TAG.string, { count: 99 }], /string was never told/],
  ["a shape that was never told", [...SENT_TO_S2, TAG.object, { count: 99 }], /shape was never told/],
  ["a long string to be remembered", [...LOGGED, 1, { count: 82 }, ...times(41, 65)], /not to be remembered/],
  ["a trouble that is none", [...TROUBLE, { value: { ...CONTRACT, kind: "bad" } }, 0], /no such trouble/],
  ["a trouble called constructor", [...TROUBLE, { value: { kind: "constructor" } }, 0], /no such trouble/],
  ["a trouble called toString", [...TROUBLE, { value: { kind: "toString" } }, 0], /no such trouble/],
  ["a trouble called __proto__", [...TROUBLE, { value: { kind: "__proto__" } }, 0], /no such trouble/],
  [
    "a trouble whose kind is no text",
    [...TROUBLE, { value: { kind: { toString: 1 } } }, 0],
    /no such trouble/,
  ],
  ["a trouble of null", [...TROUBLE, { value: null }, 0], /no such trouble/],
  ["a trouble that is a list", [...TROUBLE, { value: [CONTRACT] }, 0], /no such trouble/],
  ["a trouble without a rule", [...TROUBLE, { value: { ...CONTRACT, rule: null } }, 0], /not told in words/],
  ["a trouble in no line", [...TROUBLE, { value: { ...CONTRACT, line: 5 } }, 0], /not told in words/],
  [
    "a trouble without end",
    [...TROUBLE, { value: { kind: "threw", error: "x".repeat(2_001) } }, 0],
    /not told/,
  ],
  ["arrays in arrays without end", [...SENT_TO_S2, ...times(200_000, TAG.array, 1)], /nested too deeply/],
  [
    "objects in objects without end",
    [...SENT_TO_S2, TAG.object, 0, 1, "a", ...times(200_000, TAG.object, 1)],
    /nested too deeply/,
  ],
  [
    "objects of their own names without end",
    [...SENT_TO_S2, ...times(200_000, TAG.unshaped, 1, "a")],
    /deeply/,
  ],
  ["an array of more items than there are", [...SENT_TO_S2, TAG.array, { count: HUGE }], /fewer items/],
  ["an object of more fields than there are", [...SENT_TO_S2, TAG.unshaped, { count: HUGE }], /fewer items/],
  ["a shape of more fields than there are", [...SENT_TO_S2, TAG.object, 0, { count: HUGE }], /fewer items/],
  [
    "a shape of more fields than any",
    [...SENT_TO_S2, TAG.object, 0, { count: SHAPES_MAX + 1 }, ...times(SHAPES_MAX + 1, "k")],
    /too many fields/,
  ],
  ["a string longer than its frame", [...LOGGED, 0, { count: HUGE }], /ends in a string/],
  ["a wide string longer than its frame", [...LOGGED, 0, { count: HUGE + 1 }, 0, 0], /ends in a string/],
  ["more keys to write than there are", [...WROTE, { count: HUGE }, "k", 0], /ends too early/],
  ["a million empty objects", [...SENT_TO_S2, { value: listOf({}) }], /too large/],
  ["a million empty texts", [...SENT_TO_S2, { value: listOf("") }], /too large/],
  ["a write of a million empty lists", [...WROTE, 1, "k", 1, { value: listOf([]) }], /too large/],
  [
    "a trouble of a million empty texts",
    [...TROUBLE, { value: { ...CONTRACT, more: listOf("") } }, 0],
    /too large/,
  ],
  [
    "more bytes than a handler may hand over",
    [...did(9), ...times(9, 0, 1, { value: { type: "x".repeat(900_000) } })],
    /too many bytes in one reaction/,
  ],
];

for (const [what, pieces, says] of FAULTS) {
  test(`a reaction with ${what} is a fault, at once`, (t) => {
    const wire = new Wire();
    wire.frame((writer) => {
      for (const piece of pieces) writePiece(writer, piece);
    });
    const heapBytesBefore = process.memoryUsage().heapUsed;
    const cpuBefore = process.cpuUsage();
    const error = thrownBy(() => readReaction(wire.reader, PLACE));
    const cpuMs = process.cpuUsage(cpuBefore).user / 1_000;

    t.ok(error instanceof WireFault, String(error));
    t.match(String(error), says);
    t.ok(cpuMs < 2_000, `${cpuMs} ms`); // of the processor: others may be busy with it too
    t.ok(process.memoryUsage().heapUsed - heapBytesBefore < 100e6, "without taking much memory");
    t.end();
  });
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

test("who tells more strings or shapes than are remembered is at fault", (t) => {
  const strings = new Wire();
  strings.frame((writer) => {
    for (let i = 0; i <= INTERNED_MAX; i++) for (const byte of [1, 2, 65]) writer.byte(byte);
  });
  for (let i = 0; i < INTERNED_MAX; i++) strings.reader.string();
  t.throws(() => strings.reader.string(), /not to be remembered/);

  const shapes = new Wire();
  shapes.frame((writer) => {
    for (let i = 0; i <= SHAPES_MAX; i++) for (const byte of [TAG.object, 0, 0]) writer.byte(byte);
  });
  for (let i = 0; i < SHAPES_MAX; i++) shapes.reader.value();
  t.throws(() => shapes.reader.value(), /too many shapes/);
  t.end();
});
