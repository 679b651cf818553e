import type { StoryLine } from "./excerpt";
import type { Story } from "./failure";

/** Why a test failed, as far as it was told. */
export interface ToldFailure {
  readonly text: string;
  readonly story?: Story | undefined;
}

/** Failures that have one reason. */
export interface Reason<T> {
  readonly key: string;
  /** The one that is told in full, and those that it stands for, itself included, in the order in which they came. */
  readonly first: T;
  readonly all: readonly T[];
}

/**
 * Puts failures together that have the same reason, in the order in which the reasons come.
 * @param failureOf undefined for what has no failure, or none to be compared
 */
export function reasonsOf<T>(
  items: readonly T[],
  failureOf: (item: T) => ToldFailure | undefined,
): Reason<T>[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const failure = failureOf(item);
    if (failure === undefined) continue;
    const key = reasonKey(failure);
    const alike = found.get(key);
    if (alike === undefined) found.set(key, [item]);
    else alike.push(item);
  }
  return [...found].map(([key, all]) => ({ key, first: all[0], all }));
}

/**
 * What two failures have in common if they have one reason: the property or the rule, the student's line if it is known,
 * and the shape of the first wrong step; names, terms and numbers do not count.
 */
export function reasonKey({ text, story }: ToldFailure): string {
  if (story === undefined) return `text: ${shapeOf(text.split("\n", 1)[0])}`;
  const { kind, headline, property, cause, rule, lines } = story;
  const place = PLACE.exec(headline)?.[1];
  const wrong = lines.find(({ isWrong }) => isWrong);
  switch (kind) {
    case "violation":
      return [kind, property ?? headline.split(":", 1)[0], shapeOf(rule ?? ""), stepShape(wrong)].join(" | ");
    case "expectation": {
      if (cause !== undefined) return `${kind} | ${cause}`;
      const isKnown = rule !== undefined && wrong !== undefined;
      return [kind, shapeOf(isKnown ? "" : headline), shapeOf(rule ?? ""), stepShape(wrong)].join(" | ");
    }
    case "contract":
    case "threw":
      return [kind, place ?? "", shapeOf(place === undefined ? headline : errorOf(headline))].join(" | ");
    default:
      return `${kind} | ${shapeOf(headline)}`;
  }
}

/** "raft.ts:105", as the headline of an error names the student's line. */
const PLACE = /\(([\w./-]+\.ts:\d+)[^()]*\)/;

/** "TypeError" of "S1 threw TypeError: …": with the line that is all that counts. */
function errorOf(headline: string): string {
  return / threw (\w+)/.exec(headline)?.[1] ?? headline.split(":", 1)[0];
}

/** What came and what the server did about it, without names and numbers. */
function stepShape(line: StoryLine | undefined): string {
  if (line === undefined) return "";
  const gap = line.event.indexOf("  ");
  const what = line.event
    .slice(gap + 1)
    .trim()
    .split(" ", 1)[0];
  return `${what}: ${shapeOf(line.outcome)}`;
}

/** A sentence in which names, numbers and values are blanks. */
function shapeOf(sentence: string): string {
  return sentence
    .replace(/“[^”]*”|"[^"]*"/g, "“”")
    .replace(/\b[SC]\d+\b/g, "X")
    .replace(/X(?:(?:, | and )X)+/g, "X")
    .replace(/\d+(?:[.,]\d+)*/g, "0")
    .replace(/\bentries 0(?:–0)?/g, "entry 0")
    .replace(/\b0(?:(?:, | and )0)+/g, "0");
}
