import type { RunFile } from "../schedule";
import { storyText } from "../story/failure";
import { plural } from "../story/words";
import type { Parting } from "./course";
import type { Outcome } from "./replay";
import { eventsIn } from "./run-file-of";

/** What came of a replay, for whoever asked for it. @param code the fingerprint of today's files */
export function outcomeText(file: RunFile, { kind, world, failure, parting }: Outcome, code: string): string {
  const story = failure === undefined ? [] : ["", storyText(failure.story)];
  const recorded = `Recorded  ${harmless(file.result.headline)}`;
  const isSameCode = code === file.code;
  switch (kind) {
    case "same":
      return [
        `The same failure as recorded, in a run of ${plural(eventsIn(world.trace), "event")}.`,
        ...(parting === undefined ? [] : [`From event ${parting.event} on it is another run.`]),
        ...partingLines(parting),
        ...story,
      ].join("\n");
    case "other":
      return [
        parting === undefined
          ? "Another failure than recorded."
          : `Another failure than recorded: from event ${parting.event} on it is another run.`,
        recorded,
        ...partingLines(parting),
        ...story,
      ].join("\n");
    case "mended":
      return [
        "This run does not fail any more.",
        recorded,
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
    `Then      recorded: ${recorded === undefined ? "nothing more" : harmless(recorded)}`,
    `          now:      ${now ?? "nothing more"}`,
  ];
}

/** A text of a file that anybody may have written: nothing in it steers the terminal. */
function harmless(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, " ");
}
