import { shape } from "./dom.mjs";
import { widthOf } from "./fitting.mjs";
import { round } from "./messages.mjs";
import { duration, millis, millisNumber } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./layout.mjs").Layout} Layout
 * @typedef {import("./lanes.mjs").Geometry} Geometry
 * @typedef {{ run: Run, layout: Layout, geometry: Geometry }} Scene
 */

/** Pixels between two times in the margin, at least. */
const TIME_EVERY = 15;
/** Below so many pixels the margin has no room for parts of milliseconds. */
const WIDE_GUTTER = 60;
/** Below so many pixels a band does not say its times. */
const WIDE_BAND = 600;

/**
 * True times in the margin, where there is room for them.
 * @param {Scene} scene
 * @param {readonly number[]} indexes of events, in order
 */
export function drawTimes({ run, layout, geometry }, indexes) {
  const texts = [];
  let free = Number.NEGATIVE_INFINITY;
  let said = "";
  for (const index of indexes) {
    const y = layout.y[index];
    const event = run.events[index];
    const words =
      geometry.gutter < WIDE_GUTTER ? String(Math.round(event.at / 1000)) : millisNumber(event.at);
    if (event.isEarly || y < free || words === said) continue;
    free = y + TIME_EVERY;
    said = words;
    texts.push(
      shape("text", { class: "time", x: geometry.gutter - 10, y: y + 3.5, "text-anchor": "end" }, words),
    );
  }
  return texts;
}

/**
 * Places where nothing happened for a while.
 * @param {Scene} scene
 * @param {number} top
 * @param {number} bottom
 */
export function drawBreaks({ layout, geometry }, top, bottom) {
  const { gutter, width } = geometry;
  return layout.breaks
    .filter(({ y }) => y > top && y < bottom)
    .map(({ y, micros }) =>
      shape(
        "g",
        { class: "break" },
        shape("line", { x1: gutter, x2: width, y1: y, y2: y }),
        shape(
          "text",
          { x: gutter - 10, y: y + 3.5, "text-anchor": "end" },
          gutter < WIDE_GUTTER ? "⋮" : `⋮ +${duration(micros)}`,
        ),
      ),
    );
}

/**
 * Rows of heartbeats, and of events that were left out.
 * @param {Scene} scene
 * @param {number} top
 * @param {number} bottom
 */
export function drawBands({ run, layout, geometry }, top, bottom) {
  const isSmall = geometry.width < WIDE_BAND;
  const isInView = (/** @type {{ y: number }} */ { y }) => y > top - 30 && y < bottom + 30;
  const timed = (/** @type {string} */ words, /** @type {number} */ from, /** @type {number} */ to) =>
    isSmall ? words : `${words}, ${millisNumber(from)} to ${millis(to)}`;
  const folds = layout.folds.filter(isInView).map((fold) => {
    const [first, last] = [run.events[fold.first], run.events[fold.last]];
    const what = `${fold.last - fold.first + 1} events of heartbeats without news`;
    const words = `${fold.isOpen ? "▾" : "▸"} ${timed(what, first.at, last.at)}`;
    return drawBand(geometry, `fold${fold.isOpen ? " open" : ""}`, fold.y, words, {
      "data-fold": layout.folds.indexOf(fold),
    });
  });
  const gaps = layout.gaps.filter(isInView).map(({ y, gap: { events, from, to } }) => {
    const are = events === 1 ? "1 event is" : `${events.toLocaleString("en")} events are`;
    return drawBand(geometry, "gap", y, timed(`${are} left out here`, from, to), {});
  });
  return [...folds, ...gaps];
}

/**
 * @param {Geometry} geometry
 * @param {string} name
 * @param {number} y
 * @param {string} words
 * @param {Record<string, number>} attributes
 */
function drawBand({ width, gutter }, name, y, words, attributes) {
  const wide = Math.min(width - gutter - 8, widthOf(words, "label") + 24);
  return shape(
    "g",
    { class: `band ${name}`, ...attributes },
    shape("rect", {
      class: "band-row",
      x: gutter - 6,
      y: round(y - 10),
      width: width - gutter + 6,
      height: 20,
    }),
    shape("rect", { class: "band-tag", x: gutter + 4, y: round(y - 10), width: wide, height: 20, rx: 10 }),
    shape("text", { x: gutter + 16, y: round(y + 4) }, words),
  );
}
