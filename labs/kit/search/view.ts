import type { LogIndex, NodeId, Status } from "../contract";
import type { AnyMessage } from "../host/reaction";
import { type BudgetKind, usedOf } from "./budget";
import type { Deed, Letter, LocalState } from "./local-state";
import type { Space } from "./space";

/** A step that a search could take, for a test that has a say in it. */
export interface StepView {
  /** "cut": the node stops in the middle of something, and starts again. */
  readonly kind: Deed["kind"];
  readonly node: NodeId;
  /** Of a delivery. */
  readonly from?: NodeId | undefined;
  readonly message?: AnyMessage | undefined;
  /** Of a timer. */
  readonly name?: string | undefined;
}

/** A state of the cluster, as a test sees it. */
export class StateView {
  private locals: readonly LocalState[] = [];
  private waiting: readonly Letter[] = [];
  private used = 0;

  constructor(private readonly space: Space) {}

  /** Looks at another state. */
  at(locals: readonly LocalState[], letters: readonly Letter[], used: number): this {
    this.locals = locals;
    this.waiting = letters;
    this.used = used;
    return this;
  }

  /** What a server says about itself. */
  status(id: NodeId): Status {
    return this.local(id).status;
  }

  /** The servers that say they lead. */
  get leaders(): NodeId[] {
    const { names } = this.space;
    return this.locals.filter(({ status }) => status.role === "leader").map(({ node }) => names[node]);
  }

  /** How many entries a server has applied, over all its lives. */
  applied(id: NodeId): LogIndex {
    return this.local(id).facts.applied.size;
  }

  /** How many operations a client has completed. */
  completed(id: NodeId): number {
    return this.local(id).facts.results.length;
  }

  /** How often something has happened on the way here. */
  count(kind: BudgetKind): number {
    return usedOf(this.used, kind);
  }

  /** The messages on their way. */
  get messages(): { readonly from: NodeId; readonly to: NodeId; readonly message: AnyMessage }[] {
    const { names } = this.space;
    return this.waiting.map(({ from, to, message }) => ({ from: names[from], to: names[to], message }));
  }

  private local(id: NodeId): LocalState {
    const local = this.locals[this.space.names.indexOf(id)];
    if (local === undefined)
      throw new RangeError(`There is no node ${id}; there are ${this.space.names.join(", ")}.`);
    return local;
  }
}

/** A deed as a test sees it. */
export function stepView(space: Space, deed: Deed): StepView {
  const node = space.names[deed.node];
  if (deed.kind === "deliver")
    return { kind: deed.kind, node, from: space.names[deed.letter.from], message: deed.letter.message };
  return { kind: deed.kind, node, name: deed.kind === "timer" ? deed.name : undefined };
}
