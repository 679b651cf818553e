"use strict";

const path = require("node:path");

const here = (/** @type {string[]} */ ...names) => path.join(__dirname, ...names);

/**
 * How jest runs the practice tests of a lab: a lab's package.json says `"jest": { "preset": "../runner" }`.
 * All of it serves one number: an answer within 3 seconds from a cold start.
 */
module.exports = {
  // Only what a lab needs is looked at: not the whole repository, and nothing in node_modules.
  roots: ["<rootDir>", here("..", "kit"), here()],
  testMatch: ["<rootDir>/*.test.ts"],
  moduleFileExtensions: ["ts", "js", "cjs", "json"],
  watchman: false,

  testEnvironment: "node",
  setupFilesAfterEnv: [here("setup.ts")],
  // In jest's sandbox every look at a global is slow, and the kit's random numbers look at Math a million times.
  sandboxInjectedGlobals: ["Math"],
  // Types are the editor's and tsc's business; source maps stay inline, for the debugger.
  transform: {
    "\\.ts$": [
      require.resolve("@swc/jest"),
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },

  // A test that hangs is the watchdog's business; a worker would take longer to start than all tests to run.
  testTimeout: 60_000,
  maxWorkers: 1,
  // Not verbose: what a student prints goes to the reporter, not to the screen with a stack for each line.
  verbose: false,
  reporters: [here("reporter.cjs"), "summary"],
};
