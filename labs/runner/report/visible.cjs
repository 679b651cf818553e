"use strict";

/** What a terminal does not show but obeys: controls (escape sequences begin with one) and those that turn the line around. */
const UNSEEN = /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A text with words of the student's code in it, for the terminal: what is not seen is written out, as "\u{1b}".
 * @param {string} text
 */
exports.visible = function visible(text) {
  return text.replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
};
