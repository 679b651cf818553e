import type { Story } from "../story/failure";

/** Names of nodes, and lists of them. */
const NODES = /\b[SC]\d+\b(?:(?:, | and )[SC]\d+\b)*/g;
const QUOTED = /“[^”]*”|"[^"]*"/g;
const NUMBERS = /\d+(?:[.,]\d+)*/g;
/** One of these follows a list of nodes, as many as they are. */
const VERBS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:have|has)\b/g, "have"],
  [/\b(?:are|is)\b/g, "are"],
  [/\b(?:do|does)\b/g, "do"],
  [/\b(?:were|was)\b/g, "were"],
];

type Reason = Pick<Story, "kind" | "property" | "headline">;

/**
 * True if two runs failed for the same reason, as far as their stories tell: the same property, or the same line of the
 * student's file, or the same sentence but for names and numbers.
 */
export function isSameFailure(a: Reason, b: Reason): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === "violation") return a.property === b.property;
  return abstractWords(a.headline) === abstractWords(b.headline);
}

/** A sentence without what may differ from run to run: names of nodes, numbers, what is quoted. */
export function abstractWords(sentence: string): string {
  const lines = /\(([\w./-]+:\d+)\)/.exec(sentence)?.[1] ?? ""; // a line of the student's is no number like others
  let words = sentence.replace(QUOTED, "“…”").replace(NODES, "S").replace(NUMBERS, "#");
  for (const [verb, plural] of VERBS) words = words.replace(verb, plural);
  return `${words} ${lines}`;
}
