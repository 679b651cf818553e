import type { LocalHost, Running } from "../host/local-host";
import type { Reaction, Stimulus } from "../host/reaction";
import type { EnvState } from "../host/recording-env";
import { dataDifference } from "../trace/same-data";
import { GraphCopy } from "./copy-graph";
import { Fingerprint } from "./fingerprint";
import { copyOf, ownCopyOf } from "./own-copies";
import type { Rename } from "./renaming";

/** What stands for the state of a node that has not started. */
export const NOWHERE = -1;

/** What a stimulus says where there is nothing to say. */
export const NOTHING: Pick<Stimulus, "from" | "message" | "timer" | "command" | "boot"> = {
  from: 0,
  message: undefined,
  timer: "",
  command: undefined,
  boot: undefined,
};

/** Something to try: what a node does in one of its states. */
export interface Attempt {
  /** The number of the state; {@link NOWHERE} for a start. */
  readonly from: number;
  readonly stimulus: Stimulus;
}

/** What came of it. */
export interface Outcome {
  /** The number of the state after it. */
  readonly state: number;
  /** Two lanes for each renaming: states with the same ones count as the same. */
  readonly fingerprints: Int32Array;
  readonly reaction: Reaction;
  /** True once, if a node was caught with state that its object does not show: what was tried before is not to be trusted. */
  readonly isHiding: boolean;
}

/** Where the servers of a search live: each state that a node has come to stays there, to be gone on from again. */
export interface Branches {
  /** Tries things, in order. */
  attempt(attempts: readonly Attempt[]): Promise<readonly Outcome[]>;
}

/** Trials that are made again from the very start: each of the first so many … */
const CHECKED_AT_FIRST = 32;
/** … and then one in so many. */
const CHECKED_EVERY = 64;

/** States with which later ones are compared, … */
const MODELS_MAX = 256;
/** … and what is kept of what was tried in each of them. */
const TRIED_MAX = 4;

/** Troubles of copies that are looked into: a node that hides nothing is in the same trouble without them. */
const TROUBLES_MAX = 16;

/** From one start of a node to the next: its env is the same object in all its states. */
interface Life {
  readonly running: Running;
  readonly walks: readonly Fingerprint[];
  readonly copies: GraphCopy;
}

/** A server as it is in one of its states. */
interface Kept {
  readonly life: Life;
  readonly resident: object;
}

/** Something that was tried, and what came of it. */
interface Tried {
  readonly stimulus: Stimulus;
  readonly reaction: Reaction;
  readonly fingerprints: Int32Array;
}

/** A state, and some of what was tried in it: others that look the same have to behave the same. */
interface Model {
  readonly state: number;
  readonly tried: Tried[];
}

/** A state of one node. */
interface Branch extends EnvState {
  readonly parent: number;
  readonly stimulus: Stimulus;
  /** To be copied; undefined if that cannot be done: then the server is made again from its history. */
  readonly kept: Kept | undefined;
  readonly fingerprints: Int32Array;
}

/**
 * Branches in this process. A server whose state is out of reach (closures, #private) is brought there again from its
 * start. Some state is not even seen to be out of reach: variables of a module, and whatever a server hides. So now and
 * then what is done with a copy is done again from the start, and so is what was done in a state that looks the same: if
 * that comes out otherwise, no copy is trusted any more, and no two states are taken for the same.
 */
export class LocalBranches implements Branches {
  private readonly branches: Branch[] = [];
  /** Steps that handlers have taken since the attempt began. */
  private steps = 0;
  /** The first states that were checked, by what they look like and by their numbers. */
  private readonly models = new Map<string, Model>();
  private readonly modelOf = new Map<number, Model>();
  /** Troubles of copies that were looked into. */
  private troubles = 0;
  /** True once a server was caught with state that its object does not show. */
  private isHiding = false;

  constructor(
    private readonly host: LocalHost,
    private readonly renamings: readonly Rename[],
  ) {}

  async attempt(attempts: readonly Attempt[]): Promise<readonly Outcome[]> {
    return attempts.map((attempt) => this.try(attempt));
  }

  /** Tries one thing. */
  try({ from, stimulus }: Attempt): Outcome {
    const own = ownCopyOf(stimulus);
    this.steps = 0;
    const before = from === NOWHERE ? undefined : this.goTo(from);
    const reacted = this.react(own);
    const life = before ?? this.beginLife(own.node);
    const reaction = { ...copyOf(reacted, life.running.env.isClient), steps: this.steps };
    const { resident, env } = life.running;
    const isSeen = resident !== undefined && reaction.trouble === undefined && !this.isHiding;
    const seen = isSeen ? look(life, resident) : undefined;
    const fingerprints = seen ?? this.historyOf(from, own);
    const kept = seen === undefined || resident === undefined ? undefined : this.keep(from, life, resident);
    const state = this.branches.length;
    this.branches.push({ parent: from, stimulus: own, kept, fingerprints, ...env.save() });
    const tried = { stimulus: own, reaction, fingerprints };
    const isHiding =
      (kept !== undefined && this.isCaught(state, tried)) ||
      (before !== undefined && reaction.trouble !== undefined && this.isOnlyACopysTrouble(state));
    if (isHiding) this.isHiding = true;
    return { state, fingerprints, reaction, isHiding };
  }

  /** A server that has begun a life of its own weighs much: it is kept only if copies of it can be made. */
  private keep(from: number, life: Life, resident: object): Kept | undefined {
    const isCopy = from !== NOWHERE && this.branches[from].kept?.life === life;
    return isCopy || reach(() => life.copies.of(resident)) !== undefined ? { life, resident } : undefined;
  }

  /** Brings a node into one of its states. @returns the life that it is in then: another one if all was done again */
  private goTo(state: number): Life {
    const branch = this.branches[state];
    if (branch === undefined) throw new RangeError(`There is no state ${state}.`);
    const { kept, parent, stimulus } = branch;
    const copy = this.isHiding ? undefined : kept && reach(() => kept.life.copies.of(kept.resident));
    if (kept !== undefined && copy !== undefined) {
      const { life } = kept;
      this.host.putBack(stimulus.node, life.running);
      life.running.resident = copy;
      life.running.env.restore(branch);
      return life;
    }
    const before = parent === NOWHERE ? undefined : this.goTo(parent);
    this.react(stimulus);
    return before ?? this.beginLife(stimulus.node);
  }

  /** True if a state shows that its node hides some of what it keeps. */
  private isCaught(state: number, tried: Tried): boolean {
    const model = this.modelOf.get(this.branches[state].parent);
    if (model !== undefined && model.tried.length < TRIED_MAX) model.tried.push(tried);
    return isToBeChecked(state) && !this.isTrue(state, tried);
  }

  /** True if what has brought a copy into trouble does not do so from the start. */
  private isOnlyACopysTrouble(state: number): boolean {
    if (this.isHiding || this.troubles >= TROUBLES_MAX) return false;
    this.troubles += 1;
    return this.historyTo(state).every((stimulus) => this.react(stimulus).trouble === undefined);
  }

  /**
   * Does again without copies, from the start of the node, what led to a state.
   * @returns true if it comes out the same; and if the state then behaves like the first one that looked the same
   */
  private isTrue(state: number, tried: Tried): boolean {
    const history = this.historyTo(state);
    if (!this.isSame(history, tried)) return false;
    const { stored } = this.branches[state];
    const key = `${tried.stimulus.node} ${tried.fingerprints.join(" ")}`;
    const model = this.models.get(key);
    if (model === undefined) {
      if (this.models.size < MODELS_MAX) this.addModel(key, { state, tried: [] });
      return true;
    }
    const hasSameDisk = dataDifference([...stored], [...this.branches[model.state].stored]) === undefined;
    return !hasSameDisk || model.tried.every((next) => this.isSame([...history, next.stimulus], next));
  }

  private addModel(key: string, model: Model): void {
    this.models.set(key, model);
    this.modelOf.set(model.state, model);
  }

  /** True if the last thing that happens in a history comes out as it did when it was tried. */
  private isSame(history: readonly Stimulus[], { reaction, fingerprints }: Tried): boolean {
    let life: Life | undefined;
    let last: Reaction | undefined;
    for (const stimulus of history) {
      last = this.react(stimulus);
      life ??= this.beginLife(stimulus.node);
    }
    if (life === undefined || last === undefined) throw new RangeError("A history begins with a start.");
    const { resident, env } = life.running;
    const now = { ...copyOf(last, env.isClient), steps: reaction.steps }; // they are those of one handler only
    if (resident === undefined || dataDifference(now, reaction) !== undefined) return false;
    const seen = look(life, resident);
    return seen?.every((lane, i) => lane === fingerprints[i]) === true;
  }

  /** All that has happened to a node before one of its states, from its start. */
  private historyTo(state: number): Stimulus[] {
    const stimuli: Stimulus[] = [];
    for (let at = state; at !== NOWHERE; at = this.branches[at].parent)
      stimuli.push(this.branches[at].stimulus);
    return stimuli.reverse();
  }

  private react(stimulus: Stimulus): Reaction {
    if (stimulus.kind !== "start") this.host.running(stimulus.node).env.restartDraws();
    const reaction = this.host.react(stimulus);
    this.steps += reaction.steps;
    return reaction;
  }

  /** A node has started, with a new env: that is an atom of its states. */
  private beginLife(node: number): Life {
    const running = this.host.running(node);
    const atoms = running.env.atoms();
    const walks = this.renamings.map((rename) => new Fingerprint(rename, atoms));
    return { running, walks, copies: new GraphCopy(atoms) };
  }

  /** Where nothing can be seen, the same history makes the same state. */
  private historyOf(parent: number, { kind, from, message, timer, command, boot }: Stimulus): Int32Array {
    const before = parent === NOWHERE ? undefined : this.branches[parent].fingerprints;
    const disk = boot && [...boot.disk];
    const now = [kind, kind === "message" ? from : 0, message ?? null, timer, command ?? null, disk ?? null];
    const fingerprints = new Int32Array(2 * this.renamings.length);
    for (const [i, rename] of this.renamings.entries()) {
      const walk = new Fingerprint(rename).of([before?.[2 * i], before?.[2 * i + 1], ...now]);
      fingerprints[2 * i] = walk.low;
      fingerprints[2 * i + 1] = walk.high;
    }
    return fingerprints;
  }
}

function isToBeChecked(state: number): boolean {
  return state < CHECKED_AT_FIRST || state % CHECKED_EVERY === 0;
}

/** @returns undefined if the state is out of reach */
function look({ walks }: Life, resident: object): Int32Array | undefined {
  return reach(() => {
    const fingerprints = new Int32Array(2 * walks.length);
    for (const [i, walk] of walks.entries()) {
      walk.of(resident);
      fingerprints[2 * i] = walk.low;
      fingerprints[2 * i + 1] = walk.high;
    }
    return fingerprints;
  });
}

/** Looks into a server. One that does not let itself be looked at, with a proxy for instance, is out of reach too. */
function reach<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
