"use strict";

/**
 * A pattern for jest's -t that finds the titles that start with this text, and no others.
 * @param {string} start a test's number, or its whole title
 */
exports.titlePattern = function titlePattern(start) {
  return `^${start.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}( |$)`;
};
