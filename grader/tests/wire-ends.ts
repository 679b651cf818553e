import type { Reaction, Stimulus } from "../../labs/kit";
import type { Place } from "../wire/reactions";
import { Reader } from "../wire/reader";
import { Writer } from "../wire/writer";

/** The two ends of a wire. */
export class Wire {
  readonly writer = new Writer();
  readonly reader: Reader;

  constructor(freezes = false) {
    this.reader = new Reader({ freezes });
  }

  /** Writes a frame. @returns its bytes, which the reader has open */
  frame(write: (writer: Writer) => void): Uint8Array {
    this.writer.clear();
    write(this.writer);
    const bytes = this.writer.bytes.slice(0, this.writer.length);
    this.reader.open(bytes);
    return bytes;
  }

  /** Takes a value across. */
  carry(value: unknown): unknown {
    this.frame((writer) => writer.value(value));
    return this.reader.value();
  }
}

/** A reaction as a text: of the two copies of a message only the world's own. */
export function reactionText({
  effects,
  effectCount,
  role,
  currentTerm,
  leader,
  commitIndex,
  answer,
  trouble,
  steps,
}: Reaction) {
  const told = effects
    .slice(0, effectCount)
    .map((effect) =>
      effect.kind === "write"
        ? [
            "write",
            effect.bytes,
            Object.entries(effect.changes).map(([key, value]) => [key, value === undefined, value]),
          ]
        : effect.kind === "send"
          ? ["send", effect.to, effect.bytes, effect.message]
          : effect,
    );
  return JSON.stringify([told, role, currentTerm, leader, commitIndex, answer, trouble, steps]);
}

/** A timer of S1 runs out. */
export const EVENT: Stimulus = {
  node: 0,
  kind: "timer",
  now: 0,
  from: 0,
  message: undefined,
  timer: "t",
  command: undefined,
  boot: { ids: ["S1", "S2", "S3"], peers: ["S2", "S3"], clients: [], randomKey: 1, disk: new Map() },
};
/** Where it does: S1, of three. */
export const PLACE: Place = { node: 0, nodes: 3 };
