"use strict";

const { readFileSync } = require("node:fs");
const path = require("node:path");
const pc = require("picocolors");
const { visible } = require("./visible.cjs");

/** @typedef {import("./outcome.cjs").Outcome} Outcome */

/** Stories that are told in full; of further failures only the first line: the first one is the one to work on. */
const STORIES_MAX = 3;

const TITLE_WIDTH = 60;
/** Characters of a headline whose reason was told before. */
const SHORT_HEAD = 150;
const INDENT = " ".repeat(9);
const LABEL = /^(Now|Rule|Seed|Shrunk|Replay|Diagram|Next|Expected|Found|Where) {2,}/;

/**
 * "Lab 1 · Election": the description in the lab's package.json.
 * @param {string} labFolder
 */
exports.headWords = function headWords(labFolder) {
  const { description = path.basename(labFolder) } = JSON.parse(
    readFileSync(path.join(labFolder, "package.json"), "utf8"),
  );
  return pc.bold(description);
};

/**
 * A test's line, and its story.
 * @param {Outcome} outcome
 * @param {readonly Outcome[]} before the tests that were told before this one
 */
exports.outcomeWords = function outcomeWords({ state, number, title, story, reason, openTask }, before) {
  const line = (/** @type {string} */ mark) => `  ${mark} ${number}  ${title}`;
  const padded = (/** @type {string} */ mark) => `  ${mark} ${number}  ${title.padEnd(TITLE_WIDTH)}`;
  switch (state) {
    case "passed":
      return line(pc.green("✓"));
    case "not written":
      return pc.dim(
        `${padded("–")}  ${openTask === number ? `not written yet (task ${openTask})` : `needs task ${openTask} first`}`,
      );
    case "not run":
      return pc.dim(`${padded("○")}  ${story.replace("Not run", "not run")}`);
    case "failed": {
      const told = before.find((other) => other.state === "failed" && other.reason === reason);
      if (told !== undefined) return `${padded(pc.red("✗"))}  ${pc.dim(sameWords(told, { number, story }))}`;
      return `${line(pc.red("✗"))}\n${storyWords({ story, number }, before)}`;
    }
    default:
      return "";
  }
};

/**
 * Why the tests could not run at all.
 * @param {{ readonly message: string, readonly stack?: string | null }} error
 */
exports.loadProblemWords = function loadProblemWords(error) {
  const [headline = "", ...rest] = visible(String(error.stack ?? error.message)).split("\n");
  return `  ${pc.red("✗")} ${pc.bold(headline)}\n${rest.map((line) => `    ${colour(line)}`).join("\n")}\n`;
};

/**
 * @param {Pick<Outcome, "story" | "number">} outcome
 * @param {readonly Outcome[]} before
 */
function storyWords({ story, number }, before) {
  const failed = before.filter(({ state }) => state === "failed");
  const isTold = new Set(failed.map(({ reason }) => reason)).size < STORIES_MAX;
  const [headline = "", ...rest] = story.split("\n");
  const leads = rest.filter((line) => /^(Replay|Diagram) {2}/.test(line));
  const lines = isTold ? rest : leads.length > 0 ? leads : [`Story   npm test -- -t ${number}`];
  return [pc.bold(headline), ...lines.map(colour)].map((line) => `${INDENT}${line}`).join("\n");
}

/**
 * "same reason as 2.3", and what this test has found in its own words, if they are others.
 * @param {Outcome} told the test that has told the reason
 * @param {Pick<Outcome, "number" | "story">} outcome
 */
function sameWords(told, { number, story }) {
  // Tests of one task have one number: then only the title tells them apart.
  const same = `same reason as ${told.number === number ? `“${told.title}”` : told.number}`;
  if (headOf(told) === headOf({ story })) return same;
  const replay = story.split("\n").find((line) => line.startsWith("Replay"));
  const head = headOf({ story });
  const short = head.length <= SHORT_HEAD ? head : `${head.slice(0, SHORT_HEAD - 1)}…`;
  const lines = [short, ...(replay === undefined ? [] : [replay])];
  return [same, ...lines.map((line) => `${INDENT}${line}`)].join("\n");
}

/** @param {Pick<Outcome, "story">} outcome */
function headOf({ story }) {
  return story.split("\n", 1)[0];
}

/** @param {string} line */
function colour(line) {
  return line
    .replace(LABEL, (label) => pc.dim(label))
    .replace("← first wrong step", (mark) => pc.yellow(mark));
}
