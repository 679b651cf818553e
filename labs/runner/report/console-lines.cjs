"use strict";

const pc = require("picocolors");

/** Lines that are shown: tests run each handler thousands of times. */
const LINES_MAX = 20;

/** What a student's code printed with console.log. Jest catches it, and would show it with a stack for each line. */
exports.ConsoleLines = class ConsoleLines {
  /** @type {string[]} */
  #first = [];
  #count = 0;

  /** @param {readonly { readonly message: string }[]} entries */
  add(entries) {
    this.#count += entries.length;
    for (const { message } of entries) if (this.#first.length < LINES_MAX) this.#first.push(message);
  }

  words() {
    if (this.#count === 0) return "";
    const which =
      this.#count > LINES_MAX ? `the first ${LINES_MAX} of ${this.#count.toLocaleString("en")} lines` : "all";
    const hint = "env.log(…) shows a text in stories and replays instead, beside the event it belongs to.";
    return ["", `console.log (${which}):`, ...this.#first.map((line) => `  ${line}`), pc.dim(hint)].join(
      "\n",
    );
  }
};
