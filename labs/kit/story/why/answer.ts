import type { Answer, Question } from "./question";
import type { RunView } from "./run-view";
import { whyNoLeader } from "./why-no-leader";
import { whyNoPeace } from "./why-no-peace";
import { whyNotAnswered } from "./why-not-answered";
import { whyNotApplied } from "./why-not-applied";

/** Asks a run that is over why something did not come about. Undefined: the trace does not show a reason. */
export function answer(view: RunView, question: Question): Answer | undefined {
  switch (question.kind) {
    case "no-leader":
      return whyNoLeader(view, question.among, question.since);
    case "no-peace":
      return (
        whyNoPeace(view, question.among, question.since) ?? whyNoLeader(view, question.among, question.since)
      );
    case "not-applied":
      return whyNotApplied(view, question.entry, question.among);
    case "not-answered":
      return whyNotAnswered(view, question.client, question.server);
  }
}
