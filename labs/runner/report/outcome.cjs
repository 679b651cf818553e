"use strict";

const { openTaskOf } = require("./stubs.cjs");
const { visible } = require("./visible.cjs");

/**
 * What came of one test.
 * @typedef {object} Outcome
 * @property {"passed" | "failed" | "not written" | "not run" | "not selected"} state
 * @property {string} number the number of the task that the test is about: "1.3"
 * @property {string} title the rest of the title: a sentence
 * @property {string} story why it did not pass; empty if it did
 * @property {string} reason what failures of one reason have in common; empty if it passed
 * @property {string | undefined} openTask for "not written": the number of the task that is still open
 */

const NOT_WRITTEN = /^Task (\d+\.\d+) is not written yet\.$/;
const NOT_RUN = /^Not run: /;
/** A story with a wrong step is about code that is there, whatever else is still to be written. */
const HAS_WRONG_STEP = /← first wrong step$/m;
/** Stack frames that help no reader of a test. */
const FOREIGN_FRAME = /^\s+at .*(?:node_modules|node:internal|labs[\\/](?:kit|runner)|<anonymous>\)$)/;

/**
 * @param {import("@jest/reporters").TestCaseResult} result
 * @param {readonly import("./stubs.cjs").Stub[]} stubs a test that fails while its task is open was not even tried
 * @returns {Outcome}
 */
exports.outcomeOf = function outcomeOf({ status, fullName, failureMessages, failureDetails }, stubs) {
  const [, number = "", title = fullName] = /^\D*?(\d+\.\d+)\s+(.*)$/.exec(fullName) ?? [];
  const lines = (failureMessages[0] ?? "").trimEnd().split("\n");
  const story = visible(lines.filter((line) => !FOREIGN_FRAME.test(line)).join("\n"));
  const openTask =
    NOT_WRITTEN.exec(story)?.[1] ?? (HAS_WRONG_STEP.test(story) ? undefined : openTaskOf(stubs, number));
  const reason = reasonIn(failureDetails?.[0]) ?? story.split("\n", 1)[0];
  return { state: stateOf(status, story, openTask), number, title, story, reason, openTask };
};

/**
 * What simulated.ts has put into the error. Jest hands errors on as they are, or inside another one.
 * @param {unknown} detail
 * @returns {string | undefined}
 */
function reasonIn(detail) {
  if (typeof detail !== "object" || detail === null) return undefined;
  const { reason, error } = /** @type {{ reason?: unknown, error?: unknown }} */ (detail);
  return typeof reason === "string" ? reason : reasonIn(error);
}

/**
 * @param {string} status
 * @param {string} story
 * @param {string | undefined} openTask
 * @returns {Outcome["state"]}
 */
function stateOf(status, story, openTask) {
  if (status === "passed") return "passed";
  if (status !== "failed") return "not selected";
  if (NOT_RUN.test(story)) return "not run";
  return openTask === undefined ? "failed" : "not written";
}
