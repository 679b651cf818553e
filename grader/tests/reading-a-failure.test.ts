import { readFileSync } from "node:fs";
import path from "node:path";
import test from "tape";
import { type Story, storyText } from "../../labs/kit";
import { ROOT } from "../course/labs";
import { type Example, shrunkMutant } from "../tools/shrunk-mutant";

const GUIDE = path.join(ROOT, "docs", "reading-a-failure.md");

/** The stories that the guide tells, each shrunk from a run of the hidden suite. */
const TOLD: readonly Example[] = [
  { lab: "1", mutant: "E02", test: "1.8l" },
  { lab: "2", mutant: "E08", test: "2.7e" },
  { lab: "3", mutant: "O19", test: "3.4o" },
];

/** Bugs over all labs, each with a property of its own. */
const MORE: readonly Example[] = [
  { lab: "1", mutant: "E29", test: "1.8a" },
  { lab: "1", mutant: "O19", test: "1.8d" },
  { lab: "2", mutant: "L07", test: "2.8a" },
  { lab: "2", mutant: "L09", test: "2.6c" },
  { lab: "2", mutant: "O07", test: "2.6d" },
  { lab: "2", mutant: "L19", test: "2.6c" },
  { lab: "3", mutant: "O13", test: "3.4o" },
  { lab: "4", mutant: "O06", test: "4.4d" },
];

test("the guide to failures tells its stories as they are told today", async (t) => {
  const guide = readFileSync(GUIDE, "utf8");
  for (const example of TOLD) {
    const { failure } = await shrunkMutant(example);
    const text = storyText(failure.story);
    t.ok(guide.includes(text), `mutant ${example.mutant} of lab ${example.lab}`);
    if (!guide.includes(text)) t.comment(`${GUIDE} should have:\n${text}`);
  }
});

test("shrunk stories have at most twelve events and name the rule that is broken", async (t) => {
  for (const example of [...TOLD, ...MORE]) {
    const { failure, isShrunk, movesAfter, movesBefore, trouble } = await shrunkMutant(example);
    const { lines, property, rule } = failure.story;
    const name = `mutant ${example.mutant} of lab ${example.lab}: ${property}, ${movesBefore} → ${movesAfter}`;
    t.ok(isShrunk && lines.length <= 12 && isWhole(failure.story, movesAfter) && rule !== undefined, name);
    t.equal(trouble, undefined, "nothing went wrong on the way");
  }
});

/** True if a story tells all that happens: an event may have a stop in its middle, which is told too. */
function isWhole({ lines }: Story, moves: number): boolean {
  return moves <= 12 && lines.length >= Math.min(moves, 3);
}
