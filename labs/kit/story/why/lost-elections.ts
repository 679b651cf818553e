import { NONE } from "../../trace/trace";
import { listWords, plural } from "../words";
import type { Ballot, Fate } from "./ballots";
import type { Candidacy } from "./candidacies";
import { blocked } from "./lost-votes";
import type { Answer } from "./question";
import { terms } from "./same-again";
import type { Vacancy } from "./why-no-leader";

/** Elections that were lost for want of votes of one fate: each would have been won with them. */
export interface Loss {
  readonly fate: Fate;
  readonly lost: readonly Lost[];
}

export interface Lost {
  readonly candidacy: Candidacy;
  readonly ballots: readonly Ballot[];
}

/** Fates that break a rule whatever the design: they are the reason even if others are as frequent. */
const WRONG: readonly Fate[] = ["wrongly-refused", "unanswered", "not-asked"];
/** Of fates that are equally frequent, the first says most. */
const TELLING: readonly Fate[] = [
  ...WRONG,
  "log",
  "late",
  "voted",
  "newer-term",
  "request-lost",
  "reply-lost",
  "refused",
  "leader-known",
  "pending",
];

/** Servers stood for election and none won: which of the votes that they did not get were decisive. */
export function lostElections(vacancy: Vacancy): Answer | undefined {
  const { view, nodes, candidacies } = vacancy;
  const lost = candidacies.filter(({ isWon }) => !isWon);
  if (lost.length === 0) return undefined;
  const losses = TELLING.map(
    (fate): Loss => ({ fate, lost: lost.flatMap((candidacy) => lostFor(candidacy, fate)) }),
  );
  const certain = losses.find(
    ({ fate, lost: some }) => WRONG.includes(fate) && some.length * 4 >= lost.length,
  );
  const most = [...losses].sort((a, b) => b.lost.length - a.lost.length)[0];
  const loss = certain ?? most;
  if (loss.lost.length === 0) return mixed();
  return blocked(vacancy, loss);

  /** The candidacy, if the ballots of that fate would have decided it. */
  function lostFor(candidacy: Candidacy, fate: Fate): Lost[] {
    const ballots = candidacy.ballots.filter(
      (ballot) => ballot.fate === fate && nodes.includes(ballot.voter),
    );
    const isDecisive = ballots.length > 0 && candidacy.votes + ballots.length >= view.majority;
    return isDecisive ? [{ candidacy, ballots }] : [];
  }

  function mixed(): Answer {
    const last = lost[lost.length - 1];
    const names = [...new Set(lost.map(({ node }) => view.names[node]))].sort();
    return {
      cause: "no-leader: too few votes",
      reason: `Nobody could win, although ${listWords(names)} stood in ${plural(terms(lost), "term")}: no candidate got the votes of ${view.majority} of ${view.servers} servers.`,
      evidence: [
        last.record,
        ...last.ballots.map(({ record }) => record).filter((record) => record !== NONE),
      ],
      next: "Who voted for whom in the last term, and who did not vote at all?",
    };
  }
}
