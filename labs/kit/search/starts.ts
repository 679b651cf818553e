import type { Json } from "../contract";
import type { Boot } from "../host/reaction";
import { keyOf } from "../random/keyed";
import { type Attempt, NOTHING, NOWHERE, type Outcome } from "./branches";
import { Fingerprint } from "./fingerprint";
import { textOf } from "./letters";
import type { SpaceSetup } from "./space";

/** What a node does when it starts with something on its disk, whatever happened before. */
export interface Start {
  readonly outcome: Outcome;
  readonly disk: ReadonlyMap<string, Json>;
}

/** A start that is wanted. */
export interface Wanted {
  readonly node: number;
  readonly disk: ReadonlyMap<string, Json>;
}

/** The starts of nodes: each is tried once for each content of the disk. */
export class Starts {
  private readonly known = new Map<string, Start>();
  private readonly exact = new Fingerprint((text) => text);

  constructor(
    private readonly setup: Pick<SpaceSetup, "ids" | "clients" | "seed">,
    private readonly attempt: (attempts: readonly Attempt[]) => Promise<readonly Outcome[]>,
  ) {}

  async of(wanted: readonly Wanted[]): Promise<Start[]> {
    const keys = wanted.map(({ node, disk }) => textOf(this.exact, [node, disk]));
    const fresh = new Map<string, Wanted>();
    for (const [i, key] of keys.entries()) if (!this.known.has(key)) fresh.set(key, wanted[i]);
    const outcomes = await this.attempt([...fresh.values()].map((one) => this.attemptOf(one)));
    for (const [i, [key, { disk }]] of [...fresh].entries())
      this.known.set(key, { outcome: outcomes[i], disk });
    return keys.map((key) => this.known.get(key) as Start);
  }

  private attemptOf({ node, disk }: Wanted): Attempt {
    const { ids, clients, seed } = this.setup;
    const all = [...ids, ...clients];
    const peers = ids.filter((id) => id !== all[node]);
    const boot: Boot = { ids: all, peers, clients, randomKey: keyOf(seed, "server", node, 1), disk };
    return { from: NOWHERE, stimulus: { ...NOTHING, node, now: 0, kind: "start", boot } };
  }
}
