import type { Letter, LocalState } from "./local-state";

/**
 * The key of a cluster's state: the sum of the keys of its nodes' states and of the messages on their way, so that a step
 * changes it by a few additions. It is kept for each set of names that the servers could have; the least counts.
 */
export class ClusterKey {
  /** The lanes of the key by the names that {@link choose} has chosen. */
  low = 0;
  high = 0;
  private readonly lanes: Int32Array;
  private readonly kept: Int32Array;

  /** @param renamings in how many ways the servers can be called */
  constructor(renamings: number) {
    this.lanes = new Int32Array(2 * renamings);
    this.kept = new Int32Array(2 * renamings);
  }

  /** The key of a whole state. */
  set(locals: readonly LocalState[], letters: readonly Letter[]): void {
    this.lanes.fill(0);
    for (const { keys } of locals) this.add(keys);
    for (const { keys } of letters) this.add(keys);
  }

  add(keys: Int32Array): void {
    const { lanes } = this;
    for (let i = 0; i < lanes.length; i++) lanes[i] += keys[i];
  }

  remove(keys: Int32Array): void {
    const { lanes } = this;
    for (let i = 0; i < lanes.length; i++) lanes[i] -= keys[i];
  }

  /** Remembers the key as it is, for {@link goBack}. */
  keep(): void {
    this.kept.set(this.lanes);
  }

  goBack(): void {
    this.lanes.set(this.kept);
  }

  /**
   * Chooses the names by which the key is least: a state has the same key by any names.
   * @param isSymmetric false: the names stay as they are
   */
  choose(isSymmetric: boolean): void {
    const { lanes } = this;
    this.low = lanes[0];
    this.high = lanes[1];
    if (!isSymmetric) return;
    for (let i = 2; i < lanes.length; i += 2) {
      const [low, high] = [lanes[i], lanes[i + 1]];
      if (high < this.high || (high === this.high && low < this.low)) {
        this.low = low;
        this.high = high;
      }
    }
  }
}
