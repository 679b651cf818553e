/** How a cell came to its end. */
export type CellEnd =
  /** It gave no answer for too long. */
  | { readonly kind: "silent" }
  /** Its process ended. */
  | { readonly kind: "died" }
  /** It sent something that our own code in there would never send. */
  | { readonly kind: "violation"; readonly what: string };

/** Thrown to whoever waits for a cell that has ended. */
export class CellLost extends Error {
  constructor(
    readonly end: CellEnd,
    /** True for a world that the cell may have been working on. */
    readonly isSuspect = false,
  ) {
    super(`The cell is lost: ${end.kind}.`);
  }
}

/** Thrown where no cell can be had, through no fault of a submission. */
export class NoCell extends Error {}

/** Thrown where a cell ended while it loaded a program. */
export class LoadingLost extends Error {
  constructor(
    readonly end: CellEnd,
    readonly lastWords: string,
  ) {
    super(`The cell is lost while loading: ${end.kind}.`);
  }
}
