"use strict";

const { existsSync } = require("node:fs");
const path = require("node:path");
const { titlePattern, wholeTitlePattern } = require("./title-pattern.cjs");

/**
 * `npm run replay -- 1.3 --seed 7`: runs the tests of one number on one seed, and prints all that happened.
 * With `--whole`, every heartbeat too. It is called in a lab's folder.
 *
 * `npm run replay -- report/1.3-7.run.json`: plays the run of a file on today's code, and says whether it still fails.
 * @param {readonly string[]} args
 */
function main(args) {
  const file = args.find((arg) => arg.endsWith(".json") || existsSync(arg));
  require("jest").run(["--testNamePattern", file === undefined ? bySeed(args) : byFile(file, args)]);
}

/** @param {readonly string[]} args */
function bySeed(args) {
  const { number, seed, isWhole } = readArguments(args);
  process.env.LAB_SEED = seed;
  process.env.LAB_WHOLE = isWhole ? "1" : "";
  return titlePattern(number);
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 */
function byFile(file, args) {
  const more = args.filter((arg) => arg !== file);
  if (more.length > 0) refuse("nothing more than the run file", more.join(" "));
  const { test } = readLabRun(file);
  process.env.LAB_RUN_FILE = path.resolve(file);
  return wholeTitlePattern(test);
}

/**
 * Reads a run file before any test starts: what is wrong with it is nobody's failure.
 * @param {string} file
 */
function readLabRun(file) {
  const lab = path.basename(process.cwd());
  require("ts-node").register({ cwd: __dirname });
  const { readOwnRun } = require("./replay-own.ts");
  try {
    return readOwnRun(file, lab);
  } catch (error) {
    process.stderr.write(`npm run replay: ${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(2);
  }
}

/** @param {readonly string[]} given */
function readArguments(given) {
  const isWhole = given.includes("--whole");
  const args = given.filter((arg) => arg !== "--whole");
  const at = args.findIndex((arg) => arg === "--seed" || arg.startsWith("--seed="));
  if (at === -1) refuse("a seed", "none");
  const isJoined = args[at].startsWith("--seed=");
  const seed = isJoined ? args[at].slice("--seed=".length) : (args[at + 1] ?? "");
  const [number = "", ...rest] = args.filter((_, i) => i !== at && (isJoined || i !== at + 1));
  if (!/^\d+\.\d+$/.test(number)) refuse("the number of a test, such as 1.3", number);
  if (!/^[1-9]\d{0,14}$/.test(seed)) refuse("a whole number from 1 on as the seed", seed);
  if (rest.length > 0) refuse("nothing more", rest.join(" "));
  return { number, seed, isWhole };
}

/**
 * @param {string} expected
 * @param {string} found
 * @returns {never}
 */
function refuse(expected, found) {
  process.stderr.write(
    [
      `npm run replay: expected ${expected}; found ${found === "" ? "nothing" : found}.`,
      "Write it like this:  npm run replay -- 1.3 --seed 7",
      "or like this:        npm run replay -- report/1.3-7.run.json",
      "The lines “Replay” and “Mended?” of a failed test have them ready to copy.\n",
    ].join("\n"),
  );
  process.exit(2);
}

main(process.argv.slice(2));
