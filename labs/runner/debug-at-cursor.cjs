"use strict";

const { existsSync, readdirSync, readFileSync } = require("node:fs");
const path = require("node:path");
const { titlePattern } = require("./title-pattern.cjs");

/**
 * `node labs/runner/debug-at-cursor.cjs FILE LINE [jest's own arguments]`: runs, in this very process, the test in which
 * the cursor stands. In a student's file it runs the tests of the task in which the cursor stands, or else all tests.
 * See .vscode/launch.json: it starts this under the debugger, so that breakpoints in raft.ts hold.
 */
function main() {
  const [file, line, ...jestArguments] = process.argv.slice(2);
  if (file === undefined || !/^\d+$/.test(line ?? ""))
    refuse("a file and a line number", process.argv.slice(2).join(" "));
  const lab = path.dirname(path.resolve(file));
  if (!existsSync(file) || !isLab(lab)) refuse("a file of a lab, such as labs/1-election/raft.ts", file);
  const linesAbove = readFileSync(file, "utf8").split("\n").slice(0, Number(line));
  const start = file.endsWith(".test.ts") ? titleAt(linesAbove) : taskAt(linesAbove);
  const pattern = start === undefined ? [] : ["--testNamePattern", titlePattern(start)];
  process.chdir(lab);
  process.env.LAB_SEED ||= "1"; // one run is enough to step through
  require("jest").run(["--runInBand", ...pattern, ...jestArguments]);
}

/** @param {string} folder */
function isLab(folder) {
  return (
    existsSync(path.join(folder, "package.json")) &&
    readdirSync(folder).some((file) => file.endsWith(".test.ts"))
  );
}

/**
 * The title of the last `test("…"` that begins in these lines, be its title in the same line or in the next.
 * @param {readonly string[]} lines
 */
function titleAt(lines) {
  const titles = [...`${lines.join("\n")}\n`.matchAll(/\b(?:test|it)(?:\.only)?\(\s*(["'`])(.+?)\1/g)];
  return titles.at(-1)?.[2];
}

/**
 * The number of the task that is described last in these lines.
 * @param {readonly string[]} lines
 */
function taskAt(lines) {
  const tasks = [...lines.join("\n").matchAll(/(?:TODO|#region task) (\d+\.\d+)/g)];
  return tasks.at(-1)?.[1];
}

/**
 * @param {string} expected
 * @param {string} found
 * @returns {never}
 */
function refuse(expected, found) {
  process.stderr.write(`debug-at-cursor: expected ${expected}; found ${found === "" ? "nothing" : found}.\n`);
  process.exit(2);
}

main();
