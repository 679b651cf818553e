import type { LocalHost, Running } from "../host/local-host";
import type { Reaction, Stimulus } from "../host/reaction";
import type { EnvState } from "../host/recording-env";
import { GraphCopy } from "./copy-graph";
import { Fingerprint } from "./fingerprint";
import type { Rename } from "./renaming";

/** What stands for the state of a node that has not started. */
export const NOWHERE = -1;

/** Stands in the place of a client's status. */
const NO_STATUS = { role: "follower", currentTerm: 0, leader: undefined, commitIndex: undefined } as const;

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
}

/** Where the servers of a search live: each state that a node has come to stays there, to be gone on from again. */
export interface Branches {
  /** Tries things, in order. */
  attempt(attempts: readonly Attempt[]): Promise<readonly Outcome[]>;
}

/** From one start of a node to the next: its env is the same object in all its states. */
interface Life {
  readonly running: Running;
  readonly walks: readonly Fingerprint[];
  readonly copies: GraphCopy;
}

/** A state of one node. */
interface Branch extends EnvState {
  readonly life: Life;
  readonly parent: number;
  readonly stimulus: Stimulus;
  /** The server itself; undefined if it cannot be copied: then it is made again from its history. */
  readonly resident: object | undefined;
  readonly fingerprints: Int32Array;
}

/** Branches in this process. A server whose state is out of reach (closures, #private) is brought there again from its start. */
export class LocalBranches implements Branches {
  private readonly branches: Branch[] = [];
  /** Steps that handlers have taken since the attempt began. */
  private steps = 0;

  constructor(
    private readonly host: LocalHost,
    private readonly renamings: readonly Rename[],
  ) {}

  async attempt(attempts: readonly Attempt[]): Promise<readonly Outcome[]> {
    return attempts.map((attempt) => this.try(attempt));
  }

  /** Tries one thing. */
  try({ from, stimulus }: Attempt): Outcome {
    const kept = keep(stimulus);
    this.steps = 0;
    const before = from === NOWHERE ? undefined : this.goTo(from);
    const reacted = this.react(kept);
    const life = before ?? this.beginLife(kept.node);
    const reaction = { ...copyOf(reacted, life.running.env.isClient), steps: this.steps };
    const { resident, env } = life.running;
    const seen = resident === undefined || reaction.trouble !== undefined ? undefined : look(life, resident);
    const fingerprints = seen ?? this.historyOf(from, kept);
    const state = this.branches.length;
    this.branches.push({
      life,
      parent: from,
      stimulus: kept,
      resident: seen === undefined ? undefined : resident,
      fingerprints,
      ...env.save(),
    });
    return { state, fingerprints, reaction };
  }

  /** Brings a node into one of its states. */
  private goTo(state: number): Life {
    const branch = this.branches[state];
    if (branch === undefined) throw new RangeError(`There is no state ${state}.`);
    const { life, resident, parent, stimulus } = branch;
    const copy = resident && reach(() => life.copies.of(resident));
    if (copy !== undefined) {
      this.host.putBack(stimulus.node, life.running);
      life.running.resident = copy;
      life.running.env.restore(branch);
      return life;
    }
    if (parent !== NOWHERE) this.goTo(parent);
    this.react(stimulus);
    return parent === NOWHERE ? this.beginLife(stimulus.node) : life;
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

/** Stimuli are used again by whoever makes them: this one is to be kept. */
function keep({ node, kind, now, from, message, timer, command, boot }: Stimulus): Stimulus {
  return { node, kind, now, from, message, timer, command, boot };
}

/** Reactions are used again by the host; a client has no status, and what stands there is of whoever ran before it. */
function copyOf(reaction: Reaction, isClient: boolean): Reaction {
  const { effects, effectCount, answer, trouble, steps } = reaction;
  const { role, currentTerm, leader, commitIndex } = isClient ? NO_STATUS : reaction;
  return {
    effects: effects.slice(0, effectCount),
    effectCount,
    role,
    currentTerm,
    leader,
    commitIndex,
    answer,
    trouble,
    steps,
  };
}
