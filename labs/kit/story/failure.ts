import type { StoryLine } from "./excerpt";
import { plural } from "./words";

/** What sort of failure it is; each has its own mark in reports. */
export type FailureKind =
  /** A stub of the skeleton was reached. */
  | "not-written"
  /** A safety property was broken. */
  | "violation"
  /** What a test expects did not come about. */
  | "expectation"
  /** The contract between server and world was broken. */
  | "contract"
  /** The student's code threw an error. */
  | "threw"
  /** More events than a run may have. */
  | "budget";

/** A failure told for a student. Everything a report shows is in here. */
export interface Story {
  readonly kind: FailureKind;
  /** For "not-written": the number of the open task. */
  readonly task?: string | undefined;
  /** For "violation": the property that was broken, "Election Safety". */
  readonly property?: string | undefined;
  /** "Election Safety (Raft Figure 3): S1 and S3 both lead term 4." */
  readonly headline: string;
  /** The sort of reason that the trace shows for an expectation that was not met: "no-leader: no timer". */
  readonly cause?: string | undefined;
  readonly lines: readonly StoryLine[];
  /** A drawing in characters, line by line: operations over time, for instance. */
  readonly figure?: readonly string[] | undefined;
  /** Where each server stood at the end: "S1 leader of term 4". Empty where that tells nothing. */
  readonly standing: readonly string[];
  readonly rule?: string | undefined;
  readonly next?: string | undefined;
  readonly seed: number;
  /** How many servers the run had. */
  readonly servers: number;
  readonly traceHash: string;
  /** Set if the story is that of a smaller run in which the same goes wrong; `seed`, `servers` and `traceHash` are the whole run's. */
  readonly shrunk?: Smaller | undefined;
}

/** What a smaller run is to the whole one. */
export interface Smaller {
  /** What was left out of. */
  readonly of: "events" | "faults and requests";
  /** How many of them the whole run has, and the smaller one. */
  readonly before: number;
  readonly after: number;
  /** Servers of the smaller one. */
  readonly servers: number;
}

/** Thrown out of a run. Its message is the whole story, and so is its stack: the lines of this kit help nobody. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(readonly story: Story) {
    super(storyText(story));
    this.stack = this.message;
  }
}

/**
 * A test that comes to a stub of a later task: with the tasks up to its own done, a correct program would not get there.
 * @param task what the test is about: "1.3"
 * @returns the story of that, or undefined if the stub is simply the next thing to write
 */
export function prematureStory(story: Story, task: string): Story | undefined {
  if (story.task === undefined || !isLater(story.task, task)) return undefined;
  return {
    ...story,
    kind: "expectation",
    headline: `This test of task ${task} came to task ${story.task}, which is not written yet and not needed here: something happens that should not, or too early.`,
    next: `What made this happen? With task ${task} right, nothing in this test leads to task ${story.task}.`,
  };
}

function isLater(task: string, other: string): boolean {
  const [[lab, number], [otherLab, otherNumber]] = [task, other].map((text) => text.split(".").map(Number));
  return lab > otherLab || (lab === otherLab && number > otherNumber);
}

/** Where a story leads on. */
export interface Leads {
  /** The command that shows the run again. */
  readonly replay?: string | undefined;
  /** The file in which the run is drawn. */
  readonly diagram?: string | undefined;
  /** The command that plays this very run on the code that there is by then. */
  readonly mended?: string | undefined;
}

/** A story as plain text, a line each. */
export function storyText(story: Story, { replay, diagram, mended }: Leads = {}): string {
  if (story.kind === "not-written") return story.headline;
  const width = Math.max(0, ...story.lines.map((line) => line.time.length));
  const eventWidth = Math.min(
    46,
    Math.max(0, ...story.lines.filter((line) => line.outcome !== "").map((line) => line.event.length)),
  );
  const events = story.lines.map(({ time, event, outcome, isWrong }) => {
    const text = `${time.padStart(width)}  ${event.padEnd(outcome === "" ? 0 : eventWidth)}`;
    return `${text}${outcome === "" ? "" : `   ${outcome}`}${isWrong ? "   ← first wrong step" : ""}`;
  });
  const rest = [
    story.standing.length === 0 ? undefined : `Now     ${story.standing.join("; ")}.`,
    story.rule === undefined ? undefined : `Rule    ${story.rule}`,
    `Seed    ${story.seed}, ${story.servers} server${story.servers === 1 ? "" : "s"}, trace ${story.traceHash}`,
    story.shrunk === undefined ? undefined : shrunkWords(story.shrunk, story),
    replay === undefined ? undefined : `Replay  ${replay}`,
    mended === undefined ? undefined : `Mended? ${mended}`,
    diagram === undefined ? undefined : `Diagram  ${diagram}`,
    story.next === undefined ? undefined : `Next    ${story.next}`,
  ];
  const figure = story.figure === undefined ? [] : ["", ...story.figure, ""];
  return [story.headline, ...events, ...figure, ...rest.filter((line) => line !== undefined)].join("\n");
}

/** "Shrunk  from 1,240 events to 11, with 3 servers; the whole run is seed 7" */
function shrunkWords({ of, before, after, servers }: Smaller, whole: Story): string {
  const cluster = servers === whole.servers ? "" : `, with ${plural(servers, "server")}`;
  return `Shrunk  from ${before.toLocaleString("en")} ${of} to ${after.toLocaleString("en")}${cluster}; the whole run is seed ${whole.seed}`;
}
