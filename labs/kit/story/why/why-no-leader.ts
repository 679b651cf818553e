import type { NodeId } from "../../contract";
import { behindTheTerm, gaveUp, understated, wonInVain } from "./broken-elections";
import { type Candidacy, candidaciesOf } from "./candidacies";
import { lostElections } from "./lost-elections";
import { nobodyStands } from "./nobody-stands";
import type { Answer } from "./question";
import type { RunView } from "./run-view";
import { sameTerm, sameTimeouts } from "./same-again";

/** All that is known about a time without a leader. */
export interface Vacancy {
  readonly view: RunView;
  /** The servers that could have elected one, as numbers: the real ones that run. */
  readonly nodes: readonly number[];
  /** The record at which the waiting began. */
  readonly since: number;
  readonly candidacies: readonly Candidacy[];
}

/** Reasons, the certain ones first: each says something, or that it does not know. */
const REASONS: readonly ((vacancy: Vacancy) => Answer | undefined)[] = [
  behindTheTerm,
  wonInVain,
  gaveUp,
  nobodyStands,
  sameTerm,
  sameTimeouts,
  understated,
  lostElections,
];

/** Why nobody was elected among servers that can talk to each other, since a record. */
export function whyNoLeader(view: RunView, among: readonly NodeId[], since: number): Answer | undefined {
  const nodes = view.running(among).map(({ index }) => index);
  const vacancy = { view, nodes, since, candidacies: candidaciesOf(view, nodes, since) };
  for (const reason of REASONS) {
    const answer = reason(vacancy);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
