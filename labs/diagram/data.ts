/**
 * What a diagram's page is given: the contract between the generator and the script in the page. Records are those of
 * the trace that are kept, numbered anew from 0. All strings were made visible and have bounds.
 */
export interface DiagramData {
  readonly names: readonly string[];
  /** So many of the names are servers; the rest are clients. */
  readonly servers: number;
  /** Nodes that the test plays. */
  readonly scripted: readonly number[];
  /** What the numbers in `records.kind` mean. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly values: readonly PackedValue[];
  /** Names of fields, for objects. */
  readonly shapes: readonly (readonly string[])[];
  readonly records: Records;
  readonly events: Events;
  readonly spells: readonly Spell[];
  readonly gaps: readonly Gap[];
  /** Events that the story tells: the story's n-th line is about the n-th of these records; -1 if it is not known. */
  readonly told: readonly number[];
  /** The record of the first wrong step; -1 if there is none. */
  readonly wrong: number;
}

/**
 * A value of the table: a primitive as it is; `[shape, ...fields]` an object; `[-1, ...items]` an array; `[-2, n]` stands
 * for n items, or parts, that were left out. Fields and items are places in the table.
 */
export type PackedValue = string | number | boolean | null | readonly number[];

/** Columns: an element for each record. */
export interface Records {
  readonly kind: readonly number[];
  /** Microseconds since the record before. */
  readonly at: readonly number[];
  readonly node: readonly number[];
  readonly peer: readonly number[];
  /** So many records back; 0 if there is no cause, or it is left out. */
  readonly cause: readonly number[];
  /** A place in the table; -1 if there is nothing. */
  readonly data: readonly number[];
}

/** Columns: an element for each record that is an event, with a place of its own in the drawing. */
export interface Events {
  readonly record: readonly number[];
  /** What came, and what the server did: places in the table. */
  readonly words: readonly number[];
  readonly outcome: readonly number[];
  /** 1 for heartbeats, their answers and timers, where nothing came of them. */
  readonly routine: readonly (0 | 1)[];
}

/** A time during which a node was not well. */
export interface Spell {
  readonly node: number;
  readonly kind: "stopped" | "frozen" | "cut" | "partly" | "slow";
  readonly from: number;
  /** -1: until the end. */
  readonly to: number;
  readonly words: string;
}

/** Events that were left out, right before a record, and what they changed. */
export interface Gap {
  readonly before: number;
  readonly events: number;
  /** In microseconds since the beginning. */
  readonly from: number;
  readonly to: number;
  /** What servers said about themselves at its end, if it changed: places in the table. */
  readonly status: readonly (readonly [node: number, status: number])[];
  /** The last entry that each applied in it; -1 after a restart. */
  readonly applied: readonly (readonly [node: number, index: number])[];
  /** What was written to disks, likewise; a value of -1: deleted. */
  readonly disk: readonly (readonly [node: number, key: number, value: number])[];
}
