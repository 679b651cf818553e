import { usedOf, useOne } from "./budget";
import type { Waiting } from "./frontier";
import type { Letter, LocalState } from "./local-state";
import type { SearchOptions } from "./options";
import type { Space } from "./space";
import { codeOf, deedOf, STEP, stepOf } from "./step";
import { StateView, type StepView, stepView } from "./view";

/** A state that is gone on from, and the steps from there. */
export interface Expansion extends Waiting {
  readonly codes: number[];
}

/** What can happen next: as far as the budget of a search goes, and the test allows it. */
export class Choices {
  private readonly view: StateView;
  private readonly steps: StepView[] = [];

  constructor(
    private readonly space: Space,
    private readonly options: Pick<SearchOptions, "budget" | "allow">,
  ) {
    this.view = new StateView(space);
  }

  /** Everything that could happen next, but for stops in the middle of something. */
  add({ used, locals, letters, codes }: Expansion): void {
    const { space } = this;
    const { budget } = this.options;
    const canAgain = usedOf(used, "duplicates") < (budget.duplicates ?? 0);
    const canDrop = usedOf(used, "drops") < (budget.drops ?? 0);
    for (const { deed } of letters) {
      codes.push(codeOf(deed, STEP.plain));
      if (canAgain) codes.push(codeOf(deed, STEP.again));
      if (canDrop) codes.push(codeOf(deed, STEP.drop));
    }
    for (const { own } of locals)
      for (const number of own) {
        const deed = space.deeds[number];
        if (deed.kind === "timer" && usedOf(used, "timers") >= (budget.timers ?? 0)) continue;
        if (deed.kind === "reboot" && usedOf(used, "reboots") >= (budget.reboots ?? 0)) continue;
        if (deed.kind === "propose") {
          // Commands are given in their order: another order is the same with other names.
          const given = usedOf(used, "proposals");
          if (given >= (budget.proposals ?? 0) || deed.nth !== given) continue;
        }
        codes.push(codeOf(number, STEP.plain));
      }
    if (this.options.allow !== undefined) this.ask(codes, locals, letters, used);
  }

  /** Leaves out what the test does not allow. */
  private ask(
    codes: number[],
    locals: readonly LocalState[],
    letters: readonly Letter[],
    used: number,
  ): void {
    const { allow } = this.options;
    const view = this.view.at(locals, letters, used);
    const allowed = codes.filter((code) => allow?.(this.stepOf(deedOf(code)), view));
    codes.length = 0;
    codes.push(...allowed);
  }

  private stepOf(deed: number): StepView {
    this.steps[deed] ??= stepView(this.space, this.space.deeds[deed]);
    return this.steps[deed];
  }

  /** Stops right before and right after each write to a disk: in between, a stop is as good as one of these. */
  addCuts({ used, locals, letters, codes }: Expansion): void {
    if (usedOf(used, "reboots") >= (this.options.budget.reboots ?? 0)) return;
    const cuts: number[] = [];
    for (const code of codes) {
      if (stepOf(code) !== STEP.plain) continue;
      const deed = deedOf(code);
      const { node, kind } = this.space.deeds[deed];
      if (kind === "reboot" || node >= this.space.setup.ids.length) continue;
      const reaction = locals[node].transitions.get(deed)?.reaction;
      if (reaction === undefined || reaction.trouble !== undefined) continue;
      const { effects } = reaction;
      for (const [i, effect] of effects.entries()) {
        if (effect.kind !== "write") continue;
        cuts.push(codeOf(this.space.cut(deed, i), STEP.plain));
        if (i + 1 < effects.length) cuts.push(codeOf(this.space.cut(deed, i + 1), STEP.plain));
      }
    }
    const unique = [...new Set(cuts)];
    if (this.options.allow !== undefined) this.ask(unique, locals, letters, used);
    codes.push(...unique);
  }
}

/** What is used of the budget after a step. */
export function usedAfter(used: number, kind: string, whole: string, step: number): number {
  let after = used;
  if (step === STEP.again) after = useOne(after, "duplicates");
  if (step === STEP.drop) return useOne(after, "drops");
  if (kind === "timer") after = useOne(after, "timers");
  if (kind === "propose") after = useOne(after, "proposals");
  if (whole === "reboot" || whole === "cut") after = useOne(after, "reboots");
  return after;
}
