/** The name of a server: "S1", "S2", … */
export type NodeId = string;

/** An election term: 0 before the first election, then 1, 2, 3, … (Raft §5.1). */
export type Term = number;

/** A position in the log. The first entry has index 1; 0 means "before the first entry". */
export type LogIndex = number;

/** Milliseconds of virtual time. */
export type Millis = number;

/** Plain data: what a message, a disk or a command may hold. Numbers are finite. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [field: string]: Json | undefined };
