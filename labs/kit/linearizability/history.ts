import type { Millis } from "../contract";

/** A point of a run: when it was, for people, and where it stands in the order of all events, for the checker. */
export interface Moment {
  /** Virtual time. Two moments may have the same. */
  readonly at: Millis;
  /** A whole number, 0 or more, that no other moment of the history has: earlier moments have smaller ones. */
  readonly position: number;
}

/** The moment in which a client got its answer, and the answer. */
export interface Completion<Result> extends Moment {
  readonly result: Result;
}

/** One operation as its client saw it. Everything between the two moments is hidden from the client. */
export interface HistoryItem<Operation, Result> {
  readonly client: string;
  readonly operation: Operation;
  readonly invoked: Moment;
  /** Undefined: it never returned. It may take effect at any later point, or never. */
  readonly completed: Completion<Result> | undefined;
}

/** What the clients of a run saw, in any order: the positions say what came first. */
export type History<Operation, Result> = readonly HistoryItem<Operation, Result>[];

/** Writes a history down while the run goes on, and numbers its moments in the order in which it is told of them. */
export class HistoryRecorder<Operation, Result> {
  private readonly items: HistoryItem<Operation, Result>[] = [];
  private moments = 0;

  /** @returns the number to complete the operation with */
  invoke(client: string, operation: Operation, at: Millis): number {
    const invoked = { at, position: this.moments++ };
    return this.items.push({ client, operation, invoked, completed: undefined }) - 1;
  }

  /** An operation completes once. One that is never completed stays open. */
  complete(id: number, result: Result, at: Millis): void {
    const item = this.items[id];
    if (item === undefined || item.completed !== undefined)
      throw new RangeError(`Operation ${id} is not open: complete each invoked operation once, at most.`);
    this.items[id] = { ...item, completed: { at, position: this.moments++, result } };
  }

  get history(): History<Operation, Result> {
    return [...this.items];
  }
}
