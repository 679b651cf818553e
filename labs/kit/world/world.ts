import {
  type AppliedEntry,
  type Json,
  type KvOperation,
  type Millis,
  type NodeId,
  type Proposed,
  type Status,
  TIMING,
} from "../contract";
import type { Host } from "../host/reaction";
import { type Finding, ORACLES, type OracleMaker } from "../oracles";
import { Draws, keyOf } from "../random/keyed";
import type { Failure } from "../story/failure";
import { type Disappointment, StoryTeller } from "../story/story-teller";
import { listWords } from "../story/words";
import { traceHash } from "../trace/hash";
import type { Invocation, Proposal } from "../trace/requests";
import { KIND, MICROS_PER_MILLI, type Micros, Trace } from "../trace/trace";
import { BUDGET, BudgetExceeded } from "./budget";
import type { Conditions, NetworkName } from "./conditions";
import { type Driver, driveAtOnce, driveNow } from "./driver";
import { EventQueue, type Queue } from "./event-queue";
import { conditionsOf, Faults } from "./faults";
import type { MessageCounts } from "./message-counts";
import type { Node } from "./node";
import { Parts } from "./parts";
import { ServerTrouble, Simulation } from "./simulation";
import { OracleFinding } from "./watchers";

/** How a world is set up. */
export interface WorldOptions {
  /** Fixes everything: the same seed gives the same run, event for event. A whole number. */
  readonly seed: number;
  /** How many servers: S1, S2, … */
  readonly servers: number;
  /** How many clients of the key-value store: C1, C2, … Without: none. */
  readonly clients?: number | undefined;
  /** Where the servers run. */
  readonly host: Host;
  /** A network by its name, or its conditions. Without: "lan". */
  readonly network?: NetworkName | Conditions | undefined;
  /** Servers that the test plays itself: nothing of the student's runs there. */
  readonly scripted?: readonly NodeId[] | undefined;
  readonly oracles?: readonly OracleMaker[] | undefined;
  /** Events that the run may have before it is stopped. Without: what {@link BUDGET} says, as for all else. */
  readonly eventsMax?: number | undefined;
  /** Bytes that servers may send and write, and clients say, before it is stopped. */
  readonly bytesMax?: number | undefined;
  /** Who carries events to the host and effects back. Without: one by one, at once. */
  readonly driver?: Driver | undefined;
  /** What decides on the order of events. Without: time. */
  readonly queue?: Queue | undefined;
  /** Where the run is written down: an empty trace. Without: a new one. */
  readonly trace?: Trace | undefined;
  /** Parts of the run that are left out: see {@link Parts}. */
  readonly without?: ReadonlySet<string> | undefined;
}

const SERVERS_MAX = 100;
const CLIENTS_MAX = 100;
const DURATION_MAX: Millis = 1e12;

/**
 * A cluster in a simulated world, and the words in which tests speak about it. Time passes only in the methods that
 * return a promise; faults strike at the present moment. Oracles watch every run and end it with a {@link Failure},
 * a story, at the moment a property is broken.
 */
export class World {
  readonly seed: number;
  /** The names of all servers: S1, S2, … */
  readonly ids: readonly NodeId[];
  /** The names of all clients: C1, C2, … */
  readonly clients: readonly NodeId[];
  /** All nodes: the servers and then the clients. A node's number in the trace is its place here. */
  readonly names: readonly NodeId[];
  readonly faults: Faults;
  /** Random choices of the test itself, fixed by the seed. */
  readonly draws: Draws;
  /** The engine, for those who build words of their own. */
  readonly simulation: Simulation;
  /** What can be left out of the run. */
  readonly parts: Parts;
  /** Where the failure can be seen: in this world, unless it was found in another one. */
  stage: World = this;
  /** True if somebody chose what happens in it, move by move; otherwise time does. */
  readonly isScheduled: boolean;
  /** The failure that ended the run, if one did. */
  failure: Failure | undefined;
  /** Trace records that show the failure; of a broken property, what was found. */
  finding: Pick<Finding, "evidence" | "wrong"> | undefined;

  /** Where its servers run, and who carries events there: for those who make worlds like this one. */
  readonly host: Host;
  readonly driver: Driver;
  private readonly teller: StoryTeller;

  constructor(options: WorldOptions) {
    const { seed, servers, clients = 0, host, network = "lan", scripted = [], oracles = ORACLES } = options;
    if (!Number.isSafeInteger(servers) || servers < 1 || servers > SERVERS_MAX) {
      throw new RangeError(`A world has 1 to ${SERVERS_MAX} servers, not ${servers}.`);
    }
    if (!Number.isSafeInteger(clients) || clients < 0 || clients > CLIENTS_MAX) {
      throw new RangeError(`A world has 0 to ${CLIENTS_MAX} clients, not ${clients}.`);
    }
    if (!Number.isSafeInteger(seed)) throw new RangeError(`A seed is a whole number, not ${seed}.`);
    const names = namesOfNodes(servers, clients);
    const ids = names.slice(0, servers);
    this.clients = names.slice(servers);
    const unknown = scripted.filter((id) => !names.includes(id));
    if (unknown.length > 0) {
      throw new RangeError(
        `There is no server ${listWords(unknown)} to script; there are ${listWords(ids)}.`,
      );
    }
    this.ids = ids;
    this.seed = seed;
    this.isScheduled = options.queue !== undefined;
    this.host = host;
    this.driver = options.driver ?? driveAtOnce;
    const setup = {
      seed,
      ids: this.ids,
      clients: this.clients,
      scripted: new Set(scripted),
      conditions: conditionsOf(network),
      oracles,
      queue: options.queue ?? new EventQueue(),
      trace: options.trace ?? new Trace(),
      budget: {
        ...BUDGET,
        events: options.eventsMax ?? BUDGET.events,
        bytes: options.bytesMax ?? BUDGET.bytes,
      },
    };
    this.simulation = new Simulation(setup);
    this.faults = new Faults(this.simulation, (id) => this.node(id));
    this.draws = new Draws(keyOf(seed, "test"));
    this.parts = new Parts(options.without);
    this.names = this.simulation.names;
    this.teller = new StoryTeller(this.simulation, seed);
    for (const node of this.simulation.nodes) this.simulation.start(node);
  }

  /** Virtual time since the beginning. */
  get now(): Millis {
    return this.simulation.now / MICROS_PER_MILLI;
  }

  get trace(): Trace {
    return this.simulation.trace;
  }

  get counts(): MessageCounts {
    return this.simulation.counts;
  }

  /** The fingerprint of the run so far: 16 hexadecimal digits. */
  get traceHash(): string {
    return traceHash(this.simulation.trace);
  }

  /** Lets time pass. */
  async runFor(duration: Millis): Promise<void> {
    await this.run(duration, undefined);
  }

  /** Lets time pass at once, without a driver: only where servers run in this process. */
  runForNow(duration: Millis): void {
    this.aim(duration);
    try {
      driveNow(this.simulation, this.host);
      this.checkLate();
    } catch (error) {
      throw this.ended(error);
    }
  }

  /**
   * Lets time pass until a condition is true.
   * @param within the longest time it may take
   * @param otherwise what to say if it does not come true
   */
  async runUntil(isTrue: () => boolean, within: Millis, otherwise: () => Disappointment): Promise<void> {
    await this.run(within, isTrue);
    if (!isTrue()) this.fail(otherwise());
  }

  /** Lets time pass while a condition is true, for `atMost` so long. It is looked at after each event. */
  async runWhile(isTrue: () => boolean, atMost: Millis): Promise<void> {
    await this.run(atMost, () => !isTrue());
  }

  /** Lets one event happen. Nothing changes, and no time passes, if there is none to come. */
  async step(): Promise<void> {
    const { events, nextAt, now } = this.simulation;
    if (nextAt === Number.POSITIVE_INFINITY) return;
    await this.run((nextAt - now) / MICROS_PER_MILLI, () => this.simulation.events > events);
  }

  /** Calls `action` at a time from now, in the middle of a run. */
  after(delay: Millis, action: () => void): void {
    this.simulation.plan(this.simulation.now + microsOf(delay), () => {
      action();
      return undefined;
    });
  }

  /** Says what a test is doing; stories show it as a step that went well before. */
  note(text: string): void {
    this.simulation.note(KIND.step, text);
  }

  /**
   * Gives a command to a server now, in the middle of whatever goes on: the answer is there once the server has handled
   * it, at the present moment. A frozen server handles it when it goes on.
   */
  submit(id: NodeId, command: Json): Proposal {
    return this.simulation.requests.propose(this.node(id), command);
  }

  /**
   * Gives a command to a running server and waits for its answer. No time passes.
   * @returns where the command stands in the log; null if the server does not lead
   */
  async propose(id: NodeId, command: Json): Promise<Proposed | null> {
    const proposal = this.submit(id, command);
    await this.run(0, () => proposal.answer !== undefined);
    return proposal.answer ?? null;
  }

  /** What a server has handed to its state machine since it was started last. */
  applied(id: NodeId): readonly AppliedEntry[] {
    return this.node(id).applied;
  }

  /** Gives an operation to a client now. It must not be working on one. */
  invoke(client: NodeId, operation: KvOperation): Invocation {
    return this.simulation.requests.invoke(this.node(client), operation);
  }

  /** True while a client works on an operation. */
  isBusy(client: NodeId): boolean {
    return this.node(client).invocation !== undefined;
  }

  /** All operations that clients were given so far, in order. */
  get invocations(): readonly Invocation[] {
    return this.simulation.requests.invocations;
  }

  /** Writes of a server to its disk so far, over all its lives, and their bytes. */
  diskUse(id: NodeId): { readonly writes: number; readonly bytes: number } {
    const { writes, writtenBytes } = this.node(id);
    return { writes, bytes: writtenBytes };
  }

  /** What a server says about itself. */
  status(id: NodeId): Status {
    return this.node(id).status;
  }

  /** True if the server is neither stopped nor frozen. */
  isRunning(id: NodeId): boolean {
    const { isUp, isPaused } = this.node(id);
    return isUp && !isPaused;
  }

  /** True if the server was stopped. */
  isStopped(id: NodeId): boolean {
    return !this.node(id).isUp;
  }

  /** The servers that are neither stopped nor frozen. */
  get runningIds(): NodeId[] {
    return this.ids.filter((id) => this.isRunning(id));
  }

  /** The running servers that say they lead. */
  leaders(among: readonly NodeId[] = this.ids): NodeId[] {
    return among.filter((id) => this.isRunning(id) && this.status(id).role === "leader");
  }

  /** The one among `among` that leads a majority of the cluster: they are all in its term. Undefined if there is none. */
  leader(among: readonly NodeId[] = this.ids): NodeId | undefined {
    return this.leaders(among).find((leader) => {
      const { currentTerm } = this.status(leader);
      const followers = among.filter(
        (id) => this.isRunning(id) && this.status(id).currentTerm === currentTerm,
      );
      return followers.length * 2 > this.ids.length;
    });
  }

  /**
   * Lets time pass until `among` have a leader whom a majority of the cluster has joined.
   * @returns the leader
   */
  async awaitLeader(
    among: readonly NodeId[] = this.ids,
    within: Millis = TIMING.leaderWithin,
  ): Promise<NodeId> {
    const since = this.trace.length;
    await this.runUntil(
      () => this.leader(among) !== undefined,
      within,
      () => ({
        sentence: `No leader within ${within.toLocaleString("en")} ms, ${among.length === 1 ? `although ${among[0]} needs nobody else` : `although ${listWords(among)} can talk to each other`}.`,
        rule: "§5.2: a follower that hears from no leader for a whole election timeout stands for election; random timeouts keep votes from splitting.",
        next: "Which server should have stood for election, and what kept it from winning: its timer, its term, or the others' answers?",
        why: { kind: "no-leader", among, since },
      }),
    );
    return this.leader(among) as NodeId;
  }

  /** Ends the test: something expected did not come about. */
  fail(disappointment: Disappointment): never {
    if (this.failure !== undefined) throw this.failure;
    const explained = this.teller.explained(disappointment);
    const { evidence, wrong } = explained;
    const shown = evidence ?? (wrong === undefined ? undefined : [wrong]);
    if (shown !== undefined) this.finding ??= { evidence: shown, wrong };
    this.failure = this.teller.disappointment(explained);
    throw this.failure;
  }

  /** Ends the test: a failure was found in a world that is like this one, by somebody who tried more than one run. */
  endWith(stage: World, failure: Failure): never {
    this.stage = stage;
    this.failure ??= failure;
    throw this.failure;
  }

  /** Ends the test: a property is broken, as somebody found who looked at the whole run. */
  violate(finding: Finding): never {
    this.finding ??= finding;
    this.failure ??= this.teller.violation(finding);
    throw this.failure;
  }

  /** Fails unless `condition` is true. */
  check(condition: boolean, otherwise: () => Disappointment): void {
    if (!condition) this.fail(otherwise());
  }

  private async run(duration: Millis, isReached: (() => boolean) | undefined): Promise<void> {
    this.aim(duration, isReached);
    try {
      await this.driver(this.simulation, this.host);
      this.checkLate();
    } catch (error) {
      throw this.ended(error);
    }
  }

  private aim(duration: Millis, isReached?: () => boolean): void {
    if (this.failure !== undefined) throw this.failure;
    this.simulation.aim(this.simulation.now + microsOf(duration), isReached);
  }

  private checkLate(): void {
    const late = this.host.lateTrouble();
    if (late !== undefined) throw new ServerTrouble(late);
  }

  /** What to throw where something ended the run: the failure, if it is one. */
  private ended(error: unknown): unknown {
    this.failure ??= this.storyOf(error);
    return this.failure ?? error;
  }

  private storyOf(error: unknown): Failure | undefined {
    const { lastHandler } = this.simulation;
    this.finding =
      error instanceof OracleFinding ? error.finding : { evidence: [lastHandler], wrong: lastHandler };
    if (error instanceof OracleFinding) return this.teller.violation(error.finding);
    if (error instanceof ServerTrouble) return this.teller.trouble(error.trouble);
    if (error instanceof BudgetExceeded) return this.teller.budget(error);
    return undefined;
  }

  private node(id: NodeId): Node {
    const node = this.simulation.nodes.find((candidate) => candidate.id === id);
    if (node === undefined)
      throw new RangeError(`There is no server ${id} in this world; there are ${listWords(this.ids)}.`);
    return node;
  }
}

/** S1, S2, … and then C1, C2, … */
export function namesOfNodes(servers: number, clients = 0): NodeId[] {
  const names = (letter: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
  return [...names("S", servers), ...names("C", clients)];
}

/** @throws RangeError where a duration is none: time does not go back, and NaN would never come */
function microsOf(duration: Millis): Micros {
  if (!(duration >= 0 && duration <= DURATION_MAX)) {
    throw new RangeError(`A duration is 0 to ${DURATION_MAX.toLocaleString("en")} ms, not ${duration}.`);
  }
  return Math.round(duration * MICROS_PER_MILLI);
}
