import { triggerOf } from "./causes.mjs";
import { button, el } from "./dom.mjs";
import { field } from "./run.mjs";
import { showChange, showValue } from "./values.mjs";
import { duration, inline, millis, shortMessage, text } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./run.mjs").Message} Message
 * @typedef {import("./state.mjs").States} States
 * @typedef {import("./state.mjs").StateRow} StateRow
 * @typedef {import("./drawing.mjs").Chosen} Chosen
 * @typedef {{ run: Run, states: States, go: (chosen: Chosen) => void, actions: Node[] }} Context `actions`: what can be done with an event
 */

/** Rows that a table of states has. */
const ROWS_MAX = 40;
/** Effects of a handler that are listed. */
const EFFECTS_MAX = 60;

/**
 * All that is known of an event or a message.
 * @param {Context} context
 * @param {Chosen} chosen
 * @returns {Node[]}
 */
export function detailsOf(context, chosen) {
  return "event" in chosen ? eventDetails(context, chosen.event) : messageDetails(context, chosen.message);
}

/** @param {Context} context @param {RunEvent} event */
function eventDetails(context, event) {
  const { run } = context;
  const marks = [
    ...(event.isWrong ? [el("strong", { class: "wrong-tag" }, "⚑ first wrong step")] : []),
    ...(event.told > 0 ? [el("span", { class: "told-tag" }, `line ${event.told} of the story`)] : []),
  ];
  return [
    el(
      "p",
      { class: "when" },
      millis(event.at),
      event.node >= 0 ? ` on ${run.names[event.node]}` : "",
      ...marks.flatMap((mark) => ["  ", mark]),
    ),
    el("h2", {}, event.words.replace(/^[—·] /, "").replace(/ {2,}/, "  ")),
    ...(event.outcome === "" ? [] : [el("p", { class: "outcome" }, `${event.outcome}.`)]),
    ...reasonOf(run, event),
    ...causeLine(context, event),
    ...context.actions,
    ...(event.message === undefined ? [] : fieldsOf("Message", run.dataOf(event.message.record))),
    ...stateTable(context, event),
    ...effectList(context, event),
  ];
}

/** Why a message did not arrive. @param {Run} run @param {RunEvent} event */
function reasonOf(run, event) {
  if (event.kind !== run.kinds.drop) return [];
  return [el("p", { class: "outcome" }, `It does not arrive: ${text(run.dataOf(event.record))}.`)];
}

/** @param {Context} context @param {RunEvent} event */
function causeLine({ run, go }, event) {
  const cause = triggerOf(run, event);
  if (cause === undefined) return [];
  const before = duration(event.at - cause.at);
  const jump = (/** @type {string} */ words) => button({ class: "jump" }, () => go({ event: cause }), words);
  if (cause.kind === run.kinds.send)
    return [el("p", { class: "cause" }, jump(`The test sent it ${before} before`), ".")];
  const how = event.message === undefined ? `The timer was set ${before} before` : `Sent ${before} before`;
  return [el("p", { class: "cause" }, `${how}, when `, jump(shortEvent(run, cause)), ".")];
}

/** @param {Run} run @param {RunEvent} event */
function shortEvent(run, event) {
  const name = run.names[event.node] ?? "the world";
  const what =
    event.message !== undefined
      ? `got ${shortMessage(run.dataOf(event.message.record))}`
      : event.words.replace(name, "").trim();
  return `${name} ${what}`;
}

/** @param {string} title @param {unknown} value */
function fieldsOf(title, value) {
  if (!(value instanceof Map)) return [];
  const rows = [...value].map(([name, part]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, showValue(part))),
  );
  return [el("h3", {}, title), el("dl", { class: "fields" }, ...rows)];
}

/** @param {Context} context @param {RunEvent} event */
function stateTable({ run, states }, event) {
  if (event.node < 0 || run.isClient(event.node) || !run.isHandler(event)) return [];
  if (run.data.scripted.includes(event.node)) return [];
  const rows = states.around(event);
  const isShown = (/** @type {StateRow} */ { group, isChanged }) => group !== "disk" || isChanged;
  const changed = rows.filter(({ isChanged }) => isChanged).length;
  const shown = rows.filter(isShown);
  const disk = rows.filter((row) => !isShown(row));
  return [
    el(
      "h3",
      {},
      `${run.names[event.node]} before and after`,
      el("small", {}, changed === 0 ? " nothing changed" : ` ${changed} changed`),
    ),
    tableOf(shown.length <= ROWS_MAX ? shown : shown.filter(({ isChanged }) => isChanged).slice(0, ROWS_MAX)),
    ...(disk.length === 0 ? [] : [unchangedDisk(disk)]),
  ];
}

/** @param {readonly StateRow[]} rows */
function tableOf(rows) {
  const head = ["", "before", "after"].map((words) => el("th", { scope: "col" }, words));
  return el(
    "table",
    { class: "state" },
    el("thead", {}, el("tr", {}, ...head)),
    el("tbody", {}, ...rows.map(stateRow)),
  );
}

/** What else is on the disk: the last keys, for logs grow at their end. @param {readonly StateRow[]} rows */
function unchangedDisk(rows) {
  const host = el(
    "details",
    { class: "rest" },
    el("summary", {}, `${rows.length.toLocaleString("en")} unchanged on disk`),
  );
  const fill = () => {
    const left = rows.length - ROWS_MAX;
    host.append(
      ...(left > 0 ? [el("p", { class: "fate" }, `The last ${ROWS_MAX} of them:`)] : []),
      tableOf(rows.slice(-ROWS_MAX)),
    );
  };
  host.addEventListener("toggle", fill, { once: true });
  return host;
}

const GROUPS = { status: "", log: "", disk: "disk ", timer: "timer " };

/** @param {StateRow} row */
function stateRow({ group, name, before, after, isChanged }) {
  const head = el(
    "th",
    { scope: "row" },
    el("small", {}, GROUPS[group]),
    name,
    ...(isChanged ? [el("span", { class: "changed-sign", title: "changed" }, " ●")] : []),
  );
  // What is said of a timer are words of this page, no value of the program.
  const show = (/** @type {unknown} */ value) =>
    value === undefined ? "–" : group === "timer" ? String(value) : showValue(value);
  const isLarge = (/** @type {unknown} */ value) => group !== "timer" && inline(value, 100).length > 34;
  if (isLarge(before) || isLarge(after)) {
    const cell = el("td", { colspan: 2 }, isChanged ? showChange(before, after) : showValue(after));
    return el("tr", { class: isChanged ? "changed" : "" }, head, cell);
  }
  return el(
    "tr",
    { class: isChanged ? "changed" : "" },
    head,
    el("td", {}, show(before)),
    el("td", {}, show(after)),
  );
}

/** What a handler did, in order. @param {Context} context @param {RunEvent} event */
function effectList(context, event) {
  const effects = event.effects.filter(
    (record) => context.run.data.records.kind[record] !== context.run.kinds.status,
  );
  if (effects.length === 0) return [];
  const items = effects.slice(0, EFFECTS_MAX).map((record) => el("li", {}, ...effectWords(context, record)));
  const left = effects.length - items.length;
  return [
    el("h3", {}, "What it did, in order"),
    el("ol", { class: "effects" }, ...items),
    ...(left > 0 ? [el("p", { class: "fate" }, `and ${left.toLocaleString("en")} more`)] : []),
  ];
}

/** @param {Context} context @param {number} record @returns {(Node | string)[]} */
function effectWords({ run, states, go }, record) {
  const { kinds } = run;
  const data = run.dataOf(record);
  switch (run.data.records.kind[record]) {
    case kinds.send: {
      const message = run.messageOfRecord[record];
      if (message === undefined) return [];
      const words = `${shortMessage(data)} to ${run.names[message.to]}`;
      return [
        "sends ",
        button({ class: "jump" }, () => go({ message }), words),
        el("span", { class: "fate" }, ` ${fateOf(run, message)}`),
      ];
    }
    case kinds.setTimer: {
      const fired = states.firedBy.get(record);
      const then = fired === undefined ? "; it does not run out" : `; it runs out at ${millis(fired.at)}`;
      return [`sets the timer “${text(data)}”`, el("span", { class: "fate" }, then)];
    }
    case kinds.cancelTimer:
      return [`cancels the timer “${text(data)}”`];
    case kinds.write: {
      const [set, deleted] = [field(data, "set"), field(data, "deleted")];
      const names = [...(set instanceof Map ? set.keys() : [])];
      const gone =
        Array.isArray(deleted) && deleted.length > 0 ? ` and deletes ${deleted.map(String).join(", ")}` : "";
      return [`writes ${names.join(", ")}${gone} to disk`];
    }
    case kinds.apply:
      return [
        `applies entry ${inline(field(data, "index"))} of term ${inline(field(data, "term"))}: `,
        showValue(field(data, "command")),
      ];
    case kinds.complete:
      return ["completes with ", showValue(field(data, "result"))];
    case kinds.log:
      return ["logs ", el("q", {}, text(data))];
    default:
      return [""];
  }
}

/** What became of a message. @param {Run} run @param {Message} message */
export function fateOf(run, { ends, at }) {
  if (ends.length === 0) return "is still on its way at the end";
  const fates = ends.map((end) => {
    const why = text(run.dataOf(end.record));
    return end.kind === run.kinds.drop ? `does not arrive: ${why}` : `arrives after ${duration(end.at - at)}`;
  });
  return fates.join(", and again: ");
}

/** @param {Context} context @param {Message} message */
function messageDetails({ run, go }, message) {
  const { sender, ends } = message;
  const jumps = [
    ...(sender === undefined
      ? []
      : [button({ class: "jump" }, () => go({ event: sender }), `${run.names[message.from]} sends it`)]),
    ...ends.map((end) =>
      button(
        { class: "jump" },
        () => go({ event: end }),
        end.kind === run.kinds.drop ? "where it is lost" : `${run.names[message.to]} gets it`,
      ),
    ),
  ];
  return [
    el("p", { class: "when" }, `${millis(message.at)}, a message`),
    el(
      "h2",
      {},
      `${run.names[message.from]} → ${run.names[message.to]}  ${shortMessage(run.dataOf(message.record))}`,
    ),
    el("p", { class: "outcome" }, `It ${fateOf(run, message)}.`),
    el("p", { class: "cause" }, ...jumps.flatMap((jump, i) => (i === 0 ? [jump] : [" · ", jump]))),
    ...fieldsOf("Message", run.dataOf(message.record)),
  ];
}
