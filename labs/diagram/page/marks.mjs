import { shape } from "./dom.mjs";
import { firstFitting, fitted, widthOf } from "./fitting.mjs";
import { roleLook } from "./lanes.mjs";
import { round } from "./messages.mjs";
import { field } from "./run.mjs";
import { deed, inline, sentence, shortMessage, text } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./layout.mjs").Layout} Layout
 * @typedef {import("./lanes.mjs").Geometry} Geometry
 */

/** The longest that fits. */
const FLAGS = ["⚑ first wrong step", "⚑ wrong step", "⚑ wrong", "⚑"];
/** Pixels for the reason why a message was lost. */
const LOST_ROOM = 56;

/**
 * A label's lines: what changed, and what was done.
 * @typedef {object} Label
 * @property {{ readonly role: string, readonly term: unknown } | undefined} chip
 * @property {string} text
 * @property {boolean} isFlagged true for the first wrong step
 * @property {boolean} isOperation true if the operation's bar says what it is
 */

/**
 * What is written beside an event.
 * @param {Run} run
 * @param {RunEvent} event
 * @returns {Label}
 */
export function labelOf(run, event) {
  if (event.isRoutine && !event.isWrong && event.told === 0)
    return { chip: undefined, text: "", isFlagged: false, isOperation: false };
  const isOperation = beginsOrEndsOperation(run, event);
  return {
    chip: chipOf(run, event),
    text: isOperation ? "" : labelText(run, event),
    isFlagged: event.isWrong,
    isOperation,
  };
}

/** @param {Run} run @param {RunEvent} event */
function beginsOrEndsOperation({ kinds, data }, { kind, effects }) {
  return kind === kinds.invoke || effects.some((record) => data.records.kind[record] === kinds.complete);
}

/** How many lines a label has. @param {Label} label @param {boolean} isNarrow */
export function linesOf({ chip, text, isFlagged, isOperation }, isNarrow) {
  if (isNarrow) return chip !== undefined || isFlagged ? 1 : 0;
  return [isOperation, chip !== undefined, text !== "", isFlagged].filter(Boolean).length;
}

/** The new role and term, if either changed. @param {Run} run @param {RunEvent} event */
function chipOf(run, event) {
  for (const record of event.effects) {
    if (run.data.records.kind[record] !== run.kinds.status) continue;
    const data = run.dataOf(record);
    const [before, after] = Array.isArray(data) ? data : [];
    const role = text(field(after, "role"));
    const term = field(after, "currentTerm");
    if (role !== field(before, "role") || term !== field(before, "currentTerm")) return { role, term };
  }
  return undefined;
}

/** @param {Run} run @param {RunEvent} event */
function labelText(run, event) {
  const { kinds } = run;
  const done = deed(event, run.names);
  switch (event.kind) {
    case kinds.deliver:
      return done === "" ? shortMessage(run.dataOf(event.message?.record ?? -1)) : done;
    case kinds.drop:
      if (event.isEarly && run.dataOf(event.record) === "the link is cut") return ""; // the lane says that
      return text(run.dataOf(event.record))
        .replace(/ by the network$/, "")
        .replace("the link is cut", "cut")
        .replace("the server is stopped", "stopped");
    case kinds.start:
      return done === "" ? "starts" : `starts, ${done}`;
    case kinds.timer:
      return done === "" ? "timer" : done;
    case kinds.propose:
      return `command ${inline(field(run.dataOf(event.record), "command"), 24)}${done === "" ? "" : `: ${done}`}`;
    case kinds.send:
      return `the test sends ${shortMessage(run.dataOf(event.record))}`;
    default:
      return event.words.replace(/^[—·] /, "");
  }
}

/**
 * Draws an event: its sign, what it did, and its label.
 * @param {{ run: Run, layout: Layout, geometry: Geometry, labels: Label[] }} scene
 * @param {RunEvent} event
 * @param {string} mark classes that tell whether it is chosen, or dimmed
 */
export function drawEvent(scene, event, mark) {
  const { run, layout, geometry } = scene;
  const y = layout.y[event.index];
  if (event.lane < 0) return drawWorldEvent(scene, event, mark);
  const { x, isLost } = placeOf(scene, event);
  const kind = kindName(run, event);
  const group = shape("g", {
    class: `event ${kind}${event.isWrong ? " wrong" : ""}${event.told > 0 ? " evidence" : ""}${event.isRoutine ? " routine" : ""} ${mark}`,
    "data-event": event.index,
    id: `event-${event.index}`,
    role: "img",
    "aria-label": sentence(event),
    transform: `translate(${round(x)} ${round(y)})`,
  });
  group.append(
    shape("rect", {
      class: "reach",
      x: -12,
      y: -9,
      width: isLost ? 24 : Math.max(24, geometry.laneWidth - geometry.inset),
      height: 18,
    }),
  );
  if (event.isWrong) group.append(shape("circle", { class: "halo", r: 11 }));
  group.append(shape("circle", { class: "ring", r: 9 }));
  if (!isLost) group.append(sign(kind));
  if (event.told > 0) drawNumber(group, event);
  drawDeeds(group, run, event);
  drawLabel(group, scene, event, isLost);
  return group;
}

/** @param {{ run: Run, geometry: Geometry }} scene @param {RunEvent} event */
function placeOf({ run, geometry }, event) {
  const isLost = event.kind === run.kinds.drop;
  const { message } = event;
  if (!event.isEarly || message === undefined) return { x: geometry.x(event.lane), isLost };
  const begin = geometry.x(message.from);
  return { x: begin + (geometry.x(message.to) - begin) * 0.36, isLost };
}

/** What sort of event it is, for its look. @param {Run} run @param {RunEvent} event */
export function kindName(run, event) {
  return Object.keys(run.kinds).find((name) => run.kinds[name] === event.kind) ?? "";
}

/** A sign for each kind of event: their shapes differ, not only their colours. @param {string} kind */
export function sign(kind) {
  switch (kind) {
    case "timer":
      return shape("path", { class: "sign", d: "M-4.5-4.5h9L-4.5 4.5h9Z" }); // an hourglass
    case "start":
      return shape("path", { class: "sign", d: "M-3.5-5L5 0L-3.5 5Z" });
    case "propose":
    case "invoke":
      return shape("path", { class: "sign", d: "M0-5.5L5.5 0L0 5.5L-5.5 0Z" });
    case "fault":
      return shape("path", { class: "sign", d: "M-4.5-4.5h9v9h-9Z" });
    case "send":
      return shape("path", { class: "sign", d: "M-5-3.5h10v7h-10Zl5 4 5-4" });
    default:
      return shape("circle", { class: "sign", r: 3.6 });
  }
}

/** The number of the story's line. @param {SVGElement} group @param {RunEvent} event */
function drawNumber(group, { told }) {
  group.append(
    shape(
      "g",
      { class: "number", transform: "translate(-19 0)" },
      shape("circle", { r: 7.5 }),
      shape("text", { y: 3.6, "text-anchor": "middle" }, String(told)),
    ),
  );
}

/** Small signs for writes, applied entries and log lines. @param {SVGElement} group @param {Run} run @param {RunEvent} event */
function drawDeeds(group, run, event) {
  const { kind } = run.data.records;
  const { write, apply } = run.kinds;
  const has = (/** @type {number} */ wanted) => event.effects.some((record) => kind[record] === wanted);
  let y = 7;
  if (has(write)) {
    group.append(shape("path", { class: "deed write", d: `M4 ${y - 12}h5l2 2v5h-7Z` }));
    y += 1;
  }
  if (has(apply)) group.append(shape("path", { class: "deed apply", d: `M4 ${y - 2}l2.5 2.5l4.5-5` }));
}

/**
 * @param {SVGElement} group
 * @param {{ geometry: Geometry, labels: Label[] }} scene
 * @param {RunEvent} event
 * @param {boolean} isLost
 */
function drawLabel(group, { geometry, labels }, event, isLost) {
  const label = labels[event.index];
  const room = isLost ? LOST_ROOM : geometry.labelRoom;
  let y = label.isOperation ? 18 : 4;
  const x = isLost ? 8 : 14;
  const chipAbove = label.chip && chip(label.chip, geometry, y);
  if (chipAbove !== undefined) y += 14;
  if (!geometry.isNarrow) drawWords(group, label, event, { x, y, room });
  if (chipAbove !== undefined) group.append(chipAbove); // over the clear ground around the words
}

/**
 * @param {SVGElement} group
 * @param {Label} label
 * @param {RunEvent} event
 * @param {{ x: number, y: number, room: number }} place
 */
function drawWords(group, label, event, { x, y, room }) {
  if (label.text !== "") {
    const font = event.told > 0 ? "told" : "label";
    group.append(shape("text", { class: "label", x, y }, fitted(label.text, room, font)));
  }
  const below = label.text === "" ? y : y + 14;
  if (event.isWrong)
    group.append(shape("text", { class: "flag", x, y: below }, firstFitting(FLAGS, room, "flag")));
}

/** @param {{ readonly role: string, readonly term: unknown }} chipData @param {Geometry} geometry @param {number} y */
function chip({ role, term }, geometry, y) {
  const look = roleLook(role);
  const small = `${look.sign}${term}`;
  const choices = [`${look.sign} ${look.name}, term ${term}`, `${look.sign} ${look.name} ${term}`, small];
  const room = geometry.isNarrow ? geometry.laneWidth / 2 : geometry.labelRoom - 8;
  const shown = firstFitting(geometry.isNarrow ? [small] : choices, room, "small");
  const width = widthOf(shown, "small") + 8;
  return shape(
    "g",
    { class: `chip ${look.name}` },
    shape("rect", { x: geometry.isNarrow ? 6 : 12, y: y - 11, width, height: 15, rx: 3 }),
    shape("text", { x: geometry.isNarrow ? 10 : 16, y }, shown),
  );
}

/** A fault or a step of the test that is about no single node. */
/**
 * @param {{ run: Run, layout: Layout, geometry: Geometry }} scene
 * @param {RunEvent} event
 * @param {string} mark
 */
function drawWorldEvent({ run, layout, geometry }, event, mark) {
  const y = layout.y[event.index];
  const words = event.words.replace(/^[—·] /, "");
  return shape(
    "g",
    {
      class: `event world ${kindName(run, event)}${event.told > 0 ? " evidence" : ""} ${mark}`,
      "data-event": event.index,
      id: `event-${event.index}`,
    },
    shape("rect", { class: "reach", x: 0, y: y - 8, width: geometry.width, height: 16 }),
    shape("line", { class: "world-line", x1: geometry.gutter - 6, x2: geometry.width, y1: y, y2: y }),
    shape(
      "text",
      { class: "world-words", x: geometry.width - 6, y: y + 3.5, "text-anchor": "end" },
      fitted(words, geometry.width - geometry.gutter - 20, "world"),
    ),
  );
}
