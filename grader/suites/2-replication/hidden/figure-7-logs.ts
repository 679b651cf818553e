import type { NodeId, Term } from "../../../../labs/kit";

/** Figure 7 of the Raft paper: the log of the leader of term 8, and logs that its followers may have then, by terms. */
export const LEADER: readonly Term[] = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];

export interface Follower {
  readonly letter: string;
  readonly log: readonly Term[];
  /** Of the terms of the log's end: how many the leader does not have there. */
  readonly termsInConflict: number;
  /** Who has it in a cluster of seven. S6 led term 6, S7 led term 7, and S2, S3 and S4 can vote for S1. */
  readonly id: NodeId;
}

export const FOLLOWERS: readonly Follower[] = [
  { letter: "a", log: [1, 1, 1, 4, 4, 5, 5, 6, 6], termsInConflict: 0, id: "S2" },
  { letter: "b", log: [1, 1, 1, 4], termsInConflict: 0, id: "S3" },
  { letter: "c", log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], termsInConflict: 1, id: "S6" },
  { letter: "d", log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], termsInConflict: 1, id: "S7" },
  { letter: "e", log: [1, 1, 1, 4, 4, 4, 4], termsInConflict: 1, id: "S4" },
  { letter: "f", log: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], termsInConflict: 2, id: "S5" },
];
