"use strict";

require("ts-node/register");
const { mkdirSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { against, shared } = require("../../labs/runner/against.cjs");
const { LABS } = require("../course/labs");
const { variantsOf } = require("./catalogue");

/** Where variants are written for jest. */
const out = path.join(__dirname, "..", "out", "variants");

/** The practice tests of every lab, run against all its correct variants: they must be as fair as the hidden ones. */
module.exports = {
  ...shared,
  rootDir: path.join(__dirname, ".."),
  projects: LABS.flatMap((lab) =>
    variantsOf(lab).map(({ name, submission }) =>
      against(lab.folder, written(lab, name, submission), `${lab.number} ${name}`),
    ),
  ),
};

/** Many variants are patches: as files they exist only here. */
function written(lab, name, { files }) {
  const folder = path.join(out, lab.folder, name);
  mkdirSync(folder, { recursive: true });
  for (const { name: file, text } of files)
    writeFileSync(
      path.join(folder, file),
      text.replace(/"(?:\.\.\/)+labs\/kit\//g, '"../../../../../labs/kit/'),
    );
  return folder;
}
