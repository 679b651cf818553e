import test from "tape";
import { mutantsOf, referenceOf } from "../catalogue/catalogue";
import { practiceTestsOn, practise } from "../catalogue/practice-tests";
import { LABS, type Lab } from "../course/labs";
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

/** A bug of lab 1 that practice tests find, in a test on a whole cluster. */
function doubleCounter([lab]: readonly Lab[]): Submission {
  const mutant = mutantsOf(lab).find(({ id }) => id === "E02");
  if (mutant === undefined) throw new Error("There is no mutant E02 any more.");
  return mutant.submission;
}

test("practice tests in this process tell a bug's story, and are loaded afresh for each submission", async (t) => {
  const [story, ...more] = await failures(doubleCounter(LABS));
  t.match(story, /^A leader has a majority's votes.*\nReplay {2}npm run replay -- 1\.6 --seed 1\n/s);
  t.deepEqual(more, [], "one test finds it");

  t.ok(practiceTestsOn(referenceOf(LABS[0])).length > 0, "the reference has tests");
  t.deepEqual(await failures(referenceOf(LABS[0])), [], "and passes them");

  t.deepEqual(await failures(doubleCounter(LABS)), [story], "the bug is back, word by word");
});
