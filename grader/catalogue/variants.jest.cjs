"use strict";

const { readdirSync } = require("node:fs");
const path = require("node:path");
const { against, shared } = require("../../labs/runner/against.cjs");

const variants = path.join(__dirname, "..", "variants");

/** The practice tests of every lab, run against all its correct variants: they must be as fair as the hidden ones. */
module.exports = {
  ...shared,
  rootDir: variants,
  projects: readdirSync(variants).flatMap((lab) =>
    readdirSync(path.join(variants, lab)).map((name) => against(lab, path.join(variants, lab, name), name)),
  ),
};
