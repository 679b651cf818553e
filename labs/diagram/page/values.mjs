import { el } from "./dom.mjs";
import { LeftOut } from "./run.mjs";
import { inline } from "./words.mjs";

/** Characters of a value that is shown on one line. */
const INLINE_MAX = 64;

/**
 * A value: on one line if it is short, else part by part.
 * @param {unknown} value
 * @returns {HTMLElement}
 */
export function showValue(value) {
  const isWhole = typeof value !== "object" || value === null || value instanceof LeftOut;
  if (isWhole) return el("code", {}, inline(value, 1_000));
  const line = inline(value, INLINE_MAX + 1);
  if (line.length <= INLINE_MAX) return el("code", {}, line);
  const parts = partsOf(value).map(([name, part]) =>
    el("li", {}, el("span", { class: "name" }, `${name} `), showValue(part)),
  );
  return el("ul", { class: "parts" }, ...parts);
}

/** @param {unknown} value @returns {[name: string, part: unknown][]} */
function partsOf(value) {
  if (value instanceof Map) return [...value];
  if (!Array.isArray(value)) return [];
  let number = 0;
  return value.map((part) => {
    const name = part instanceof LeftOut ? "" : String(number);
    number += part instanceof LeftOut ? part.count : 1;
    return [name, part];
  });
}

/**
 * What changed from a value to another: parts that went, came, or are others.
 * @param {unknown} before
 * @param {unknown} after
 * @returns {HTMLElement}
 */
export function showChange(before, after) {
  const areAlike =
    (before instanceof Map && after instanceof Map) || (Array.isArray(before) && Array.isArray(after));
  if (!areAlike || inline(before, INLINE_MAX).length + inline(after, INLINE_MAX).length < 40)
    return el(
      "span",
      { class: "change" },
      el("del", {}, showValue(before)),
      el("span", { class: "to" }, " → "),
      el("ins", {}, showValue(after)),
    );
  const [old, young] = [new Map(partsOf(before)), new Map(partsOf(after))];
  const names = [...new Set([...old.keys(), ...young.keys()])].filter((name) => name !== "");
  const changed = names.filter((name) => old.get(name) !== young.get(name) && isKnown(name, old, young));
  const same = Math.max(sizeOf(before), sizeOf(after)) - changed.length;
  return el(
    "ul",
    { class: "parts" },
    ...(same > 0 ? [el("li", { class: "same" }, `${same} part${same === 1 ? "" : "s"} unchanged`)] : []),
    ...changed.map((name) =>
      el("li", {}, el("span", { class: "name" }, `${name} `), showPartChange(name, old, young)),
    ),
  );
}

/** A part that one of the values does not show says nothing. @param {string} name @param {Map<string, unknown>} old @param {Map<string, unknown>} young */
function isKnown(name, old, young) {
  return (old.has(name) || !old.has("")) && (young.has(name) || !young.has(""));
}

/** @param {string} name @param {Map<string, unknown>} old @param {Map<string, unknown>} young */
function showPartChange(name, old, young) {
  if (!old.has(name)) return el("ins", {}, "+ ", showValue(young.get(name)));
  if (!young.has(name)) return el("del", {}, "− ", showValue(old.get(name)));
  return showChange(old.get(name), young.get(name));
}

/** @param {unknown} value */
function sizeOf(value) {
  if (value instanceof Map) return value.size;
  if (!Array.isArray(value)) return 0;
  return value.reduce((sum, part) => sum + (part instanceof LeftOut ? part.count : 1), 0);
}
