import type { NodeId } from "../contract";
import type { Outcome } from "./branches";
import type { Deeds } from "./deeds";
import type { Fingerprint } from "./fingerprint";
import type { LocalState } from "./local-state";

/** The states of single nodes that were met in a search: equal ones are one. */
export class LocalStates {
  private readonly known = new Map<string, LocalState>();

  constructor(
    private readonly names: readonly NodeId[],
    private readonly walks: readonly Fingerprint[],
    private readonly deeds: Deeds,
  ) {}

  get size(): number {
    return this.known.size;
  }

  /** The state with this content: the one that was met before, if it was. */
  of(
    node: number,
    { state: branch, fingerprints, reaction }: Outcome,
    world: Pick<LocalState, "timers" | "clock" | "disk" | "facts">,
  ): LocalState {
    const { role, currentTerm, leader, commitIndex } = reaction;
    const status = { role, currentTerm, leader, commitIndex };
    const { timers, disk, facts } = world;
    const keys = new Int32Array(2 * this.walks.length);
    for (const [i, walk] of this.walks.entries()) {
      const inner = [fingerprints[2 * i], fingerprints[2 * i + 1]];
      walk.of([this.names[node], inner, status, new Set(timers.keys()), disk, facts]);
      keys[2 * i] = walk.low;
      keys[2 * i + 1] = walk.high;
    }
    const key = `${node} ${keys[0]} ${keys[1]}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const id = this.known.size;
    const own = this.deeds.ownOf(node, world, role === "leader");
    const state: LocalState = { id, node, branch, keys, status, ...world, own, transitions: new Map() };
    this.known.set(key, state);
    return state;
  }
}
