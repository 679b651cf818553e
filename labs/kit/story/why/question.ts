import type { NodeId, Proposed } from "../../contract";

/** What somebody who reads of a disappointment wants to know: the trace is asked, and answers in the story. */
export type Question =
  /** Nobody was elected. `since` is the length of the trace when the waiting began. */
  | { readonly kind: "no-leader"; readonly among: readonly NodeId[]; readonly since: number }
  /** There is one election after the other, or one too many. */
  | { readonly kind: "no-peace"; readonly among: readonly NodeId[]; readonly since: number }
  /** An entry that a leader took is not applied by all of a group. */
  | { readonly kind: "not-applied"; readonly entry: Proposed; readonly among: readonly NodeId[] }
  /** A client's operation is still open. */
  | {
      readonly kind: "not-answered";
      readonly client: NodeId;
      /** The only server that it can reach, if the question is why it does not even ask that one. */
      readonly server?: NodeId | undefined;
    };

/** What the trace says to a {@link Question}. */
export interface Answer {
  /** What sort of reason it is, the same for all runs that fail for it: "no-leader: no timer". */
  readonly cause: string;
  /** The one decisive reason, as a sentence. */
  readonly reason: string;
  /** Trace records that prove it. */
  readonly evidence: readonly number[];
  /** Among them the first step at which a rule is broken; only if it is broken whatever the design. */
  readonly wrong?: number | undefined;
  /** Without: what the test says. */
  readonly rule?: string | undefined;
  readonly next?: string | undefined;
}
