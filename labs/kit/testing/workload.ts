import type { KvOperation, Millis, NodeId } from "../contract";
import { Draws, keyOf } from "../random/keyed";
import type { Invocation } from "../trace/requests";
import type { World } from "../world/world";

/** What clients do. */
export interface WorkloadOptions {
  /** The next operation of a client: its n-th, from 1. Write values that are written once, and the checker is quick. */
  readonly next: (client: NodeId, n: number, draws: Draws) => KvOperation;
  /** How many operations each client invokes. Without: as many as there is time for, until {@link Workload.stop}. */
  readonly each?: number | undefined;
  /** How long a client rests after an operation, at least and at most. Without: not at all. */
  readonly rest?: readonly [Millis, Millis] | undefined;
  /** Without: all of the world's. */
  readonly clients?: readonly NodeId[] | undefined;
}

/** Clients at work: each invokes an operation, waits for its result, rests, and goes on. Its choices hang on the seed alone. */
export class Workload {
  private readonly invoked = new Map<NodeId, number>();
  private readonly draws = new Map<NodeId, Draws>();
  private readonly clients: readonly NodeId[];
  private isOver = false;

  /** Starts at once. A world has one workload at a time. */
  constructor(
    private readonly world: World,
    private readonly options: WorkloadOptions,
  ) {
    this.clients = options.clients ?? world.clients;
    world.simulation.requests.onComplete = (invocation) => this.rest(invocation);
    for (const client of this.clients) {
      this.draws.set(client, new Draws(keyOf(world.seed, `workload ${client}`)));
      this.goOn(client);
    }
  }

  /** No client begins another operation. Those that are open stay open. */
  stop(): void {
    this.isOver = true;
  }

  /** True once every client has had the result of its last operation. */
  get isDone(): boolean {
    const { each = Number.POSITIVE_INFINITY } = this.options;
    return this.clients.every(
      (client) => !this.world.isBusy(client) && (this.isOver || (this.invoked.get(client) ?? 0) >= each),
    );
  }

  private rest({ client }: Pick<Invocation, "client">): void {
    if (!this.clients.includes(client)) return;
    const [least, most] = this.options.rest ?? [0, 0];
    const pause = least + (this.draws.get(client) as Draws).next() * (most - least);
    this.world.after(pause, () => this.goOn(client));
  }

  private goOn(client: NodeId): void {
    const n = (this.invoked.get(client) ?? 0) + 1;
    if (this.isOver || n > (this.options.each ?? Number.POSITIVE_INFINITY)) return;
    this.invoked.set(client, n);
    const operation = this.options.next(client, n, this.draws.get(client) as Draws);
    if (this.world.parts.has(`${client}'s operation ${n}`)) this.world.invoke(client, operation);
    else this.rest({ client });
  }
}
