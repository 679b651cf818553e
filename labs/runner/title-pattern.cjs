"use strict";

/**
 * A pattern for jest's -t that finds the titles that start with this text, and no others.
 * @param {string} start a test's number, or more of its title
 */
exports.titlePattern = function titlePattern(start) {
  return `^${escaped(start)}( |$)`;
};

/**
 * The same for one title only: a run is replayed by its own test, or by none.
 * @param {string} title
 */
exports.wholeTitlePattern = function wholeTitlePattern(title) {
  return `^${escaped(title)}$`;
};

/** @param {string} text */
function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
