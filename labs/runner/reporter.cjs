"use strict";

const { ConsoleLines } = require("./report/console-lines.cjs");
const { nextStep } = require("./report/next-step.cjs");
const { outcomeOf } = require("./report/outcome.cjs");
const { stubsIn } = require("./report/stubs.cjs");
const { headWords, loadProblemWords, outcomeWords } = require("./report/words.cjs");

/** @typedef {import("./report/outcome.cjs").Outcome} Outcome */

/**
 * Shows a lab's tests as a list, each with its state and, if it failed, its story; then the next step to take. Jest's
 * "summary" reporter adds the closing lines.
 */
module.exports = class LabReporter {
  /** @type {Outcome[]} */
  #outcomes = [];
  /** @type {Set<string>} the numbers of all tests that there are, selected or not */
  #numbers = new Set();
  /** @type {import("./report/stubs.cjs").Stub[]} */
  #stubs = [];
  #console = new ConsoleLines();
  #couldNotLoad = false;
  #testNamePattern;

  /** @param {import("@jest/types").Config.GlobalConfig} globalConfig */
  constructor(globalConfig) {
    this.#testNamePattern = globalConfig.testNamePattern;
  }

  /** @param {import("@jest/reporters").Test} test */
  onTestFileStart(test) {
    const { rootDir, moduleNameMapper } = test.context.config;
    // With a mapper the tests run against other files than those of the lab: see solutions.config.cjs.
    this.#stubs = moduleNameMapper.length === 0 ? stubsIn(rootDir) : [];
    print(`\n${headWords(rootDir)}`);
  }

  /**
   * @param {import("@jest/reporters").Test} _test
   * @param {import("@jest/reporters").TestCaseResult} result
   */
  onTestCaseResult(_test, result) {
    const outcome = outcomeOf(result, this.#stubs);
    if (outcome.state === "not selected") return;
    print(outcomeWords(outcome, this.#outcomes));
    this.#outcomes.push(outcome);
  }

  /**
   * @param {import("@jest/reporters").Test} _test
   * @param {import("@jest/reporters").TestResult} result
   */
  onTestFileResult(_test, result) {
    this.#console.add(result.console ?? []);
    for (const test of result.testResults) this.#numbers.add(outcomeOf(test, this.#stubs).number);
    if (result.testExecError === undefined || result.testExecError === null) return;
    this.#couldNotLoad = true;
    print(loadProblemWords(result.testExecError));
  }

  onRunComplete() {
    print(this.#console.words());
    if (this.#couldNotLoad) return;
    const isSelection = this.#testNamePattern !== undefined;
    print(`\n${this.#nothingRan() ?? nextStep(this.#outcomes, this.#stubs, isSelection)}\n`);
  }

  /** An error here makes the whole run a failure: a run of no test at all is no success. */
  getLastError() {
    const problem = this.#couldNotLoad ? undefined : this.#nothingRan();
    return problem === undefined ? undefined : new Error(problem);
  }

  #nothingRan() {
    if (this.#outcomes.length > 0) return undefined;
    const wanted = (this.#testNamePattern ?? "").replace(/^\^|\( \|\$\)$|\$$|\\/g, "");
    if (process.env.LAB_RUN_FILE)
      return `The test of this run, “${wanted}”, is not there any more. Run all tests again to get new run files:  npm test`;
    return `No test's title has “${wanted}” in it. Their numbers are ${[...this.#numbers].join(", ")}.`;
  }
};

/** @param {string} text */
function print(text) {
  if (text !== "") process.stderr.write(`${text}\n`);
}
