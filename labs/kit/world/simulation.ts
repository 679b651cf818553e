import type { Json, Millis, NodeId, Status } from "../contract";
import { freezeDeep, HandOver } from "../host/hand-over";
import type { AnyMessage, Effect, Reaction, SendEffect, Stimulus, Trouble } from "../host/reaction";
import type { OracleMaker, Passage } from "../oracles";
import { keyOf } from "../random/keyed";
import { beforeWords } from "../story/words";
import { KIND, MICROS_PER_MILLI, type Micros, NONE, type Trace } from "../trace/trace";
import { type Budget, BudgetExceeded } from "./budget";
import type { Conditions } from "./conditions";
import type { Queue } from "./event-queue";
import { FaultLog } from "./fault-log";
import { Foresight } from "./foresight";
import { MessageCounts } from "./message-counts";
import { LOST, Network } from "./network";
import { Node } from "./node";
import { Outlook } from "./outlook";
import { Requests } from "./requests";
import { ReusedStimulus } from "./reused-stimulus";
import { Watchers } from "./watchers";

export interface SimulationSetup {
  readonly seed: number;
  /** The servers. */
  readonly ids: readonly NodeId[];
  readonly clients: readonly NodeId[];
  /** Nodes that a test plays. */
  readonly scripted: ReadonlySet<NodeId>;
  readonly conditions: Conditions;
  readonly oracles: readonly OracleMaker[];
  readonly budget: Budget;
  /** What decides on the order of events. */
  readonly queue: Queue;
  readonly trace: Trace;
}

/** Something that a test planned: it may make a server do something. */
type Action = () => Stimulus | undefined;

/** Thrown when a server did not come through an event. */
export class ServerTrouble extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.kind);
  }
}

/**
 * The engine of the simulated world. It knows no student code: {@link next} says what happens to which server, and
 * {@link absorb} takes in what the server did. Whoever stands between the two decides where servers run.
 */
export class Simulation {
  readonly trace: Trace;
  readonly counts = new MessageCounts();
  readonly network: Network;
  /** Servers first, then clients. */
  readonly nodes: readonly Node[];
  readonly names: readonly NodeId[];
  readonly requests: Requests;
  readonly faultLog: FaultLog;
  now: Micros = 0;
  /** Events handled so far. */
  events = 0;
  /** What servers have used so far of the rest of the {@link Budget}. */
  effects = 0;
  bytes = 0;
  steps = 0;
  /** Called for each message that reaches a scripted node. */
  onScripted: (passage: Passage) => void = () => {};

  private readonly queue: Queue;
  private readonly foresight: Foresight;
  readonly outlook: Outlook;
  private readonly actions: Action[] = [];
  private readonly watchers: Watchers;
  private readonly stimulus = new ReusedStimulus();
  /** The number of the event that happened last, as {@link foresee} tells it. */
  lastRef = NONE;
  private readonly passage: { -readonly [K in keyof Passage]: Passage[K] };
  /** Servers that are to be stopped before the first effect of which this is true. */
  private readonly stopsBefore = new Map<number, (effect: Effect) => boolean>();
  /** The record of the event being handled, and its server. */
  private handler = NONE;
  private until: Micros = 0;
  private isReached: (() => boolean) | undefined;

  constructor(private readonly setup: SimulationSetup) {
    const { seed, ids, clients, scripted, conditions, queue, trace } = setup;
    this.queue = queue;
    this.trace = trace;
    this.foresight = new Foresight(queue);
    this.outlook = new Outlook(this.foresight, this);
    this.names = [...ids, ...clients];
    this.nodes = this.names.map((id, index) => new Node(index, id, scripted.has(id), index >= ids.length));
    this.network = new Network(seed, this.nodes.length, conditions);
    this.faultLog = new FaultLog(this.network, this.nodes);
    this.watchers = new Watchers(setup.oracles, {
      ids,
      names: this.names,
      isScripted: (node) => this.nodes[node].isScripted,
      statusOf: (node) => this.nodes[node].status,
    });
    this.requests = new Requests({
      trace: this.trace,
      watchers: this.watchers,
      now: () => this.now,
      give: (node, happen) => this.give(node, happen),
      stimulate: (node, record) => this.stimulate(node, record),
    });
    this.passage = { from: 0, to: 0, message: { type: "" }, record: NONE };
  }

  /** Sets the goal of the coming steps: a time, and a condition that ends them earlier. */
  aim(until: Micros, isReached?: () => boolean): void {
    this.until = until;
    this.isReached = isReached;
  }

  /**
   * Goes on to the next event that concerns a server.
   * @returns what happens to it (valid until the next call), or undefined once the goal is reached
   */
  next(): Stimulus | undefined {
    while (this.isReached === undefined || !this.isReached()) {
      if (this.foresight.nextAt > this.until) {
        this.now = this.until;
        return undefined;
      }
      const stimulus = this.happen();
      if (stimulus !== undefined) return stimulus;
    }
    return undefined;
  }

  /** Tells events that come after the one of the last {@link next}, if nothing happens meanwhile: see {@link Outlook}. */
  foresee(tell: (stimulus: Stimulus, ref: number) => boolean): void {
    // A condition may end the steps after any event, and a server may stop in the middle of its work.
    // And a test that hears of a client's result may do something at once.
    if (this.isReached !== undefined || this.stopsBefore.size > 0) return;
    if (this.nodes[this.stimulus.node].isClient) return;
    this.outlook.tell(this.now, this.until, tell);
  }

  /** Handles the earliest event, up to the point where a server has to work. */
  private happen(): Stimulus | undefined {
    const { events } = this.setup.budget;
    if (++this.events > events) throw new BudgetExceeded("events", events);
    this.now = this.foresight.nextAt;
    const ref = this.foresight.pop();
    this.lastRef = ref;
    if (ref < 0) return this.actions[-1 - ref]();
    return this.trace.kindOf(ref) === KIND.send ? this.deliver(ref) : this.fire(ref);
  }

  private deliver(send: number): Stimulus | undefined {
    const { trace } = this;
    const from = trace.nodeOf(send);
    const to = trace.peerOf(send);
    const node = this.nodes[to];
    if (!node.isUp) return this.drop(send, "the server is stopped");
    if (this.network.blocks(from, to)) return this.drop(send, "the link is cut");
    if (node.isPaused) {
      node.backlog.push(send);
      return undefined;
    }
    const { message, original } = trace.dataOf(send) as SendEffect;
    const record = trace.add(KIND.deliver, this.now, to, from, send, undefined);
    this.watchers.onDeliver(this.pass(from, to, message, record));
    if (node.isScripted) {
      this.onScripted(this.pass(from, to, message, record));
      return undefined;
    }
    return this.stimulate(node, record).forMessage(from, original);
  }

  private fire(set: number): Stimulus | undefined {
    const { trace } = this;
    const node = this.nodes[trace.nodeOf(set)];
    const name = trace.timerOf(set);
    if (node.timers.get(name) !== set) return undefined; // replaced, cancelled, or of an earlier life
    if (node.isPaused) {
      node.backlog.push(set);
      return undefined;
    }
    node.timers.delete(name);
    const record = trace.add(KIND.timer, this.now, node.index, NONE, set, undefined);
    return this.stimulate(node, record).forTimer(name);
  }

  private stimulate(node: Node, record: number): ReusedStimulus {
    this.handler = record;
    this.stimulus.node = node.index;
    this.stimulus.now = node.clock(this.now);
    return this.stimulus;
  }

  /** Carries out what a server did. Throws what an oracle finds, and the server's own trouble. */
  absorb(reaction: Reaction): void {
    const node = this.nodes[this.trace.nodeOf(this.handler)];
    const stop = this.stopsBefore.size > 0 ? this.stopsBefore.get(node.index) : undefined;
    const { effects, effectCount } = reaction;
    for (let i = 0; i < effectCount; i++) {
      const effect = effects[i];
      if (stop?.(effect)) {
        this.requests.giveUp();
        this.stop(node, `${node.id} stops in the middle of its work, ${beforeWords(effect, this.names)}`);
        return;
      }
      this.carryOut(node, effect);
    }
    if (reaction.trouble !== undefined) throw new ServerTrouble(reaction.trouble);
    this.charge(reaction);
    this.requests.answer(node, reaction.answer, this.handler);
    if (!node.isClient) this.noteStatus(node, reaction);
  }

  private charge({ effectCount, steps }: Reaction): void {
    const { budget } = this.setup;
    this.effects += effectCount;
    this.steps += steps;
    if (this.effects > budget.effects) throw new BudgetExceeded("effects", budget.effects);
    if (this.bytes > budget.bytes) throw new BudgetExceeded("bytes", budget.bytes);
    if (this.steps > budget.steps) throw new BudgetExceeded("steps", budget.steps);
  }

  private carryOut(node: Node, effect: Effect): void {
    const { trace, now, handler } = this;
    switch (effect.kind) {
      case "send":
        this.send(node.index, effect, handler);
        break;
      case "setTimer": {
        this.bytes += effect.name.length;
        const due = node.dueAt(now, effect.delay);
        const record = trace.add(KIND.setTimer, now, node.index, NONE, handler, effect.name);
        node.timers.set(effect.name, record);
        this.queue.push(due, record);
        break;
      }
      case "cancelTimer":
        this.bytes += effect.name.length;
        node.timers.delete(effect.name);
        trace.add(KIND.cancelTimer, now, node.index, NONE, handler, effect.name);
        break;
      case "write":
        this.bytes += effect.bytes;
        node.writes += 1;
        node.writtenBytes += effect.bytes;
        trace.add(KIND.write, now, node.index, NONE, handler, effect.changes);
        writeTo(node.disk, effect.changes);
        break;
      case "apply": {
        if (node.isClient) throw impossible(node, "apply", "servers only to have a state machine");
        this.bytes += effect.bytes;
        const record = trace.add(KIND.apply, now, node.index, NONE, handler, effect.entry);
        node.applied.push(effect.entry);
        this.watchers.onApply(node.index, effect.entry, record);
        break;
      }
      case "complete":
        if (!this.requests.complete(node, effect.result, this.handler))
          throw impossible(node, "complete", "one result for each operation");
        break;
      case "log":
        this.bytes += effect.text.length;
        trace.add(KIND.log, now, node.index, NONE, handler, effect.text);
    }
  }

  private send(from: number, effect: SendEffect, cause: number): void {
    const { to, bytes, message } = effect;
    const record = this.trace.add(KIND.send, this.now, from, to, cause, effect);
    this.bytes += bytes;
    this.counts.add(message.type, bytes);
    this.watchers.onSend(this.pass(from, to, message, record));
    // Drawn even if the link is cut: the fate of later messages must not hang on the cut.
    const delay = this.network.route(from, to);
    if (this.network.blocks(from, to)) {
      this.drop(record, "the link is cut");
      return;
    }
    if (delay === LOST) {
      this.drop(record, "lost by the network");
      return;
    }
    this.queue.push(this.now + delay, record);
    if (this.network.echo !== LOST) this.queue.push(this.now + this.network.echo, record);
  }

  private noteStatus(node: Node, { role, currentTerm, leader, commitIndex }: Reaction): void {
    const before = node.status;
    if (
      before.role === role &&
      before.currentTerm === currentTerm &&
      before.leader === leader &&
      before.commitIndex === commitIndex
    )
      return;
    const after: Status = { role, currentTerm, leader, commitIndex };
    node.status = after;
    const record = this.trace.add(KIND.status, this.now, node.index, NONE, this.handler, {
      before,
      after,
    });
    this.watchers.onStatus(node.index, before, after, record);
  }

  private drop(send: number, why: string): undefined {
    const { trace } = this;
    trace.add(KIND.drop, this.now, trace.peerOf(send), trace.nodeOf(send), send, why);
  }

  private pass(from: number, to: number, message: AnyMessage, record: number): Passage {
    const { passage } = this;
    passage.from = from;
    passage.to = to;
    passage.message = message;
    passage.record = record;
    return passage;
  }

  /** When the next event is due; Infinity if there is none. */
  get nextAt(): Micros {
    return this.foresight.nextAt;
  }

  /** Plans an action for a time. */
  plan(at: Micros, action: Action): void {
    this.actions.push(action);
    this.queue.push(at, -this.actions.length);
  }

  /** Starts a node now: for the first time, or again with what is on its disk. */
  start(node: Node): void {
    const start = ++node.nextStart;
    this.plan(this.now, () => {
      if (node.nextStart !== start) return undefined;
      const record = this.trace.add(KIND.start, this.now, node.index, NONE, NONE, undefined);
      node.isUp = true;
      node.lives += 1;
      node.timers.clear();
      node.status = { role: "follower", currentTerm: 0 };
      node.applied = [];
      if (node.isScripted) return undefined;
      this.watchers.onStart(node.index, record);
      const { ids, clients, seed } = this.setup;
      const peers = ids.filter((id) => id !== node.id);
      const randomKey = keyOf(seed, "server", node.index, node.lives);
      return this.stimulate(node, record).forStart({
        ids: this.names,
        peers,
        clients,
        randomKey,
        disk: node.disk,
      });
    });
  }

  /** Plans something that a test gives to a node. If the node is frozen by then, it waits with all the rest. */
  private give(node: Node, happen: Action): void {
    this.plan(this.now, () => {
      if (!node.isPaused) return happen();
      node.backlog.push(this.lastRef);
      return undefined;
    });
  }

  /** Stops a node: all but its disk is lost. */
  stop(node: Node, why: string): void {
    node.isUp = false;
    node.nextStart += 1;
    node.isPaused = false;
    // What a test gave it while it was frozen is still to be answered: by nobody.
    for (const ref of node.backlog) if (ref < 0) this.queue.push(this.now, ref);
    node.backlog.length = 0;
    node.timers.clear();
    node.applied = [];
    this.stopsBefore.delete(node.index);
    this.note(KIND.fault, why, node.index);
  }

  /** Plans to stop a node right before it carries out the first effect of which `matches` is true. */
  stopBefore(node: Node, matches: (effect: Effect) => boolean): void {
    this.stopsBefore.set(node.index, matches);
  }

  stopNever(node: Node): void {
    this.stopsBefore.delete(node.index);
  }

  pause(node: Node): void {
    node.isPaused = true;
  }

  /** Lets a paused node go on: what came due meanwhile happens now, in its order. */
  resume(node: Node): void {
    node.isPaused = false;
    for (const ref of node.backlog) this.queue.push(this.now, ref);
    node.backlog.length = 0;
  }

  /** Sends a message in the name of a scripted node. The network does not lose it, but a cut link does; it takes `delay`. */
  inject(from: Node, to: Node, message: AnyMessage, delay: Millis): void {
    const copy = new HandOver().take(message);
    if (copy === undefined)
      throw new TypeError(`A test sends a message that is not plain data: ${message.type}.`);
    const original = freezeDeep(copy); // what the wire would bring: no fields of undefined
    const effect: SendEffect = { kind: "send", to: to.index, bytes: 0, message: copy, original };
    const record = this.trace.add(KIND.send, this.now, from.index, to.index, NONE, effect);
    this.watchers.onSend(this.pass(from.index, to.index, message, record));
    this.queue.push(this.now + Math.round(delay * MICROS_PER_MILLI), record);
  }

  /** Writes a fault, or a step of a test, into the trace. */
  note(kind: typeof KIND.fault | typeof KIND.step, text: string, node = NONE): number {
    const record = this.trace.add(kind, this.now, node, NONE, NONE, text);
    if (kind === KIND.fault) this.faultLog.look(record);
    return record;
  }

  /** The record of the event that was handled last. */
  get lastHandler(): number {
    return this.handler;
  }
}

/** What no host lets through. If it comes all the same, the host is not what it should be: this is no fault of the world. */
function impossible(node: Node, call: string, rule: string): ServerTrouble {
  return new ServerTrouble({
    kind: "contract",
    where: `${node.id}, ${call}`,
    rule,
    found: "something else",
    next: "A client has one operation at a time, and completes it once.",
  });
}

function writeTo(disk: Map<string, Json>, changes: { readonly [key: string]: Json | undefined }): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) disk.delete(key);
    else disk.set(key, value);
  }
}
