import type { Network } from "./network";
import type { Node } from "./node";

/** What was broken right after one of the faults struck or ended. Nodes are numbers, as in the trace. */
export interface Breakage {
  /** The trace record that tells of the fault. */
  readonly record: number;
  /** Links over which nothing arrives. */
  readonly cut: readonly Link[];
  /** Links that are slower than the network makes them. */
  readonly slow: readonly Link[];
  /** Nodes that are frozen. */
  readonly frozen: readonly number[];
}

type Link = readonly [from: number, to: number];

/**
 * What was broken when, for drawings: the trace tells of faults in words only. It is no part of the trace, so that a
 * run's fingerprint does not hang on it.
 */
export class FaultLog {
  readonly breakages: Breakage[] = [];

  constructor(
    private readonly network: Network,
    private readonly nodes: readonly Node[],
  ) {}

  /** Looks at the world after a fault was noted. */
  look(record: number): void {
    const { network, nodes } = this;
    const cut: Link[] = [];
    const slow: Link[] = [];
    for (let from = 0; from < nodes.length; from++) {
      for (let to = 0; to < nodes.length; to++) {
        if (network.blocks(from, to)) cut.push([from, to]);
        if (network.isSlowed(from, to)) slow.push([from, to]);
      }
    }
    const frozen = nodes.filter(({ isPaused }) => isPaused).map(({ index }) => index);
    this.breakages.push({ record, cut, slow, frozen });
  }
}
