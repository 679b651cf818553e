import type { RunFile } from "../schedule";
import { storyText } from "../story/failure";
import { plural } from "../story/words";
import type { Parting } from "./course";
import type { Outcome } from "./replay";

/** What came of a replay, for whoever asked for it. @param code the fingerprint of today's files */
export function outcomeText(file: RunFile, { kind, failure, parting }: Outcome, code: string): string {
  const story = failure === undefined ? [] : ["", storyText(failure.story)];
  const isSameCode = code === file.code;
  switch (kind) {
    case "same":
      return [
        `The same failure as recorded, in a run of ${plural(file.result.events, "event")}.`,
        ...story,
      ].join("\n");
    case "other":
      return [
        parting === undefined
          ? "Another failure than recorded."
          : `Another failure than recorded: from event ${parting.event} on it is another run.`,
        `Recorded  ${file.result.headline}`,
        ...partingLines(parting),
        ...story,
      ].join("\n");
    case "mended":
      return [
        "This run does not fail any more.",
        `Recorded  ${file.result.headline}`,
        ...partingLines(parting),
        isSameCode
          ? "Next      Your files are those of the recorded run, and yet it does not fail: is something of yours kept from run to run?"
          : "Next      One run that goes well is one run. Run all tests: they have many more seeds.",
      ].join("\n");
  }
}

/** The first event that is not as it was: the last one before it, what was recorded, and what happens now. */
function partingLines(parting: Parting | undefined): string[] {
  if (parting === undefined) return [];
  const { event, common, recorded, now } = parting;
  return [
    `Same      ${common === undefined ? "nothing: the first event is another one" : `up to event ${event - 1}: ${common}`}`,
    `Then      recorded: ${recorded ?? "nothing more"}`,
    `          now:      ${now ?? "nothing more"}`,
  ];
}
