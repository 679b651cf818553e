"use strict";

const { existsSync, readdirSync } = require("node:fs");
const path = require("node:path");
const { against, shared } = require("./against.cjs");

const labs = path.join(__dirname, "..");
const solutions = path.join(labs, "..", "solutions");

/** For authors: the practice tests of every lab, run against the solutions instead of the student's files. */
module.exports = {
  ...shared,
  rootDir: solutions,
  projects: readdirSync(solutions)
    .filter((lab) => existsSync(path.join(labs, lab, "package.json")))
    .map((lab) => against(lab, path.join(solutions, lab), `${lab} solution`)),
};
