import type { Host, NodeId, Reaction, Trouble } from "../../labs/kit";
import type { Attempt, Branches, Outcome } from "../../labs/kit/search";

/** Thrown to a run that nobody waits for any more. */
export class Abandoned extends Error {}

/** Thrown to a run that is still under way when the time of the whole grading is over. */
export class OutOfGradingTime extends Error {}

/** A search through the states of servers in a cell. */
export interface RemoteSearch {
  readonly host: RemoteHost;
  /** Servers by whose names states are compared. */
  readonly alike: readonly NodeId[];
  /** All servers and clients. */
  readonly names: readonly NodeId[];
}

/** The way to the cell that a host's servers are in. */
export interface Way {
  /** The host is of no more use. */
  closed(host: RemoteHost): void;
  makeHost(): RemoteHost;
  /** Has attempts of a search tried. */
  attempt(search: RemoteSearch, attempts: readonly Attempt[]): Promise<Outcome[]>;
}

/** The place of one world's servers in a cell. */
export class RemoteHost implements Host {
  isClosed = false;
  /** What its world weighs, as far as that is counted already. */
  weight = 0;

  constructor(
    readonly world: number,
    private readonly way: Way,
  ) {}

  react(): Reaction {
    throw new Error("Servers in a cell are reached over its crossing only.");
  }

  /** A cell never comes back to an event loop: nothing happens in there between two events. */
  lateTrouble(): Trouble | undefined {
    return undefined;
  }

  close(): void {
    this.way.closed(this);
  }

  another(): RemoteHost {
    return this.way.makeHost();
  }

  branches(alike: readonly NodeId[], names: readonly NodeId[]): Branches {
    const search = { host: this, alike, names };
    return { attempt: (attempts) => this.way.attempt(search, attempts) };
  }
}
