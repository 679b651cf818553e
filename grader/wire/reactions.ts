import type { AppliedEntry, Json, KvResult, Proposed, Role } from "../../labs/kit/contract";
import type { AnyMessage, Effect, Reaction, Trouble } from "../../labs/kit/host/reaction";
import { isCount } from "../../labs/kit/host/values";
import type { Outcome } from "../../labs/kit/search/branches";
import { type Reader, WireFault } from "./reader";
import type { Writer } from "./writer";

const EFFECT = { send: 0, setTimer: 1, cancelTimer: 2, write: 3, log: 4, apply: 5, complete: 6 } as const;
const ROLES: readonly Role[] = ["follower", "candidate", "leader"];

/** What the first byte of a reaction says beside the role, which is in its two lowest bits. */
const HAS = { leader: 4, commitIndex: 8, trouble: 16, answer: 32 } as const;
const FLAGS_MAX = 63;

/** More than the host in the cell lets through: who sends more is not that host. */
const LIMIT = { effects: 10_000, words: 2_000, delay: 1e9, valueBytes: 1_000_000, bytes: 8_000_000 } as const;

/** Who reacted, and among how many: nothing else may be named in the reaction. */
export interface Place {
  readonly node: number;
  readonly nodes: number;
}

export function writeReaction(writer: Writer, reaction: Reaction): void {
  const { effects, effectCount, role, currentTerm, leader, commitIndex, answer, trouble, steps } = reaction;
  writer.byte(
    ROLES.indexOf(role) |
      (leader === undefined ? 0 : HAS.leader) |
      (commitIndex === undefined ? 0 : HAS.commitIndex) |
      (trouble === undefined ? 0 : HAS.trouble) |
      (answer === null ? 0 : HAS.answer),
  );
  writer.number(currentTerm);
  if (leader !== undefined) writer.string(leader);
  if (commitIndex !== undefined) writer.number(commitIndex);
  if (answer !== null) {
    writer.number(answer.index);
    writer.number(answer.term);
  }
  writer.count(steps);
  if (trouble !== undefined) writer.value(withoutGaps(trouble));
  writer.count(effectCount);
  for (let i = 0; i < effectCount; i++) writeEffect(writer, effects[i]);
}

/** Writes what came of one attempt of a search. */
export function writeOutcome(writer: Writer, { state, fingerprints, reaction, isHiding }: Outcome): void {
  writer.count(state);
  writer.byte(isHiding ? 1 : 0);
  for (const lane of fingerprints) writer.count(lane >>> 0);
  writeReaction(writer, reaction);
}

/**
 * Reads it. What a cell says of its states only tells a search which of them to take for the same: if it lies, the
 * search sees less, and finds nothing that is not there.
 * @param lanes how many numbers a fingerprint has
 */
export function readOutcome(reader: Reader, place: Place, lanes: number): Outcome {
  const state = reader.count();
  const isHiding = reader.byte() !== 0;
  const fingerprints = new Int32Array(lanes);
  for (let i = 0; i < lanes; i++) fingerprints[i] = reader.count() | 0;
  return { state, fingerprints, reaction: readReaction(reader, place), isHiding };
}

function writeEffect(writer: Writer, effect: Effect): void {
  writer.byte(EFFECT[effect.kind]);
  switch (effect.kind) {
    case "send":
      writer.byte(effect.to);
      writer.value(effect.message);
      break;
    case "setTimer":
      writer.string(effect.name);
      writer.number(effect.delay);
      break;
    case "cancelTimer":
      writer.string(effect.name);
      break;
    case "write": {
      const changes = Object.entries(effect.changes);
      writer.count(changes.length);
      for (const [key, value] of changes) {
        writer.string(key);
        writer.byte(value === undefined ? 0 : 1);
        if (value !== undefined) writer.value(value);
      }
      break;
    }
    case "log":
      writer.string(effect.text);
      break;
    case "apply":
      writer.value(effect.entry);
      break;
    case "complete":
      writer.value(effect.result);
  }
}

/** Plain data has no undefined fields. */
function withoutGaps(trouble: Trouble): object {
  return Object.fromEntries(Object.entries(trouble).filter(([, value]) => value !== undefined));
}

/**
 * Reads one reaction, and checks everything about it that the world relies on.
 * @throws WireFault if it is none
 */
export function readReaction(reader: Reader, place: Place): Reaction {
  const flags = reader.byte();
  const role = ROLES[flags & 3];
  if (flags > FLAGS_MAX || role === undefined) throw new WireFault("A status has no such role.");
  const currentTerm = readIndex(reader);
  const leader = flags & HAS.leader ? words(reader) : undefined;
  const commitIndex = flags & HAS.commitIndex ? readIndex(reader) : undefined;
  const answer: Proposed | null =
    flags & HAS.answer ? { index: readIndex(reader), term: readIndex(reader) } : null;
  const steps = reader.count();
  const trouble = flags & HAS.trouble ? troubleFrom(reader.value(LIMIT.valueBytes)) : undefined;
  const effectCount = reader.count();
  if (effectCount > LIMIT.effects) throw new WireFault("There are too many effects.");
  const effects: Effect[] = [];
  let bytes = 0;
  for (let i = 0; i < effectCount; i++) {
    const effect = readEffect(reader, place);
    effects.push(effect);
    if ("bytes" in effect) bytes += effect.bytes;
    if (bytes > LIMIT.bytes) throw new WireFault("There are too many bytes in one reaction.");
  }
  return { effects, effectCount, role, currentTerm, leader, commitIndex, answer, trouble, steps };
}

function readEffect(reader: Reader, { node, nodes }: Place): Effect {
  const kind = reader.byte();
  switch (kind) {
    case EFFECT.send: {
      const to = reader.byte();
      if (to >= nodes || to === node) throw new WireFault("A message goes to no peer.");
      const message = reader.value(LIMIT.valueBytes) as AnyMessage;
      if (typeof message?.type !== "string") throw new WireFault("A message has no type.");
      return { kind: "send", to, bytes: reader.size, message, original: message };
    }
    case EFFECT.setTimer: {
      const name = words(reader);
      const delay = reader.number();
      if (!(delay >= 0 && delay <= LIMIT.delay)) throw new WireFault("A delay is out of range.");
      return { kind: "setTimer", name, delay };
    }
    case EFFECT.cancelTimer:
      return { kind: "cancelTimer", name: words(reader) };
    case EFFECT.write:
      return readWrite(reader);
    case EFFECT.log:
      return { kind: "log", text: words(reader) };
    case EFFECT.apply: {
      const entry = reader.value(LIMIT.valueBytes);
      if (!isEntry(entry)) throw new WireFault("What is applied is no entry.");
      const { index, term, command } = entry;
      return { kind: "apply", entry: { index, term, command }, bytes: reader.size };
    }
    case EFFECT.complete: {
      const result = reader.value(LIMIT.valueBytes);
      if (!isResult(result)) throw new WireFault("An operation has no such result.");
      return { kind: "complete", result };
    }
    default:
      throw new WireFault(`There is no kind ${kind} of effects.`);
  }
}

function readWrite(reader: Reader): Effect {
  const changes: Record<string, Json | undefined> = {};
  let bytes = 8;
  for (let keys = reader.count(); keys > 0; keys--) {
    const key = reader.string();
    if (key === "__proto__") throw new WireFault("A key has the name __proto__.");
    bytes += key.length;
    changes[key] = undefined;
    if (reader.byte() === 0) continue;
    changes[key] = reader.value(LIMIT.valueBytes) as Json;
    bytes += reader.size;
  }
  return { kind: "write", changes, bytes };
}

function readIndex(reader: Reader): number {
  const value = reader.number();
  if (!isCount(value)) throw new WireFault("A term or index is no whole number.");
  return value;
}

/** A name or text of a bounded length. */
function words(reader: Reader): string {
  const text = reader.string();
  if (text.length > LIMIT.words) throw new WireFault("A text is too long.");
  return text;
}

const TROUBLE_FIELDS: Readonly<Record<Trouble["kind"], readonly string[]>> = {
  "not-written": ["task"],
  contract: ["rule", "found", "where", "next"],
  threw: ["error"],
};

function troubleFrom(value: unknown): Trouble {
  if (!isRecord(value) || !isKindOfTrouble(value.kind)) throw new WireFault("There is no such trouble.");
  const { kind, line } = value;
  if (!TROUBLE_FIELDS[kind].every((field) => isText(value[field])) || !(line === undefined || isText(line)))
    throw new WireFault("A trouble is not told in words.");
  return value as unknown as Trouble;
}

function isKindOfTrouble(kind: unknown): kind is Trouble["kind"] {
  return typeof kind === "string" && Object.hasOwn(TROUBLE_FIELDS, kind);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isEntry(value: unknown): value is AppliedEntry {
  return isRecord(value) && isCount(value.index) && isCount(value.term) && value.command !== undefined;
}

function isResult(value: unknown): value is KvResult {
  return value === null || typeof value === "boolean" || typeof value === "string";
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= LIMIT.words;
}
