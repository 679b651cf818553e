import type { Host, Reaction, Trouble } from "../../labs/kit";

/** Thrown to a run that nobody waits for any more. */
export class Abandoned extends Error {}

/** Thrown to a run that is still under way when the time of the whole grading is over. */
export class OutOfGradingTime extends Error {}

/** The place of one world's servers in a cell. */
export class RemoteHost implements Host {
  isClosed = false;
  /** What its world weighs, as far as that is counted already. */
  weight = 0;

  constructor(
    readonly world: number,
    private readonly onClose: (host: RemoteHost) => void,
  ) {}

  react(): Reaction {
    throw new Error("Servers in a cell are reached over its crossing only.");
  }

  /** A cell never comes back to an event loop: nothing happens in there between two events. */
  lateTrouble(): Trouble | undefined {
    return undefined;
  }

  close(): void {
    this.onClose(this);
  }
}
