import { shape } from "./dom.mjs";
import { fitted } from "./fitting.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./layout.mjs").Layout} Layout
 * @typedef {import("./lanes.mjs").Geometry} Geometry
 * @typedef {Run["data"]["spells"][number]} Spell a time during which a node was not well
 * @typedef {{ y1: number, y2: number }} Span heights between which something is
 */

export const SPELL_SIGNS = { stopped: "■", frozen: "❄", cut: "✂", partly: "✂", slow: "…" };

/** Faults that do not take a server from everybody are drawn at an edge of its column. @type {Readonly<Record<string, "left" | "right">>} */
const EDGES = { slow: "left", partly: "right" };
/** From how many pixels to how many a shaded lane says again why it is shaded. */
const SPELL_WORDS_EVERY = 540;
/** Where many lanes are narrow and one node is cut from all of them, it is said once on each. */
const SPELL_WORDS_AGAIN_FROM = 130;

/**
 * Shades the lanes of nodes that were not well, between two heights.
 * @param {SVGElement} group
 * @param {{ run: Run, layout: Layout, geometry: Geometry }} scene
 * @param {number} top
 * @param {number} bottom
 */
export function shadeSpells(group, { run, layout, geometry }, top, bottom) {
  for (const spell of run.data.spells) {
    const span = heights(spell, layout, top, bottom);
    if (span === undefined) continue;
    const y = Math.max(span.y1, top);
    const left = geometry.left(spell.node);
    const edge = EDGES[spell.kind];
    group.append(
      shape("rect", {
        class: `spell ${spell.kind}`,
        x: edge === "right" ? left + geometry.laneWidth - 7 : left + 1,
        y,
        width: edge === undefined ? geometry.laneWidth - 2 : 5,
        height: Math.min(span.y2, bottom) - y,
        fill: edge === undefined ? `url(#hatch-${spell.kind})` : undefined,
      }),
    );
  }
}

/**
 * Breaks the lines of servers that do nothing, and says of each shaded lane why it is.
 * @param {SVGElement} group
 * @param {{ run: Run, layout: Layout, geometry: Geometry }} scene
 * @param {number} top
 * @param {number} bottom
 */
export function tellSpells(group, { run, layout, geometry }, top, bottom) {
  for (const spell of run.data.spells) {
    const span = heights(spell, layout, top, bottom);
    if (span === undefined) continue;
    if (spell.kind === "stopped" || spell.kind === "frozen") {
      const x = geometry.x(spell.node);
      const [y1, y2] = [Math.max(span.y1, top), Math.min(span.y2, bottom)];
      group.append(shape("line", { class: "lane-off", x1: x, x2: x, y1, y2 }));
      group.append(shape("line", { class: `lane-${spell.kind}`, x1: x, x2: x, y1, y2 }));
    }
    if (!geometry.isNarrow && span.y2 - span.y1 >= 16)
      group.append(...spellWords(spell, span, geometry, top, bottom));
  }
}

/**
 * Said at the beginning and again in view: nobody has to scroll to find out why a lane is shaded.
 * @param {Spell} spell
 * @param {Span} span
 * @param {Geometry} geometry
 * @param {number} top
 * @param {number} bottom
 */
function spellWords({ node, kind, words }, { y1, y2 }, geometry, top, bottom) {
  const shown = fitted(`${SPELL_SIGNS[kind]} ${words}`, geometry.laneWidth - 14, "small");
  const offset = kind === "slow" ? 24 : 12;
  const isSaidOnce = kind === "partly" && geometry.laneWidth < SPELL_WORDS_AGAIN_FROM;
  const x = geometry.left(node) + geometry.laneWidth - 10;
  const texts = [];
  for (let at = y1; at < y2 - offset && !(isSaidOnce && at > y1); at += SPELL_WORDS_EVERY) {
    if (at < top - 20 || at > bottom) continue;
    texts.push(
      shape("text", { class: `spell-words ${kind}`, x, y: at + offset, "text-anchor": "end" }, shown),
    );
  }
  return texts;
}

/**
 * The heights of a time, if it is in view.
 * @param {{ readonly from: number, readonly to: number }} time
 * @param {Layout} layout
 * @param {number} top
 * @param {number} bottom
 * @returns {Span | undefined}
 */
function heights({ from, to }, layout, top, bottom) {
  const y1 = layout.yOfRecord(from);
  const y2 = to < 0 ? layout.height : layout.yOfRecord(to);
  return y2 < top || y1 > bottom || y2 <= y1 ? undefined : { y1, y2 };
}

/** Hatchings by which times of faults differ, whatever the colours. */
export function patterns() {
  return shape(
    "defs",
    {},
    pattern("stopped", 7, "M-1 8L8-1M-1 1L1-1M6 8L8 6"),
    pattern("frozen", 8, "M4 2v4M2 4h4"),
    pattern("cut", 8, "M-1-1L9 9M-1 7L1 9M7-1L9 1"),
  );
}

/** @param {string} name @param {number} size @param {string} d */
function pattern(name, size, d) {
  return shape(
    "pattern",
    { id: `hatch-${name}`, width: size, height: size, patternUnits: "userSpaceOnUse" },
    shape("rect", { class: `ground ${name}`, width: size, height: size }),
    shape("path", { class: `hatch ${name}`, d }),
  );
}
