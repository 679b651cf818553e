"use strict";

/** @typedef {import("./outcome.cjs").Outcome} Outcome */
/** @typedef {import("./stubs.cjs").Stub} Stub */

/**
 * One line that says what to do now.
 * @param {readonly Outcome[]} outcomes
 * @param {readonly Stub[]} stubs
 * @param {boolean} isSelection true if only some of the tests were run
 */
exports.nextStep = function nextStep(outcomes, stubs, isSelection) {
  const first = outcomes.find(({ state }) => state !== "passed");
  if (first === undefined) return allPassed(outcomes, stubs, isSelection);
  if (first.state === "not written") return openTask(first, stubs);
  if (isSelection)
    return `Next: read the first story from its marked line upwards (if none is marked: what is missing, what is too much, what came in the wrong order?), change one thing, run this again.`;
  return `Next: ${first.number} is the first that fails. Run only its tests:  npm test -- -t ${first.number}`;
};

/**
 * @param {readonly Outcome[]} outcomes
 * @param {readonly Stub[]} stubs
 * @param {boolean} isSelection
 */
function allPassed(outcomes, stubs, isSelection) {
  if (process.env.LAB_SEED !== undefined) {
    return `With seed ${process.env.LAB_SEED} nothing fails any more. Next: run all seeds:  npm test`;
  }
  if (isSelection && stubs.length > 0 && !process.env.LAB_RUN_FILE)
    return `All of these pass. ${openTask(outcomes[0], stubs)}`;
  if (isSelection) return "All of these pass. Next: run all tests of the lab:  npm test";
  const number = outcomes.at(-1)?.number ?? "1.8";
  return [
    "All practice tests of this lab pass. Well done! Next: npm run check, the public part of what is graded.",
    `Next: watch a whole run of your servers, event by event:  npm run replay -- ${number} --seed 1`,
  ].join("\n");
}

/**
 * @param {Outcome} first
 * @param {readonly Stub[]} stubs in the order of their tasks
 */
function openTask(first, [stub]) {
  const task = stub?.task ?? first.openTask;
  const where = stub === undefined ? "" : ` (${stub.place})`;
  if (labOf(task) !== labOf(first.number))
    return `Next: task ${task}, of an earlier lab, is not written here${where}. Bring your files along:  npm run begin`;
  return `Next: write task ${task}${where}, then try it:  npm test -- -t ${task}`;
}

/** @param {string | undefined} task "1.3" is a task of lab 1 */
function labOf(task) {
  return task?.split(".")[0];
}
