"use strict";

const { readdirSync, readFileSync } = require("node:fs");
const path = require("node:path");

/**
 * A place in a student's file that is still to be written.
 * @typedef {object} Stub
 * @property {string} task its number: "1.3"
 * @property {string} place "raft.ts:105"
 */

/**
 * The stubs that are still in a lab's files, in the order of their tasks.
 * @param {string} labFolder
 * @returns {Stub[]}
 */
exports.stubsIn = function stubsIn(labFolder) {
  const files = readdirSync(labFolder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const stubs = files.flatMap((file) => {
    const lines = withoutComments(readFileSync(path.join(labFolder, file), "utf8")).split("\n");
    return lines.flatMap((line, index) => {
      const [, task] = /new NotImplemented\("([\d.]+)"\)/.exec(line) ?? [];
      return task === undefined ? [] : [{ task, place: `${file}:${index + 1}` }];
    });
  });
  return stubs.sort((a, b) => compareTasks(a.task, b.task));
};

/**
 * The same lines, with blanks instead of comments. A stub in a comment is no stub.
 * @param {string} source
 */
function withoutComments(source) {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, " "));
}

/**
 * The open task that a test of task `number` cannot do without: its own, or else the first before it.
 * @param {readonly Stub[]} stubs in the order of their tasks
 * @param {string} number
 */
exports.openTaskOf = function openTaskOf(stubs, number) {
  const needed = stubs.filter(({ task }) => compareTasks(task, number) <= 0);
  return (needed.find(({ task }) => task === number) ?? needed[0])?.task;
};

/**
 * By number: 1.10 comes after 1.9.
 * @param {string} a
 * @param {string} b
 */
function compareTasks(a, b) {
  return a.localeCompare(b, "en", { numeric: true });
}
