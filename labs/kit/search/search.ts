import { NOWHERE } from "./branches";
import { checkBudget, onlyUsed, usedOf } from "./budget";
import { Choices, type Expansion, usedAfter } from "./choices";
import { ClusterKey } from "./cluster-key";
import { areAtOdds } from "./facts";
import { Frontier, type Waiting } from "./frontier";
import type { Letter, LocalState, Transition } from "./local-state";
import type { Root, SearchOptions, SearchResult } from "./options";
import { PathWatch } from "./path-watch";
import type { Space, Unknown } from "./space";
import { deedOf, STEP, stepOf } from "./step";
import { StateView } from "./view";
import { Visited } from "./visited";

/** States that are gone on from together: what is not known about them is asked for at once. */
const BREADTH_BATCH = 512;
const DEPTH_BATCH = 16;

/** Messages on their way at once; a search through more of them would come to no end. */
const LETTERS_MAX = 200;

/** Paths that seemed to break something and did not, after which the search's own word counts for nothing. */
const CLEARED_MAX = 50;

/** A bounded search from some states through all that can happen, each state once. */
export class Search {
  private readonly visited = new Visited();
  private readonly frontier: Frontier;
  private readonly watch: PathWatch;
  private readonly view: StateView;
  private readonly choices: Choices;
  private readonly goals: Root[] = [];
  private readonly key: ClusterKey;
  private readonly isSymmetric: boolean;
  /** Paths on which something seems to be broken. */
  private suspects: (readonly number[])[] = [];
  private cleared = 0;
  private violation: readonly number[] | undefined;
  private transitions = 0;
  private deepest = 0;
  private isBounded = false;

  constructor(
    private readonly space: Space,
    private readonly roots: readonly Root[],
    first: readonly Transition[],
    private readonly options: SearchOptions,
    /** Plays a path with real servers, from the very beginning: only what breaks there too is broken. */
    private readonly confirm: (codes: readonly number[]) => Promise<boolean>,
  ) {
    checkBudget(options.budget);
    this.frontier = new Frontier(space.names.length);
    this.watch = new PathWatch(space, first);
    this.view = new StateView(space);
    this.key = new ClusterKey(space.renamings);
    this.choices = new Choices(space, options);
    this.isSymmetric = options.symmetric ?? (options.allow === undefined && options.goal === undefined);
  }

  async run(): Promise<SearchResult> {
    for (const [i, root] of this.roots.entries()) this.beginAt(root, i);
    const isDeep = this.options.order === "depth";
    const batchSize = isDeep ? DEPTH_BATCH : BREADTH_BATCH;
    while (this.frontier.length > 0 && !this.isDone()) {
      const batch: Expansion[] = [];
      while (batch.length < batchSize && this.frontier.length > 0)
        batch.push(this.expansionOf(isDeep ? this.frontier.pop() : this.frontier.shift()));
      await this.learn(batch);
      for (const expansion of batch) {
        if (this.isDone()) break;
        this.expand(expansion);
        await this.confirmSuspects();
      }
    }
    return this.result();
  }

  /** What the tables say may be wrong: servers whose states look alike may differ. Then the search goes on. */
  private async confirmSuspects(): Promise<void> {
    const suspects = this.suspects;
    this.suspects = [];
    for (const path of suspects) {
      if (this.violation !== undefined || this.cleared >= CLEARED_MAX) return;
      if (await this.confirm(path)) this.violation = path;
      else this.cleared += 1;
    }
  }

  private isDone(): boolean {
    const { goals = 1, bounds, isOver } = this.options;
    if (this.violation !== undefined || (this.options.goal !== undefined && this.goals.length >= goals))
      return true;
    if (this.visited.size < bounds.states && !this.space.isSpent && isOver?.() !== true) return false;
    this.isBounded = true;
    return true;
  }

  private result(): SearchResult {
    const { violation, goals, visited, transitions, deepest } = this;
    const end =
      violation !== undefined
        ? "violation"
        : goals.length > 0
          ? "goal"
          : this.isBounded
            ? "bounded"
            : "exhausted";
    const bytes = visited.bytes + this.frontier.bytes;
    return { end, violation, goals, states: visited.size, transitions, depth: deepest, bytes };
  }

  private beginAt({ locals, letters, codes, given }: Root, i: number): void {
    this.key.set(locals, letters);
    const used = onlyUsed("proposals", given);
    const state = this.meet(used, NOWHERE, i);
    if (state === NOWHERE) return;
    if (codes.length === 0 || this.options.goal === undefined || !this.noteGoal(state, locals, letters, used))
      this.frontier.push(state, 0, used, locals, [...new Set(letters)]);
  }

  private expansionOf(waiting: Waiting): Expansion {
    const { visited, depth, used, locals, letters } = waiting; // a spread would slow a search down
    const expansion: Expansion = { visited, depth, used, locals, letters, codes: [] };
    this.choices.add(expansion);
    return expansion;
  }

  /** Finds out what is not known yet about the steps from some states. */
  private async learn(batch: readonly Expansion[]): Promise<void> {
    await this.space.explore(this.unknownOf(batch));
    if ((this.options.budget.reboots ?? 0) === 0) return;
    for (const expansion of batch) this.choices.addCuts(expansion);
    await this.space.explore(this.unknownOf(batch));
  }

  private unknownOf(batch: readonly Expansion[]): Unknown[] {
    const unknown: Unknown[] = [];
    const asked = new Map<LocalState, Set<number>>();
    for (const { locals, codes } of batch)
      for (const code of codes) {
        if (stepOf(code) === STEP.drop) continue;
        const deed = deedOf(code);
        const state = locals[this.space.deeds[deed].node];
        if (state.transitions.has(deed)) continue;
        const deeds = asked.get(state) ?? new Set();
        asked.set(state, deeds);
        if (deeds.has(deed)) continue;
        deeds.add(deed);
        unknown.push({ state, deed });
      }
    return unknown;
  }

  private expand(expansion: Expansion): void {
    const { depth, locals, letters, codes } = expansion;
    this.key.set(locals, letters);
    this.key.keep();
    for (const code of codes) {
      this.key.goBack();
      this.take(expansion, code);
      if (this.isDone()) return;
    }
    this.deepest = Math.max(this.deepest, depth + (codes.length > 0 ? 1 : 0));
  }

  /** Takes one step from a state. */
  private take(from: Expansion, code: number): void {
    const { locals, letters } = from;
    this.transitions += 1;
    const deed = this.space.deeds[deedOf(code)];
    const { node } = deed;
    const step = stepOf(code);
    const cut = deed.kind === "cut" ? this.space.deeds[deed.of] : deed;
    const gone = cut.kind === "deliver" && step !== STEP.again ? cut.letter : undefined;
    if (gone !== undefined) this.key.remove(gone.keys);
    const used = usedAfter(from.used, cut.kind, deed.kind, step);
    if (step === STEP.drop) {
      this.come(from, code, used, locals, without(letters, gone));
      return;
    }
    const transition = locals[node].transitions.get(deedOf(code));
    if (transition === undefined) return; // the servers have used up what they may use before it was tried
    const { to } = transition;
    if (to === undefined || transition.isSuspect || isAtOddsWithOthers(to, locals)) {
      this.suspects.push([...this.pathTo(from.visited), code]);
      if (to === undefined) return;
    }
    this.key.remove(locals[node].keys);
    this.key.add(to.keys);
    const after = without(letters, gone);
    for (const letter of transition.letters) {
      if (after.length >= LETTERS_MAX) break; // as good as lost
      if (after.includes(letter)) continue; // a second one like it is only a message that arrives twice
      after.push(letter);
      this.key.add(letter.keys);
    }
    const now = locals.slice();
    now[node] = to;
    const isAnswered = to.facts.results !== locals[node].facts.results;
    this.come(from, code, used, now, after, isAnswered);
  }

  /** A step has led to a state: is it new? */
  private come(
    { visited, depth }: Waiting,
    code: number,
    used: number,
    locals: readonly LocalState[],
    letters: readonly Letter[],
    isAnswered = false,
  ): void {
    const { watchEvery = 1 } = this.options;
    const state = this.meet(used, visited, code);
    if (state === NOWHERE) return;
    // A client's answer is looked at wherever it leads to: nothing else says whether it is right.
    if (watchEvery > 0 && (isAnswered || (state + 1) % watchEvery === 0)) {
      const path = this.pathTo(state);
      if (this.watch.findsSomething(path)) this.suspects.push(path);
    }
    if (this.options.goal !== undefined && this.noteGoal(state, locals, letters, used)) return;
    if (depth + 1 >= this.options.bounds.depth) {
      this.isBounded = true;
      return;
    }
    this.frontier.push(state, depth + 1, used, locals, letters);
  }

  private noteGoal(
    state: number,
    locals: readonly LocalState[],
    letters: readonly Letter[],
    used: number,
  ): boolean {
    if (!this.options.goal?.(this.view.at(locals, letters, used))) return false;
    this.goals.push({ locals, letters, codes: this.pathTo(state), given: usedOf(used, "proposals") });
    return true;
  }

  private pathTo(state: number): number[] {
    const { root, codes } = this.visited.pathTo(state);
    return [...this.roots[root].codes, ...codes];
  }

  /** @returns the number of the state whose key was summed up, or NOWHERE if it was met before */
  private meet(used: number, parent: number, code: number): number {
    const { key } = this;
    key.choose(this.isSymmetric);
    return this.visited.add(Math.imul(key.low ^ used, 0x9e3779b1), key.high, parent, code);
  }
}

function without(letters: readonly Letter[], gone: Letter | undefined): Letter[] {
  return gone === undefined ? letters.slice() : letters.filter((letter) => letter !== gone);
}

function isAtOddsWithOthers(to: LocalState, locals: readonly LocalState[]): boolean {
  if (to.facts === locals[to.node].facts) return false;
  return locals.some((local) => local.node !== to.node && areAtOdds(local.facts, to.facts));
}
