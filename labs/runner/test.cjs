"use strict";

const { titlePattern } = require("./title-pattern.cjs");

const CHECK = "--check-determinism";

/**
 * `npm test` in a lab: jest, which understands a bare task number too. `npm test -- 1.3` means `npm test -- -t 1.3`;
 * jest by itself would look for a file of that name. With `--check-determinism` every seed runs twice, and not only the
 * first.
 * @param {readonly string[]} args
 */
function main(args) {
  if (args.includes(CHECK)) process.env.LAB_CHECK_DETERMINISM = "1";
  const given = args.filter((arg) => arg !== CHECK);
  const jestArgs = given.flatMap((arg, i) => {
    const isValue = /^(-t|--testNamePattern)$/.test(given[i - 1] ?? "");
    return /^\d+\.\d+$/.test(arg) ? [...(isValue ? [] : ["-t"]), titlePattern(arg)] : [arg];
  });
  require("jest").run(jestArgs);
}

main(process.argv.slice(2));
