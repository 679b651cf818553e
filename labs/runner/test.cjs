"use strict";

const { titlePattern } = require("./title-pattern.cjs");

/**
 * `npm test` in a lab: jest, which understands a bare task number too. `npm test -- 1.3` means `npm test -- -t 1.3`;
 * jest by itself would look for a file of that name.
 * @param {readonly string[]} args
 */
function main(args) {
  const jestArgs = args.flatMap((arg, i) => {
    const isValue = /^(-t|--testNamePattern)$/.test(args[i - 1] ?? "");
    return /^\d+\.\d+$/.test(arg) ? [...(isValue ? [] : ["-t"]), titlePattern(arg)] : [arg];
  });
  require("jest").run(jestArgs);
}

main(process.argv.slice(2));
