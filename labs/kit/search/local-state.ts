import type { Json, Millis, Status } from "../contract";
import type { AnyMessage, Reaction } from "../host/reaction";
import type { Facts } from "./facts";

/** A message on its way from one node to another. Equal ones are the same letter. */
export interface Letter {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly message: AnyMessage;
  /** Two lanes for each renaming. */
  readonly keys: Int32Array;
  /** The number of the deed that receiving it is. */
  readonly deed: number;
}

/** Something that can happen at a node. Each has a number. */
export type Deed =
  | { readonly kind: "deliver"; readonly node: number; readonly letter: Letter }
  | { readonly kind: "timer"; readonly node: number; readonly name: string }
  | { readonly kind: "propose"; readonly node: number; readonly command: Json; readonly nth: number }
  | { readonly kind: "invoke"; readonly node: number; readonly nth: number }
  /** The node stops and starts again. */
  | { readonly kind: "reboot"; readonly node: number }
  /** The node stops while it does something else, after so many effects, and starts again. */
  | { readonly kind: "cut"; readonly node: number; readonly of: number; readonly effects: number };

/** What a deed makes of a node's state. */
export interface Transition {
  /** Undefined: the node came into trouble, and the run ends. */
  readonly to: LocalState | undefined;
  /** The letters that the node sent, in order. */
  readonly letters: readonly Letter[];
  readonly reaction: Reaction;
  /** For a reboot or a cut: what the node did when it started again. */
  readonly restart?: Reaction | undefined;
  /** True if what the node has done in all its lives is at odds with itself, or with a rule that one server can break alone. */
  readonly isSuspect: boolean;
}

/** What a node is, at some point of a search, with all that the world knows of it. Equal ones are the same object. */
export interface LocalState {
  readonly id: number;
  readonly node: number;
  /** The number of the state where servers live. */
  readonly branch: number;
  /** Two lanes for each renaming. */
  readonly keys: Int32Array;
  readonly status: Status;
  /** Its running timers, and when its own clock says that each is due. */
  readonly timers: ReadonlyMap<string, Millis>;
  readonly clock: Millis;
  readonly disk: ReadonlyMap<string, Json>;
  readonly facts: Facts;
  /** Numbers of the deeds that are its own, and need no letter. */
  readonly own: readonly number[];
  /** What is known already, by the number of the deed. */
  readonly transitions: Map<number, Transition>;
}
