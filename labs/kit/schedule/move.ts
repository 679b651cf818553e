import type { Json, KvOperation, Millis, NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";

/** One thing that happens in a run, chosen from all that could. Plain data: it is kept in run files. */
export type Move = Happening & {
  /** When, if that is told. Without: as soon as it can. */
  readonly at?: Millis | undefined;
  /** The node stops while it handles this: after so many effects. */
  readonly effects?: number | undefined;
};

export type Happening =
  /** A message on its way arrives: the oldest one like this. */
  | {
      readonly kind: "deliver";
      readonly from: NodeId;
      readonly to: NodeId;
      readonly message: AnyMessage;
      /** True: it arrives once more later. */
      readonly again?: boolean | undefined;
    }
  /** A message of a node that a test plays arrives. */
  | { readonly kind: "inject"; readonly from: NodeId; readonly to: NodeId; readonly message: AnyMessage }
  /** A timer runs out. */
  | { readonly kind: "timer"; readonly node: NodeId; readonly name: string }
  | { readonly kind: "propose"; readonly node: NodeId; readonly command: Json }
  | { readonly kind: "invoke"; readonly node: NodeId; readonly operation: KvOperation }
  | { readonly kind: "stop"; readonly node: NodeId }
  /** A stopped node starts again. */
  | { readonly kind: "start"; readonly node: NodeId };

/** Where a move happens. */
export function nodeOf(move: Happening): NodeId {
  return move.kind === "deliver" || move.kind === "inject" ? move.to : move.node;
}
