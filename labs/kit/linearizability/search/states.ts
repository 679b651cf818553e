import { IMPOSSIBLE, type Machine, NEVER, type Outlook, type Primitive } from "../model";

/** The answer of {@link States.after} for an action that cannot happen. */
export const CANNOT = -1;

/** No state is {@link States.isBlank blank}. */
const NO_BLANK = -1;

/** Numbers for the states of a machine, and what each kind of action does to them, worked out once each. */
export class States<State extends Primitive, Action> {
  readonly blank: number;
  private readonly numbers = new Map<State, number>();
  private readonly states: State[] = [];
  private readonly lastLooks: number[] = [];
  /** By state and kind. The engine keeps an array with holes as it sees fit: dense while small, hashed when large. */
  private readonly results: (number | undefined)[] = [];

  constructor(
    private readonly machine: Machine<State, Action>,
    private readonly kinds: readonly Action[],
    private readonly outlook: Outlook<State> | undefined,
  ) {
    this.blank = outlook === undefined ? NO_BLANK : this.numberOf(outlook.blank);
  }

  numberOf(state: State): number {
    let number = this.numbers.get(state);
    if (number === undefined) {
      number = this.states.push(state) - 1;
      this.numbers.set(state, number);
      this.lastLooks.push(this.outlook?.lastLook(state) ?? NEVER);
    }
    return number;
  }

  /** The state itself, or the blank one if from `position` on nobody can tell them apart. */
  seenFrom(position: number, state: number): number {
    return this.lastLooks[state] < position && this.blank !== NO_BLANK ? this.blank : state;
  }

  /** True if from `position` on the state allows nothing that any other state would not allow. */
  isWorst(position: number, state: number): boolean {
    return state === this.blank && position >= (this.outlook?.blankIsWorstFrom ?? NEVER);
  }

  /** The state after an action of `kind`, or {@link CANNOT}. */
  after(state: number, kind: number): number {
    const question = state * this.kinds.length + kind;
    let result = this.results[question];
    if (result === undefined) {
      const next = this.machine.apply(this.states[state], this.kinds[kind]);
      result = next === IMPOSSIBLE ? CANNOT : this.numberOf(next);
      this.results[question] = result;
    }
    return result;
  }
}
