import { readFileSync } from "node:fs";
import path from "node:path";
import test from "tape";
import { mutantsOf, referenceOf } from "../catalogue/catalogue";
import { practiceTestsOn, practise } from "../catalogue/practice-tests";
import { LABS, type Lab, ROOT } from "../course/labs";
import type { Submission } from "../submission/intake";

/** What the practice tests say of a submission: a text for each that failed. */
async function failures(submission: Submission): Promise<string[]> {
  const texts: string[] = [];
  for (const practiceTest of practiceTestsOn(submission)) {
    const why = await practise(practiceTest);
    if (why !== undefined) texts.push(why);
  }
  return texts;
}

function mutantOf([lab]: readonly Lab[], id: string): Submission {
  const mutant = mutantsOf(lab).find((candidate) => candidate.id === id);
  if (mutant === undefined) throw new Error(`There is no mutant ${id} any more.`);
  return mutant.submission;
}

/** A bug of lab 1 that practice tests find, in a test on a whole cluster. */
const doubleCounter = (labs: readonly Lab[]): Submission => mutantOf(labs, "E02");

test("practice tests in this process tell a bug's story, and are loaded afresh for each submission", async (t) => {
  const [story, ...more] = await failures(doubleCounter(LABS));
  t.match(story, /^A leader has a majority's votes.*\nReplay {2}npm run replay -- 1\.6 --seed 1\n/s);
  t.deepEqual(more, [], "one test finds it");
  const told = story.replace(/^/gm, " ".repeat(7));
  for (const page of ["docs/student-guide.md", "labs/1-election/README.md"]) {
    const isTold = readFileSync(path.join(ROOT, page), "utf8").includes(told);
    t.ok(isTold, `${page} shows the story as it is`);
    if (!isTold) t.comment(`${page} should have:\n${told}`);
  }

  t.ok(practiceTestsOn(referenceOf(LABS[0])).length > 0, "the reference has tests");
  t.deepEqual(await failures(referenceOf(LABS[0])), [], "and passes them");

  t.deepEqual(await failures(doubleCounter(LABS)), [story], "the bug is back, word by word");
});

test("a story whose sentence is about an early event ends with that event, and marks it", async (t) => {
  // Heartbeats do not restart the election timer; the test goes on for four seconds.
  const texts = await failures(mutantOf(LABS, "O02"));
  const story = texts.find((text) => /^S1 stood for election in term 2, at 401 ms\./.test(text)) ?? "";
  const events = story.split("\n").filter((line) => /^ *\d+ ms /.test(line));
  t.match(events[0], /^ *0 ms {2}S1 {2}starts/);
  t.ok(
    events.some((line) => /heartbeat.*S1 accepts/.test(line)),
    "with the heartbeats before it",
  );
  t.match(events.at(-1) ?? "", /401 ms.*S1 stands for election in term 2.*← first wrong step/);
  t.doesNotMatch(story, /^Now /m, "and nothing of the end of the run");
});
