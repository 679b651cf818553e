import type { Json, KvOperation, Millis, NodeId } from "../contract";
import type { Effect, Reaction, Stimulus } from "../host/reaction";
import { BUDGET } from "../world/budget";
import { type Attempt, type Branches, NOTHING, type Outcome } from "./branches";
import { Deeds } from "./deeds";
import { areAtOdds, type Facts, factsAfter, NO_FACTS } from "./facts";
import { Fingerprint } from "./fingerprint";
import { Letters } from "./letters";
import type { Deed, Letter, LocalState, Transition } from "./local-state";
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
  /** True: nodes may stop and start again. */
  readonly hasReboots: boolean;
  readonly renamings: readonly Rename[];
}

/** Something that is not known yet: what a deed makes of a state. */
export interface Unknown {
  readonly state: LocalState;
  readonly deed: number;
}

/** Handlers that a search may run: each leaves a state behind. */
const ATTEMPTS_MAX = 100_000;
/** Handlers that are run before it is looked at again what they have used. */
const AT_ONCE = 256;

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

  private readonly numbered = new Deeds();
  private readonly letters: Letters;
  private readonly states = new Map<string, LocalState>();
  private readonly starts: Starts;
  private readonly walks: readonly Fingerprint[];

  constructor(
    readonly setup: SpaceSetup,
    private readonly branches: Branches,
  ) {
    this.names = [...setup.ids, ...setup.clients];
    this.walks = setup.renamings.map((rename) => new Fingerprint(rename));
    this.starts = new Starts(setup, (attempts) => this.attempt(attempts));
    this.letters = new Letters(this.names, this.walks, this.numbered);
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
    return this.steps > BUDGET.steps || this.bytes > BUDGET.bytes || this.attempts > ATTEMPTS_MAX;
  }

  /** The first start of each node. */
  async begin(): Promise<readonly Transition[]> {
    const disk: ReadonlyMap<string, Json> = new Map();
    const starts = await this.starts.of(this.names.map((_, node) => ({ node, disk })));
    return starts.map((start, node) => this.started(node, start, NO_FACTS));
  }

  /** Finds out what is not known. */
  async explore(unknown: readonly Unknown[]): Promise<void> {
    const isCut = ({ deed }: Unknown): boolean => this.deeds[deed].kind === "cut";
    await this.exploreHandlers(unknown.filter((one) => !isCut(one) && this.kindOf(one) !== "reboot"));
    await this.exploreRestarts(unknown.filter((one) => isCut(one) || this.kindOf(one) === "reboot"));
  }

  private kindOf({ deed }: Unknown): Deed["kind"] {
    return this.deeds[deed].kind;
  }

  private async exploreHandlers(unknown: readonly Unknown[]): Promise<void> {
    for (let i = 0; i < unknown.length && !this.isSpent; i += AT_ONCE)
      await this.exploreSome(unknown.slice(i, i + AT_ONCE));
  }

  private async exploreSome(unknown: readonly Unknown[]): Promise<void> {
    const attempts = unknown.map(({ state, deed }) => this.attemptOf(state, this.deeds[deed]));
    const outcomes = await this.attempt(attempts);
    for (const [i, { state, deed }] of unknown.entries()) {
      const { stimulus } = attempts[i];
      state.transitions.set(deed, this.handled(state, this.deeds[deed], stimulus.now, outcomes[i]));
    }
  }

  private async attempt(attempts: readonly Attempt[]): Promise<readonly Outcome[]> {
    const outcomes = await this.branches.attempt(attempts);
    this.attempts += outcomes.length;
    for (const { reaction } of outcomes) {
      this.steps += reaction.steps;
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
    const timers = new Map(state.timers);
    if (deed.kind === "timer") timers.delete(deed.name);
    noteTimers(timers, now, reaction.effects);
    const facts = factsAfter(state.facts, reaction, node, this.names, deed.kind === "invoke");
    const disk = diskAfter(state.disk, reaction.effects);
    const to = this.stateOf(node, outcome, { timers, clock: now, disk, facts });
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

  private started(node: number, { outcome, disk }: Start, before: Facts): Transition {
    const { reaction } = outcome;
    const letters = this.letters.of(node, reaction.effects);
    if (reaction.trouble !== undefined) return { to: undefined, letters, reaction, isSuspect: true };
    const timers = new Map<string, Millis>();
    noteTimers(timers, 0, reaction.effects);
    const facts = factsAfter(before, reaction, node, this.names);
    const to = this.stateOf(node, outcome, {
      timers,
      clock: 0,
      disk: diskAfter(disk, reaction.effects),
      facts,
    });
    return { to, letters, reaction, isSuspect: isOdd(before, facts, 0, reaction) };
  }

  /** The state with this content: the one that was met before, if it was. */
  private stateOf(
    node: number,
    { state: branch, fingerprints, reaction }: Outcome,
    world: Pick<LocalState, "timers" | "clock" | "disk" | "facts">,
  ): LocalState {
    const { role, currentTerm, leader, commitIndex } = reaction;
    const status = { role, currentTerm, leader, commitIndex };
    const { timers, disk, facts } = world;
    const keys = new Int32Array(2 * this.walks.length);
    for (const [i, walk] of this.walks.entries()) {
      const inner = [fingerprints[2 * i], fingerprints[2 * i + 1]];
      walk.of([this.names[node], inner, status, new Set(timers.keys()), disk, facts]);
      keys[2 * i] = walk.low;
      keys[2 * i + 1] = walk.high;
    }
    const key = `${node} ${keys[0]} ${keys[1]}`;
    const known = this.states.get(key);
    if (known !== undefined) return known;
    const id = this.states.size;
    const own = this.ownDeeds(node, world, status.role === "leader");
    const state: LocalState = { id, node, branch, keys, status, ...world, own, transitions: new Map() };
    this.states.set(key, state);
    return state;
  }

  private ownDeeds(
    node: number,
    { timers, facts }: Pick<LocalState, "timers" | "facts">,
    isLeader: boolean,
  ): number[] {
    const { commands, operations, ids, hasReboots } = this.setup;
    const own: number[] = [];
    for (const name of [...timers.keys()].sort())
      own.push(this.numbered.number(`timer ${node} ${name}`, { kind: "timer", node, name }));
    if (isLeader)
      for (const [nth, command] of commands.entries())
        own.push(this.numbered.number(`propose ${node} ${nth}`, { kind: "propose", node, command, nth }));
    if (node >= ids.length) {
      const nth = facts.begun;
      if (nth === facts.results.length && nth < (operations[node - ids.length]?.length ?? 0))
        own.push(this.numbered.number(`invoke ${node} ${nth}`, { kind: "invoke", node, nth }));
    } else if (hasReboots) own.push(this.numbered.number(`reboot ${node}`, { kind: "reboot", node }));
    return own;
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

/** True if one node alone has broken a rule: voted twice in a term, gone back in terms, applied two entries at one index. */
function isOdd(before: Facts, after: Facts, termBefore: number, { currentTerm }: Reaction): boolean {
  if (currentTerm < termBefore) return true;
  for (const [term, candidate] of before.votes) if (after.votes.get(term) !== candidate) return true;
  for (const [index, text] of before.applied) if (after.applied.get(index) !== text) return true;
  return false;
}

function noteTimers(timers: Map<string, Millis>, now: Millis, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.kind === "setTimer") timers.set(effect.name, now + effect.delay);
    else if (effect.kind === "cancelTimer") timers.delete(effect.name);
  }
}

function diskAfter(disk: ReadonlyMap<string, Json>, effects: readonly Effect[]): ReadonlyMap<string, Json> {
  if (!effects.some(({ kind }) => kind === "write")) return disk;
  const after = new Map(disk);
  for (const effect of effects) {
    if (effect.kind !== "write") continue;
    for (const [key, value] of Object.entries(effect.changes))
      if (value === undefined) after.delete(key);
      else after.set(key, value);
  }
  return after;
}
