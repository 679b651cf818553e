import type { Millis } from "../contract";

/** How a network treats messages. Each message's fate is drawn on its own, from the seed, the link and its number. */
export interface Conditions {
  /** A message takes at least and at most this long. A wide range lets messages overtake each other. */
  readonly delay: readonly [Millis, Millis];
  /** Chance that a message is lost, 0 to 1. */
  readonly loss: number;
  /** Chance that a message arrives a second time, later. */
  readonly duplication: number;
  /** Chance of a long delay, and how long it is. */
  readonly tail: { readonly chance: number; readonly delay: readonly [Millis, Millis] };
}

const NO_TAIL = { chance: 0, delay: [0, 0] } as const;

/** Networks with a name. */
export const NETWORKS = {
  /** Every message takes 2 ms and arrives. */
  calm: { delay: [2, 2], loss: 0, duplication: 0, tail: NO_TAIL },
  /** One machine room. */
  lan: { delay: [1, 5], loss: 0, duplication: 0, tail: NO_TAIL },
  /** Across a continent: slow, and messages overtake each other. */
  wan: { delay: [15, 50], loss: 0, duplication: 0, tail: NO_TAIL },
  /** One message in ten is lost. */
  lossy: { delay: [1, 10], loss: 0.1, duplication: 0, tail: NO_TAIL },
  /** One message in five arrives twice, the second time much later. */
  doubling: { delay: [1, 10], loss: 0, duplication: 0.2, tail: NO_TAIL },
  /** One message in ten is lost, the others take up to 26 ms. */
  unreliable: { delay: [0, 26], loss: 0.1, duplication: 0, tail: NO_TAIL },
  /** A bad day: loss, doubles, and one message in ten is late by up to most of a second. */
  stormy: { delay: [1, 20], loss: 0.15, duplication: 0.1, tail: { chance: 0.1, delay: [50, 800] } },
} as const satisfies Record<string, Conditions>;

export type NetworkName = keyof typeof NETWORKS;
