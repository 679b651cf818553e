import { shape } from "./dom.mjs";
import { family, isReply } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./run.mjs").Message} Message
 * @typedef {import("./layout.mjs").Layout} Layout
 * @typedef {import("./lanes.mjs").Geometry} Geometry
 * @typedef {{ run: Run, layout: Layout, geometry: Geometry }} Scene
 */

/** How far a message gets that is lost at once, as a part of its way. */
const LOST_AFTER = 0.36;
/** Pixels of a message that is still on its way when the run ends. */
const ON_ITS_WAY = 22;
const ARROW = 6;

/**
 * Draws a message: a line to each place where it ended.
 * @param {Scene} scene
 * @param {Message} message
 * @param {string} mark classes that tell whether it is chosen, or dimmed
 */
export function drawMessage(scene, message, mark) {
  const { run, geometry } = scene;
  const content = run.dataOf(message.record);
  const classes = `message ${family(content)}${isReply(content) ? " reply" : ""} ${mark}`;
  const group = shape("g", { class: classes, "data-message": message.index });
  const begin = { x: geometry.x(message.from), y: beginOf(scene, message) };
  for (const [i, end] of message.ends.entries()) drawWay(scene, group, message, begin, end, i > 0);
  if (message.ends.length === 0) drawOpenWay(scene, group, message, begin);
  return group;
}

/** @param {Scene} scene @param {Message} message */
function beginOf({ layout }, { sender, ends, record }) {
  if (sender !== undefined) return layout.y[sender.index];
  return Math.min(layout.yOfRecord(record), ...ends.map(({ index }) => layout.y[index] - ON_ITS_WAY));
}

/**
 * @param {Scene} scene
 * @param {SVGElement} group
 * @param {Message} message
 * @param {{ x: number, y: number }} begin
 * @param {RunEvent} end
 * @param {boolean} isAgain true for the second arrival of a message that was doubled
 */
function drawWay({ run, layout, geometry }, group, message, begin, end, isAgain) {
  const isLost = end.kind === run.kinds.drop;
  const way = geometry.x(message.to) - begin.x;
  const x = end.isEarly ? begin.x + way * LOST_AFTER : geometry.x(message.to);
  const y = layout.y[end.index];
  const side = Math.sign(way) || 1;
  const tip = isLost ? x : x - side * 5;
  const path = `M${round(begin.x)} ${round(begin.y)}L${round(tip)} ${round(y)}`;
  group.append(
    shape("path", { class: "reach", d: path }),
    shape("path", { class: `way${isAgain ? " again" : ""}${isLost ? " lost" : ""}`, d: path }),
  );
  if (isLost) group.append(cross(x, y));
  else group.append(arrowHead(tip, y, begin));
}

/**
 * @param {Scene} scene
 * @param {SVGElement} group
 * @param {Message} message
 * @param {{ x: number, y: number }} begin
 */
function drawOpenWay({ geometry }, group, message, begin) {
  const way = geometry.x(message.to) - begin.x;
  const path = `M${round(begin.x)} ${round(begin.y)}l${round(way * LOST_AFTER)} ${ON_ITS_WAY}`;
  group.append(shape("path", { class: "reach", d: path }), shape("path", { class: "way open", d: path }));
  group.append(
    shape(
      "text",
      {
        class: "open-end",
        x: round(begin.x + way * LOST_AFTER),
        y: begin.y + ON_ITS_WAY + 4,
        "text-anchor": "middle",
      },
      "…",
    ),
  );
}

/** @param {number} x @param {number} y @param {{ x: number, y: number }} from */
function arrowHead(x, y, from) {
  const angle = Math.atan2(y - from.y, x - from.x);
  /** @param {number} turn */
  const corner = (turn) =>
    `${round(x - ARROW * Math.cos(angle + turn))} ${round(y - ARROW * Math.sin(angle + turn))}`;
  return shape("path", { class: "tip", d: `M${round(x)} ${round(y)}L${corner(0.5)}L${corner(-0.5)}Z` });
}

/** @param {number} x @param {number} y */
function cross(x, y) {
  const r = 4.5;
  return shape("path", {
    class: "cross",
    d: `M${round(x - r)} ${round(y - r)}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}`,
  });
}

/** @param {number} number */
export function round(number) {
  return Math.round(number * 10) / 10;
}
