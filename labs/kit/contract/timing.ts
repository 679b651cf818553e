import type { Millis } from "./values";

/**
 * The times that every lab's handout states, in milliseconds of virtual time. Tests demand these and nothing tighter,
 * so any design that keeps within them is right.
 */
export const TIMING = Object.freeze({
  /** A server that hears from no leader stands for election after no less than this… */
  electionTimeoutMin: 250,
  /** …and no more than this. Each wait is drawn anew, at random, from a range at least 200 ms wide. */
  electionTimeoutMax: 2_000,
  /** An idle leader sends AppendEntries to each peer no more rarely than this… */
  heartbeatIntervalMax: 100,
  /** …and no more often than this. */
  heartbeatIntervalMin: 25,
  /** A server answers a request, and a new leader sends its first heartbeats, within this. */
  answerWithin: 10,
  /** A majority that can talk elects a leader within this. Ordinary designs need a tenth of it. */
  leaderWithin: 20_000,
  /** From lab 2: a leader that can talk to a majority, none of which lags behind, commits a command within this… */
  commitWithin: 1_000,
  /** …and all servers that it can talk to have applied it after so much more. */
  applyWithin: 500,
  /** Lab 4: a client that gets no answer asks again, here or elsewhere, after no less than this… */
  clientRetryMin: 25,
  /** …and no more than this. */
  clientRetryMax: 1_000,
} as const satisfies Record<string, Millis>);
