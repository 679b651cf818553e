import { lineOf, type StoryLine } from "../story/excerpt";
import type { Story } from "../story/failure";
import { KIND, NONE } from "../trace/trace";
import type { World } from "../world/world";

/** Events up to which a run is told from beginning to end. */
export const WHOLE_MAX = 12;

/**
 * All that happened in a short run, in its order, but for the first starts.
 * @returns undefined if it is too long to be told as a whole
 */
function wholeStory({ trace, names, finding }: World): StoryLine[] | undefined {
  const lives = names.map(() => 0);
  const wrong =
    finding?.wrong === undefined || finding.wrong === NONE ? NONE : trace.handlerOf(finding.wrong);
  const told: number[] = [];
  for (let i = 0; i < trace.length; i++) {
    const isFirstStart = trace.kindOf(i) === KIND.start && lives[trace.nodeOf(i)]++ === 0;
    const isStop = trace.kindOf(i) === KIND.fault && trace.nodeOf(i) !== NONE;
    if (isStop || (trace.isHandler(i) && !isFirstStart)) told.push(i);
    if (told.length > WHOLE_MAX) return undefined;
  }
  return told.map((record) => lineOf(trace, names, record, record === wrong));
}

/** The story of a short run, told from its beginning to its end; a longer one's as it is. */
export function toldWhole(story: Story, world: World): Story {
  if (story.kind === "expectation" || story.figure !== undefined) return story;
  return { ...story, lines: wholeStory(world) ?? story.lines };
}
