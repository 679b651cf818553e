import type { KvOperation } from "../../contract";
import type { KvIllegal, KvItem } from "../kv";
import { type Piece, Pieces } from "../zones/pieces";

/** What a headline can look up about an illegal history. Only completed operations prove anything. */
export class Evidence {
  readonly offender: KvItem;
  /** The operations on this key: those that contradict each other first. */
  readonly items: readonly KvItem[];
  readonly hasAppends: boolean;
  private readonly writers: readonly KvItem[];
  /** Undefined if a value may have been made in two ways. */
  private readonly pieces: Pieces | undefined;

  constructor({ offender, core, items }: KvIllegal) {
    this.offender = offender;
    this.items = [...core, ...items.filter((item) => !core.includes(item))];
    this.writers = items.filter((item) => mayWrite(item));
    this.hasAppends = this.writers.some(({ operation }) => operation.kind === "append");
    const written = this.writers.map(({ operation }, writer): Piece => ({ text: textOf(operation), writer }));
    this.pieces = Pieces.of(written, this.hasAppends);
  }

  /** True if every value tells by which operations it was made. */
  get isTelling(): boolean {
    return this.pieces !== undefined;
  }

  /** Operations that had completed before `item` was invoked. */
  before(item: KvItem): KvItem[] {
    return this.items.filter((other) => precedes(other, item));
  }

  /**
   * The operations that made a value, in order: one that wrote the whole of it, then appends. Empty for a missing key.
   * @returns undefined if none can have made it, or if it does not tell
   */
  makersOf(value: string | null): KvItem[] | undefined {
    if (value === null) return [];
    const lengthOf = (writer: number) => textOf(this.writers[writer].operation).length;
    const makers = this.pieces?.writersOf(value, lengthOf)?.map((writer) => this.writers[writer]);
    return makers?.slice(1).every(({ operation }) => operation.kind === "append") ? makers : undefined;
  }

  /**
   * The operations of which one began the way to the value: it can be seen only after one of them, and only until
   * the next write of a whole value. None, if the way began at the missing key.
   * @returns undefined if that cannot be said
   */
  beginningsOf(value: string | null): KvItem[] | undefined {
    if (value === null) return [];
    if (!this.hasAppends) {
      const writers = this.writers.filter(({ operation }) => textOf(operation) === value);
      return writers.length === 0 ? undefined : writers;
    }
    const makers = this.makersOf(value);
    return makers?.[0]?.operation.kind === "append" ? [] : makers?.slice(0, 1);
  }

  /** True if the operation would write the value, or the beginning of one to which the rest was appended. */
  writesBeginningOf(value: string, { operation }: KvItem): boolean {
    if (operation.kind === "get") return false;
    return this.hasAppends ? value.startsWith(operation.value) : value === operation.value;
  }

  /** True if no operation of the prefix can have begun the way to the value. */
  isUnheardOf(value: string): boolean {
    return !this.writers.some((writer) => this.writesBeginningOf(value, writer));
  }
}

export function precedes(a: KvItem, b: KvItem): boolean {
  return a.completed !== undefined && a.completed.position < b.invoked.position;
}

/** What an operation showed its client of the key: the value itself, or nothing certain. */
export function seenBy({ operation, completed }: KvItem): { readonly value: string | null } | undefined {
  if (operation.kind === "get" && completed !== undefined && typeof completed.result !== "boolean")
    return { value: completed.result };
  if (operation.kind === "cas" && completed?.result === true) return { value: operation.expected };
  return undefined;
}

/** True unless the operation is known to have written nothing. */
export function mayWrite({ operation, completed }: KvItem): boolean {
  if (operation.kind === "cas") return completed?.result !== false && operation.expected !== operation.value;
  return operation.kind !== "get";
}

function textOf(operation: KvOperation): string {
  return operation.kind === "get" ? "" : operation.value;
}
