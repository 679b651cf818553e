"use strict";

const { titlePattern } = require("./title-pattern.cjs");

/**
 * `npm run replay -- 1.3 --seed 7`: runs the tests of one number on one seed, and prints all that happened.
 * With `--whole`, every heartbeat too. It is called in a lab's folder.
 */
function main() {
  const { number, seed, isWhole } = readArguments(process.argv.slice(2));
  process.env.LAB_SEED = seed;
  process.env.LAB_WHOLE = isWhole ? "1" : "";
  require("jest").run(["--testNamePattern", titlePattern(number)]);
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
      "The line “Replay” of a failed test has it ready to copy.\n",
    ].join("\n"),
  );
  process.exit(2);
}

main();
