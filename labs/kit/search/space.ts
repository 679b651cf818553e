import type { Json, KvOperation, Millis, NodeId } from "../contract";
import type { Reaction, Stimulus } from "../host/reaction";
import { BUDGET } from "../world/budget";
import { type Attempt, type Branches, NOTHING, type Outcome } from "./branches";
import { Deeds } from "./deeds";
import { diskAfter, timersAfter } from "./effects";
import { areAtOdds, type Facts, factsAfter, isOdd, NO_FACTS } from "./facts";
import { Fingerprint } from "./fingerprint";
import { Letters } from "./letters";
import type { Deed, Letter, LocalState, Transition } from "./local-state";
import { LocalStates } from "./local-states";
import type { Rename } from "./renaming";
import { type Start, Starts } from "./starts";

export interface SpaceSetup {
  readonly seed: number;
  /** The servers. */
  readonly ids: readonly NodeId[];
  readonly clients: readonly NodeId[];
  /** Commands that leaders are given, in this order. */
  readonly commands: readonly Json[];
  /** What each client does, one operation after the other. */
  readonly operations: readonly (readonly KvOperation[])[];
  readonly renamings: readonly Rename[];
}

/** Something that is not known yet: what a deed makes of a state. */
export interface Unknown {
  readonly state: LocalState;
  readonly deed: number;
}

/** Thrown when nodes are caught with state that their objects do not show: all that was found out is in doubt. */
export class HiddenState extends Error {}

/** Handlers that a search may run: each leaves a state behind. */
const ATTEMPTS_MAX = 100_000;
/** Handlers that are run before it is looked at again what they have used. */
const AT_ONCE = 256;
/** Effects that so many handlers may be expected to have together. */
const EFFECTS_AT_ONCE = 10_000;
/** Timers that a node may have set at a time: each is one more thing that can happen next, in each of its states. */
const TIMERS_MAX = 64;

/**
 * All that nodes were found to do. What a node does hangs on its own state and on what happens to it, and on nothing
 * else: so each pair of the two is tried once, and a search over the states of whole clusters is a walk over tables.
 */
export class Space {
  readonly names: readonly NodeId[];
  /** Handlers that were run so far. */
  attempts = 0;
  /** Rounds of loops and calls of functions that they took, where those are counted. */
  steps = 0;
  /** Bytes that they handed over. */
  bytes = 0;
  /** Calls of env that they made. */
  effects = 0;
  private hasTooManyTimers = false;

  private readonly numbered: Deeds;
  private readonly letters: Letters;
  private readonly states: LocalStates;
  private readonly starts: Starts;
  private readonly walks: readonly Fingerprint[];

  constructor(
    readonly setup: SpaceSetup,
    private readonly branches: Branches,
    /** True if it may be begun anew where nodes hide state: after that, branches take nothing for the same. */
    private readonly mayBeginAnew = false,
  ) {
    this.names = [...setup.ids, ...setup.clients];
    this.walks = setup.renamings.map((rename) => new Fingerprint(rename));
    this.starts = new Starts(setup, (attempts) => this.attempt(attempts));
    this.numbered = new Deeds(setup);
    this.letters = new Letters(this.names, this.walks, this.numbered);
    this.states = new LocalStates(this.names, this.walks, this.numbered);
  }

  /** The deeds that were met, by their numbers. */
  get deeds(): readonly Deed[] {
    return this.numbered.all;
  }

  /** The number of a node's stop in the middle of a deed. */
  cut(of: number, effects: number): number {
    return this.numbered.cut(of, effects);
  }

  /** Renamings under which states are compared. */
  get renamings(): number {
    return this.walks.length;
  }

  /** How many different states of single nodes, and letters, were met. */
  get size(): { readonly states: number; readonly letters: number } {
    return { states: this.states.size, letters: this.letters.size };
  }

  /** True once servers have used up what a run may use: the search is over, and what it has not seen it does not blame. */
  get isSpent(): boolean {
    const { steps, bytes, effects, attempts, hasTooManyTimers } = this;
    const isOver = steps > BUDGET.steps || bytes > BUDGET.bytes || effects > BUDGET.effects;
    return isOver || attempts > ATTEMPTS_MAX || hasTooManyTimers;
  }

  /** The first start of each node. */
  async begin(): Promise<readonly Transition[]> {
    const disk: ReadonlyMap<string, Json> = new Map();
    const starts = await this.starts.of(this.names.map((_, node) => ({ node, disk })));
    return starts.map((start, node) => this.started(node, start, NO_FACTS));
  }

  /** Finds out what is not known. */
  async explore(unknown: readonly Unknown[]): Promise<void> {
    const isRestart = ({ deed }: Unknown): boolean => {
      const { kind } = this.deeds[deed];
      return kind === "cut" || kind === "reboot";
    };
    await this.exploreHandlers(unknown.filter((one) => !isRestart(one)));
    await this.exploreRestarts(unknown.filter(isRestart));
  }

  private async exploreHandlers(unknown: readonly Unknown[]): Promise<void> {
    for (let i = 0; i < unknown.length && !this.isSpent; ) {
      const perAttempt = 1 + this.effects / this.attempts;
      const atOnce = Math.max(1, Math.min(AT_ONCE, Math.floor(EFFECTS_AT_ONCE / perAttempt)));
      await this.exploreSome(unknown.slice(i, i + atOnce));
      i += atOnce;
    }
  }

  private async exploreSome(unknown: readonly Unknown[]): Promise<void> {
    const attempts = unknown.map(({ state, deed }) => this.attemptOf(state, this.deeds[deed]));
    const outcomes = await this.attempt(attempts);
    for (const [i, { state, deed }] of unknown.entries()) {
      if (this.isSpent) return;
      const { stimulus } = attempts[i];
      state.transitions.set(deed, this.handled(state, this.deeds[deed], stimulus.now, outcomes[i]));
    }
  }

  private async attempt(attempts: readonly Attempt[]): Promise<readonly Outcome[]> {
    const outcomes = await this.branches.attempt(attempts);
    this.attempts += outcomes.length;
    if (this.mayBeginAnew && outcomes.some(({ isHiding }) => isHiding)) throw new HiddenState();
    for (const { reaction } of outcomes) {
      this.steps += reaction.steps;
      this.effects += reaction.effects.length;
      for (const effect of reaction.effects) if ("bytes" in effect) this.bytes += effect.bytes;
    }
    // Steps are counted here, with those that it took to come back to a state: on a path of its own a handler takes fewer.
    return outcomes.map((outcome) => ({ ...outcome, reaction: { ...outcome.reaction, steps: 0 } }));
  }

  private attemptOf(state: LocalState, deed: Deed): Attempt {
    const { node, clock, branch } = state;
    const base = { ...NOTHING, node, now: clock };
    const to = (stimulus: Stimulus): Attempt => ({ from: branch, stimulus });
    switch (deed.kind) {
      case "deliver":
        return to({ ...base, kind: "message", from: deed.letter.from, message: deed.letter.message });
      case "timer":
        return to({
          ...base,
          kind: "timer",
          timer: deed.name,
          now: Math.max(clock, state.timers.get(deed.name) ?? 0), // on its own clock no timer is early
        });
      case "propose":
        return to({ ...base, kind: "propose", command: deed.command });
      case "invoke":
        return to({ ...base, kind: "invoke", command: this.operation(node, deed.nth) });
      default:
        throw new RangeError("A restart is no single handler.");
    }
  }

  /** The nth operation of a client. */
  operation(node: number, nth: number): KvOperation {
    return this.setup.operations[node - this.setup.ids.length][nth];
  }

  private handled(state: LocalState, deed: Deed, now: Millis, outcome: Outcome): Transition {
    const { node } = state;
    const { reaction } = outcome;
    const letters = this.letters.of(node, reaction.effects);
    if (reaction.trouble !== undefined) return { to: undefined, letters, reaction, isSuspect: true };
    const running = new Map(state.timers);
    if (deed.kind === "timer") running.delete(deed.name);
    const timers = this.timersAfter(running, now, reaction);
    const facts = factsAfter(state.facts, reaction, node, this.names, deed.kind === "invoke");
    const disk = diskAfter(state.disk, reaction.effects);
    const to = this.states.of(node, outcome, { timers, clock: now, disk, facts });
    return {
      to,
      letters,
      reaction,
      isSuspect: isOdd(state.facts, facts, state.status.currentTerm, reaction),
    };
  }

  private async exploreRestarts(unknown: readonly Unknown[]): Promise<void> {
    if (unknown.length === 0) return;
    const befores = unknown.map(({ state, deed }) => this.beforeRestart(state, this.deeds[deed]));
    const starts = await this.starts.of(
      befores.map(({ disk }, i) => ({ node: unknown[i].state.node, disk })),
    );
    for (const [i, { state, deed }] of unknown.entries()) {
      const { facts, reaction, letters } = befores[i];
      const start = this.started(state.node, starts[i], facts);
      const isSuspect = start.isSuspect || areAtOdds(state.facts, { ...facts, led: [] });
      state.transitions.set(deed, {
        to: start.to,
        letters: [...letters, ...start.letters],
        reaction,
        restart: start.reaction,
        isSuspect,
      });
    }
  }

  /** What a node had done when it stopped. */
  private beforeRestart(
    state: LocalState,
    deed: Deed,
  ): {
    readonly disk: ReadonlyMap<string, Json>;
    readonly facts: Facts;
    readonly reaction: Reaction;
    readonly letters: readonly Letter[];
  } {
    const { disk, facts, node } = state;
    if (deed.kind !== "cut") return { disk, facts, reaction: STILL, letters: [] };
    const whole = state.transitions.get(deed.of);
    if (whole === undefined) throw new RangeError("What is cut short has to be known first.");
    const { reaction } = whole;
    const effects = reaction.effects.slice(0, deed.effects);
    return {
      disk: diskAfter(disk, effects),
      facts: factsAfter(facts, { effects, role: "follower", currentTerm: 0 }, node, this.names),
      reaction,
      letters: this.letters.of(node, effects),
    };
  }

  private timersAfter(
    before: ReadonlyMap<string, Millis>,
    now: Millis,
    { effects }: Reaction,
  ): ReadonlyMap<string, Millis> {
    const timers = timersAfter(before, now, effects);
    if (timers.size <= TIMERS_MAX) return timers;
    this.hasTooManyTimers = true;
    return new Map([...timers].slice(0, TIMERS_MAX));
  }

  private started(node: number, { outcome, disk }: Start, before: Facts): Transition {
    const { reaction } = outcome;
    const letters = this.letters.of(node, reaction.effects);
    if (reaction.trouble !== undefined) return { to: undefined, letters, reaction, isSuspect: true };
    const timers = this.timersAfter(new Map(), 0, reaction);
    const facts = factsAfter(before, reaction, node, this.names);
    const to = this.states.of(node, outcome, {
      timers,
      clock: 0,
      disk: diskAfter(disk, reaction.effects),
      facts,
    });
    return { to, letters, reaction, isSuspect: isOdd(before, facts, 0, reaction) };
  }
}

/** What a node that simply stops does. */
const STILL: Reaction = {
  effects: [],
  effectCount: 0,
  role: "follower",
  currentTerm: 0,
  leader: undefined,
  commitIndex: undefined,
  answer: null,
  trouble: undefined,
  steps: 0,
};
