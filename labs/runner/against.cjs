"use strict";

const { readdirSync } = require("node:fs");
const path = require("node:path");
const preset = require("./jest-preset.cjs");

const labs = path.join(__dirname, "..");

/** What jest takes for all projects together, and not for each of them. */
exports.shared = { reporters: preset.reporters, maxWorkers: preset.maxWorkers };

/**
 * A jest project: the practice tests of a lab, run against the files of another folder instead of the student's.
 * @param {string} lab "1-election"
 * @param {string} folder where `raft.ts` and the like are
 * @param {string} name what the project is called in jest's messages
 */
exports.against = function against(lab, folder, name) {
  const { reporters: _1, maxWorkers: _2, testTimeout: _3, watchman: _4, verbose: _5, ...project } = preset;
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  return {
    ...project,
    displayName: name,
    rootDir: path.join(labs, lab),
    roots: [...preset.roots, folder],
    // "./raft" of a lab means the raft.ts of that folder here.
    moduleNameMapper: Object.fromEntries(
      files.map((file) => [`^\\./${path.parse(file).name}$`, path.join(folder, file)]),
    ),
  };
};
