"use strict";

const { existsSync, readdirSync } = require("node:fs");
const path = require("node:path");
const preset = require("./jest-preset.cjs");

const labs = path.join(__dirname, "..");
const solutions = path.join(labs, "..", "solutions");

/** For authors: the public tests of every lab, run against the solutions instead of the student's files. */
module.exports = {
  rootDir: solutions,
  reporters: preset.reporters,
  maxWorkers: preset.maxWorkers,
  projects: readdirSync(solutions)
    .filter((lab) => existsSync(path.join(labs, lab, "package.json")))
    .map(projectOf),
};

/** @param {string} lab */
function projectOf(lab) {
  const { reporters: _1, maxWorkers: _2, testTimeout: _3, watchman: _4, verbose: _5, ...project } = preset;
  const files = readdirSync(path.join(solutions, lab)).filter((file) => file.endsWith(".ts"));
  return {
    ...project,
    rootDir: path.join(labs, lab),
    roots: [...preset.roots, path.join(solutions, lab)],
    // "./raft" of a lab means solutions/N-lab/raft.ts here.
    moduleNameMapper: Object.fromEntries(
      files.map((file) => [`^\\./${path.parse(file).name}$`, path.join(solutions, lab, file)]),
    ),
  };
}
