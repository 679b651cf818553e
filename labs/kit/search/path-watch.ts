import type { Reaction } from "../host/reaction";
import { checkKv } from "../linearizability";
import { ORACLES } from "../oracles";
import { ManualQueue } from "../schedule/manual-queue";
import { historyOf } from "../testing/linearizable";
import { KIND, MICROS_PER_MILLI, type Micros, Trace } from "../trace/trace";
import { BUDGET, BudgetExceeded } from "../world/budget";
import { NETWORKS } from "../world/conditions";
import type { Node } from "../world/node";
import { Simulation } from "../world/simulation";
import { OracleFinding } from "../world/watchers";
import type { Letter, LocalState, Transition } from "./local-state";
import type { Space } from "./space";
import { deedOf, STEP, stepOf } from "./step";

const STEP_TIME: Micros = MICROS_PER_MILLI;

const NO_SCRIPTED: ReadonlySet<string> = new Set();

/**
 * Plays paths of a search once more, with all oracles watching and no server running: what servers do is in the tables
 * of the search. That costs a microsecond or two for each event.
 */
export class PathWatch {
  private readonly trace = new Trace();

  constructor(
    private readonly space: Space,
    private readonly first: readonly Transition[],
  ) {}

  /** @returns true if an oracle finds something on the path, or no order of the clients' operations explains what they saw */
  findsSomething(codes: readonly number[]): boolean {
    this.trace.clear();
    try {
      const path = new WatchedPath(this.space, this.first, this.trace);
      path.play(codes);
      return path.isIllegal;
    } catch (error) {
      if (error instanceof OracleFinding || error instanceof BudgetExceeded) return true;
      throw error;
    }
  }
}

class WatchedPath {
  private readonly queue = new ManualQueue();
  private readonly simulation: Simulation;
  private readonly locals: (LocalState | undefined)[];
  /** Records of the trace in which messages were looked for. */
  private noted = 0;
  /** The messages on their way that are a letter: their trace records, oldest first. */
  private readonly onTheWay = new Map<Letter, number[]>();

  constructor(
    private readonly space: Space,
    first: readonly Transition[],
    trace: Trace,
  ) {
    const { seed, ids, clients } = space.setup;
    this.simulation = new Simulation({
      seed,
      ids,
      clients,
      scripted: NO_SCRIPTED,
      conditions: NETWORKS.calm,
      oracles: ORACLES,
      budget: BUDGET,
      queue: this.queue,
      trace,
    });
    this.locals = first.map(({ to }) => to);
    for (const node of this.simulation.nodes) this.simulation.start(node);
    for (const { reaction, letters } of first) {
      this.happen(reaction);
      this.noteLetters(letters);
    }
  }

  /** True if what clients saw so far cannot be explained by one order of their operations. */
  get isIllegal(): boolean {
    const { requests } = this.simulation;
    return this.space.setup.clients.length > 0 && checkKv(historyOf(requests)).kind === "illegal";
  }

  play(codes: readonly number[]): void {
    for (const code of codes) if (stepOf(code) !== STEP.drop && !this.step(code)) return;
  }

  /** @returns false where the path ends: a node is in trouble */
  private step(code: number): boolean {
    const { space, simulation, locals } = this;
    const number = deedOf(code);
    const deed = space.deeds[number];
    const transition = locals[deed.node]?.transitions.get(number);
    if (transition === undefined) throw new Error("A path goes where the search has never been.");
    const node = simulation.nodes[deed.node];
    const handled = deed.kind === "cut" ? space.deeds[deed.of] : deed;
    if (deed.kind === "cut") {
      let left = deed.effects;
      simulation.stopBefore(node, () => left-- === 0);
    }
    switch (handled.kind) {
      case "deliver":
        this.deliver(handled.letter, stepOf(code) === STEP.again);
        break;
      case "timer":
        this.runOut(node, handled.name);
        break;
      case "propose":
        simulation.requests.propose(node, handled.command);
        break;
      case "invoke":
        simulation.requests.invoke(node, space.operation(handled.node, handled.nth));
        break;
      case "reboot":
        simulation.stop(node, `${node.id} stops`);
    }
    if (handled.kind !== "reboot") this.happen(transition.reaction);
    if (transition.restart !== undefined) {
      simulation.start(node);
      this.happen(transition.restart);
    }
    this.noteLetters(transition.letters);
    locals[deed.node] = transition.to;
    return transition.to !== undefined;
  }

  private deliver(letter: Letter, isKept: boolean): void {
    const refs = this.onTheWay.get(letter);
    const ref = isKept ? refs?.[0] : refs?.shift();
    if (ref === undefined) throw new Error("A path delivers a letter that nobody has sent.");
    this.queue.choose(ref, this.simulation.now + STEP_TIME, isKept);
  }

  private runOut(node: Node, name: string): void {
    const ref = node.timers.get(name);
    const due = ref === undefined ? undefined : this.queue.pending.get(ref);
    if (ref === undefined || due === undefined)
      throw new Error("A path lets a timer run out that is not set.");
    this.queue.choose(ref, Math.max(this.simulation.now, due));
  }

  /** Lets what was chosen happen, with what is known to come of it. */
  private happen(reaction: Reaction): void {
    const { simulation } = this;
    simulation.aim(Math.max(simulation.now, simulation.nextAt));
    if (simulation.next() === undefined)
      throw new Error("A path lets something happen to a node that is stopped.");
    if (reaction.trouble === undefined) simulation.absorb(reaction);
  }

  /** The messages that were sent since this was last done. */
  private noteLetters(letters: readonly Letter[]): void {
    const { trace } = this.simulation;
    let next = 0;
    for (; this.noted < trace.length; this.noted++) {
      if (trace.kindOf(this.noted) !== KIND.send) continue;
      const letter = letters[next++];
      const refs = this.onTheWay.get(letter);
      if (refs === undefined) this.onTheWay.set(letter, [this.noted]);
      else refs.push(this.noted);
    }
  }
}
