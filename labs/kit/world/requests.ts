import type { Json, KvOperation, KvResult } from "../contract";
import { freezeDeep, HandOver } from "../host/hand-over";
import type { Stimulus } from "../host/reaction";
import type { Invocation, Open, Proposal } from "../trace/requests";
import { KIND, MICROS_PER_MILLI, type Micros, NONE, type Trace } from "../trace/trace";
import type { Node } from "./node";
import type { ReusedStimulus } from "./reused-stimulus";
import type { Watchers } from "./watchers";

/** What {@link Requests} needs of the engine. */
export interface RequestEngine {
  readonly trace: Trace;
  readonly watchers: Watchers;
  readonly now: () => Micros;
  /** Lets something happen to a node now; if the node is frozen, when it goes on. */
  readonly give: (node: Node, happen: () => Stimulus | undefined) => void;
  /** Begins the handling of a record. */
  readonly stimulate: (node: Node, record: number) => ReusedStimulus;
}

/** What a test asks of nodes, commands of servers and operations of clients, and what comes of it. */
export class Requests {
  /** All operations that clients were given, in order. */
  readonly invocations: Invocation[] = [];
  /** Called for each operation that a client has completed. */
  onComplete: (invocation: Invocation) => void = () => {};

  /** What a server is asked to put into the log, while it is being asked. */
  private proposal: Open<Proposal> | undefined;

  constructor(private readonly engine: RequestEngine) {}

  /** Gives a command to a server now. A frozen server gets it when it goes on; a stopped one answers null. */
  propose(node: Node, command: Json): Proposal {
    const { trace, watchers, now, give, stimulate } = this.engine;
    const copy = ownCopy(command, "proposes a command");
    const proposal: Open<Proposal> = { server: node.id, command: copy, answer: undefined };
    give(node, () => {
      if (!node.isUp) {
        proposal.answer = null;
        return undefined;
      }
      this.proposal = proposal;
      const record = trace.add(KIND.propose, now(), node.index, NONE, NONE, proposal);
      watchers.onPropose(node.index, copy, record);
      return stimulate(node, record).forCommand("propose", copy);
    });
    return proposal;
  }

  /** The server that was asked has come through its handler: this is its answer, if it was asked for one. */
  answer(node: Node, answer: Proposal["answer"], handler: number): void {
    const { proposal } = this;
    if (proposal === undefined) return;
    this.proposal = undefined;
    proposal.answer = answer;
    this.engine.watchers.onProposal(node.index, proposal, handler);
  }

  /** The server that was asked has stopped before it could say anything. */
  giveUp(): void {
    if (this.proposal !== undefined) this.proposal.answer = null;
    this.proposal = undefined;
  }

  /** Gives an operation to a client now. It must not have one already. */
  invoke(node: Node, operation: KvOperation): Invocation {
    const { trace, now, give, stimulate } = this.engine;
    if (node.invocation !== undefined) throw new RangeError(`${node.id} still works on another operation.`);
    const invocation: Open<Invocation> = {
      client: node.id,
      operation: ownCopy(operation, "invokes an operation"),
      record: NONE,
      invokedAt: now() / MICROS_PER_MILLI,
      completion: undefined,
      completedAt: undefined,
      result: undefined,
    };
    node.invocation = invocation;
    give(node, () => {
      if (!node.isUp) return undefined;
      invocation.record = trace.add(KIND.invoke, now(), node.index, NONE, NONE, invocation);
      this.invocations.push(invocation);
      return stimulate(node, invocation.record).forCommand("invoke", invocation.operation);
    });
    return invocation;
  }

  /** @returns false if the node has no operation that it could complete */
  complete(node: Node, result: KvResult, handler: number): boolean {
    const { trace, now } = this.engine;
    const { invocation } = node;
    if (invocation === undefined) return false;
    node.invocation = undefined;
    invocation.completion = trace.add(KIND.complete, now(), node.index, NONE, handler, invocation);
    invocation.completedAt = now() / MICROS_PER_MILLI;
    invocation.result = result;
    this.onComplete(invocation);
    return true;
  }
}

function ownCopy<T extends Json>(value: T, what: string): T {
  const copy = new HandOver().take(value);
  if (copy === undefined) throw new TypeError(`A test ${what} that is not plain data.`);
  return freezeDeep(copy);
}
