import { detailsOf, fateOf } from "./details.mjs";
import { button, byId, el } from "./dom.mjs";
import { Drawing } from "./drawing.mjs";
import { KEYS, Paths } from "./keys.mjs";
import { legendRows } from "./legend.mjs";
import { EventList } from "./list.mjs";
import { Run } from "./run.mjs";
import { States } from "./state.mjs";
import { sentence, shortMessage } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./drawing.mjs").Chosen} Chosen
 */

/** Rows of faults that are shown without being asked for. */
const FAULTS_SHOWN = 5;
/** A window that is not wider has the page's parts one below the other. */
const NARROW = matchMedia("(max-width: 820px)");

const run = new Run(JSON.parse(byId("data").textContent ?? ""));
const states = new States(run);
const scroller = byId("scroller");
const details = byId("details");
scroller.replaceChildren();
const drawing = new Drawing(run, states, scroller, byId("heads"));
const paths = new Paths(run, ({ index }) => drawing.layout?.hiddenIn[index] !== undefined);
const list = new EventList(run, byId("list"), (event) => choose({ event }, false));

/**
 * Chooses an event or a message: shows all of it, brings it into view, and says it.
 * @param {Chosen | undefined} chosen
 * @param {boolean} [isShown] false to leave the view where it is
 */
function choose(chosen, isShown = true) {
  drawing.choose(chosen);
  showDetails(chosen);
  scroller.removeAttribute("aria-activedescendant");
  if (chosen === undefined) return;
  if ("event" in chosen) {
    if (isShown) drawing.show(chosen.event);
    scroller.setAttribute("aria-activedescendant", `event-${chosen.event.index}`);
    say(sentence(chosen.event));
    return;
  }
  const { from, to, record, sender } = chosen.message;
  if (isShown && sender !== undefined) drawing.show(sender);
  say(
    `${shortMessage(run.dataOf(record))} from ${run.names[from]} to ${run.names[to]} ${fateOf(run, chosen.message)}.`,
  );
}

/** @param {Chosen | undefined} chosen */
function showDetails(chosen) {
  details.hidden = chosen === undefined;
  if (chosen === undefined) return;
  const close = button({ class: "close", "aria-label": "Close" }, () => choose(undefined), "×");
  details.replaceChildren(close, ...detailsOf({ run, states, go: (next) => choose(next) }, chosen));
  details.scrollTop = 0;
}

/** Says something to those who hear the page. @param {string} words */
function say(words) {
  byId("live").textContent = words;
}

/** @param {RunEvent | undefined} event */
function go(event) {
  if (event !== undefined) choose({ event });
}

/** The event that is chosen, or one end of the chosen message. */
function chosenEvent() {
  const { chosen } = drawing;
  if (chosen === undefined) return undefined;
  return "event" in chosen ? chosen.event : chosen.message.sender;
}

function togglePast() {
  if (drawing.chosen === undefined) return;
  const past = drawing.past === undefined ? drawing.pastOfChosen() : undefined;
  drawing.past = past;
  drawing.redraw();
  if (past !== undefined)
    say(
      `${past.thread.size} events led straight to it; ${past.counts.reduce((a, b) => a + b, 0)} can have had an influence.`,
    );
}

function endPastOrChoice() {
  if (drawing.past === undefined) return choose(undefined);
  drawing.past = undefined;
  drawing.redraw();
}

function toggleFolds() {
  const { folds } = drawing;
  const isOpen = folds.some((fold) => !fold.isOpen);
  const before = chosenEvent();
  for (const fold of folds) fold.isOpen = isOpen;
  drawing.arrange();
  if (before !== undefined && drawing.layout?.hiddenIn[before.index] === undefined)
    drawing.show(before, true);
  showBar();
}

function toggleList() {
  const host = byId("list");
  host.hidden = !host.hidden;
  byId("heads").hidden = scroller.hidden = !host.hidden;
  showBar();
  if (host.hidden) {
    drawing.arrange();
    go(chosenEvent());
    scroller.focus({ preventScroll: true });
  } else list.show(chosenEvent() ?? run.wrong, true);
}

function showHelp() {
  const help = /** @type {HTMLDialogElement} */ (byId("help"));
  const rows = KEYS.map(([keys, does]) =>
    el("div", {}, el("dt", {}, ...keys.split(" ").map((key) => el("kbd", {}, key))), el("dd", {}, does)),
  );
  help.replaceChildren(
    el("h2", {}, "Keys"),
    el("dl", { class: "keys" }, ...rows),
    el(
      "p",
      {},
      "With a mouse or a finger: point at an event to see it; click it, and all that led to it stands out.",
    ),
    button({}, () => help.close(), "Close"),
  );
  help.showModal();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/** @type {HTMLDialogElement} */ (byId("help")).open) return;
  const isInDrawing = event.target === scroller || event.target === document.body;
  const action = ANYWHERE[event.key] ?? (isInDrawing ? IN_DRAWING[event.key] : undefined);
  if (action === undefined) return;
  event.preventDefault();
  action(event.shiftKey);
}

/** @type {Readonly<Record<string, (isShifted: boolean) => void>>} */
const ANYWHERE = {
  w: () => go(run.wrong ?? run.told.at(-1)),
  e: () => go(paths.told(chosenEvent(), 1)),
  E: () => go(paths.told(chosenEvent(), -1)),
  f: toggleFolds,
  l: toggleList,
  "?": showHelp,
  Escape: endPastOrChoice,
};

/** @type {Readonly<Record<string, (isShifted: boolean) => void>>} */
const IN_DRAWING = {
  ArrowUp: (isShifted) => move(-1, isShifted),
  ArrowDown: (isShifted) => move(1, isShifted),
  ArrowLeft: (isShifted) => moveAcross(-1, isShifted),
  ArrowRight: (isShifted) => moveAcross(1, isShifted),
  Home: () => go(paths.end(false)),
  End: () => go(paths.end(true)),
  Enter: togglePast,
  " ": togglePast,
  PageUp: () => drawing.scrollBy(-0.85 * pageHeight()),
  PageDown: () => drawing.scrollBy(0.85 * pageHeight()),
};

/** @param {1 | -1} way @param {boolean} isShifted */
function move(way, isShifted) {
  const { chosen } = drawing;
  if (chosen === undefined) return go(firstInView());
  if (isShifted || "message" in chosen) {
    const next = paths.follow(chosen, way);
    if (next !== undefined) choose(next);
  } else go(paths.along(chosen.event, way));
}

/** @param {1 | -1} way @param {boolean} isShifted */
function moveAcross(way, isShifted) {
  const { chosen } = drawing;
  if (chosen === undefined) return go(firstInView());
  if ("event" in chosen && !isShifted) return go(paths.across(chosen.event, way));
  const message = "message" in chosen ? paths.sibling(chosen.message, way) : chosen.event.sends[0];
  if (message !== undefined) choose({ message });
}

function firstInView() {
  const { top } = drawing.view();
  const { layout } = drawing;
  return run.events.find(
    ({ index, lane }) =>
      lane >= 0 &&
      layout?.hiddenIn[index] === undefined &&
      layout !== undefined &&
      layout.y[index] > top + 20,
  );
}

function pageHeight() {
  const { top, bottom } = drawing.view();
  return bottom - top;
}

/** What a pointer is at. @param {Event} event @returns {Chosen | undefined} */
function pointedAt({ target }) {
  if (!(target instanceof Element)) return undefined;
  const mark = target.closest("[data-event], [data-message]");
  if (mark === null) return undefined;
  const [event, message] = [mark.getAttribute("data-event"), mark.getAttribute("data-message")];
  if (event !== null) return { event: run.events[Number(event)] };
  return { message: run.messages[Number(message)] };
}

/** @param {MouseEvent} event */
function onClick(event) {
  const fold = event.target instanceof Element ? event.target.closest("[data-fold]") : null;
  if (fold !== null) {
    drawing.toggle(drawing.folds[Number(fold.getAttribute("data-fold"))]);
    return showBar();
  }
  const chosen = pointedAt(event);
  scroller.focus({ preventScroll: true });
  if (chosen === undefined) return choose(undefined);
  drawing.chosen = chosen;
  drawing.past = drawing.pastOfChosen();
  choose(chosen, false);
  if (drawing.covered() > 0) go("event" in chosen ? chosen.event : chosen.message.sender);
}

/** @param {Event} event */
function onPoint(event) {
  for (const old of scroller.querySelectorAll(".pointed")) old.classList.remove("pointed");
  const chosen = pointedAt(event);
  if (NARROW.matches) return;
  if (event.target instanceof Element)
    event.target.closest("[data-event], [data-message]")?.classList.add("pointed");
  showDetails(chosen ?? drawing.chosen);
}

function showBar() {
  const { folds } = drawing;
  const areOpen = folds.length > 0 && folds.every(({ isOpen }) => isOpen);
  const isList = !byId("list").hidden;
  const bar = byId("bar");
  bar.hidden = false;
  bar.replaceChildren(
    ...(run.wrong === undefined
      ? []
      : [button({ class: "to-wrong" }, () => go(run.wrong), "⚑ First wrong step")]),
    ...(run.told.length === 0
      ? []
      : [button({}, () => go(paths.told(chosenEvent(), 1)), "Next of the story")]),
    ...(folds.length === 0
      ? []
      : [
          button(
            { "aria-pressed": String(areOpen) },
            toggleFolds,
            areOpen ? "Fold heartbeats" : "Show heartbeats",
          ),
        ]),
    button({ "aria-pressed": String(isList) }, toggleList, isList ? "Diagram" : "List"),
    button({}, showHelp, "Keys ?"),
  );
}

/** The lines of the story lead to their events. */
function linkStory() {
  for (const [i, line] of document.querySelectorAll("#told li .line").entries()) {
    const event = run.eventOfRecord[run.data.told[i]];
    if (event === undefined) continue;
    const jump = button({ class: "line" }, () => {
      if (!byId("list").hidden) toggleList();
      drawing.show(event, true);
      choose({ event });
      scroller.focus({ preventScroll: true });
    });
    jump.append(...line.childNodes);
    line.replaceWith(jump);
  }
}

/** All faults in a list; a long one is folded. */
function listFaults() {
  const faults = run.events.filter(({ kind }) => kind === run.kinds.fault);
  if (faults.length === 0) return;
  const host = /** @type {HTMLDetailsElement} */ (byId("faults"));
  host.hidden = false;
  host.open = faults.length <= FAULTS_SHOWN && !NARROW.matches;
  host.querySelector("summary")?.append(faults.length === 1 ? "1 fault" : `${faults.length} faults`);
  host.querySelector("ol")?.append(
    ...faults.map((event) =>
      el(
        "li",
        {},
        button(
          { class: "line" },
          () => go(event),
          el("time", {}, `${Math.round(event.at / 1000)} ms`),
          ` ${event.words.replace(/^— /, "")}`,
        ),
      ),
    ),
  );
}

function showLegend() {
  const host = byId("legend");
  host.hidden = false;
  host.querySelector("div")?.append(...legendRows());
}

scroller.tabIndex = 0;
scroller.setAttribute("role", "application");
scroller.setAttribute("aria-roledescription", "space-time diagram");
scroller.setAttribute(
  "aria-label",
  `Space-time diagram of ${run.names.join(", ")}: ${run.events.length} events in ${Math.round(run.end / 1000)} ms. Arrow keys go from event to event, question mark shows all keys, L shows the run as a list.`,
);
scroller.addEventListener("click", onClick);
scroller.addEventListener("pointerover", onPoint);
scroller.addEventListener("pointerleave", onPoint);
document.addEventListener("keydown", onKey);

let isWaiting = false;
function onScroll() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    drawing.scrolled();
  });
}
scroller.addEventListener("scroll", onScroll, { passive: true });
addEventListener("scroll", onScroll, { passive: true });

let width = scroller.clientWidth;
new ResizeObserver(() => {
  if (scroller.hidden || scroller.clientWidth === width) return drawing.scrolled();
  width = scroller.clientWidth;
  const event = chosenEvent();
  drawing.arrange();
  if (event !== undefined) drawing.show(event, true);
}).observe(scroller);

/** On paper there is nothing to scroll: as much as fits a few pages is drawn. */
const PRINT_HEIGHT_MAX = 12_000;
addEventListener("beforeprint", () => {
  if ((drawing.layout?.height ?? 0) > PRINT_HEIGHT_MAX) return;
  drawing.isWhole = true;
  drawing.redraw();
});
addEventListener("afterprint", () => {
  drawing.isWhole = false;
  drawing.redraw();
});

showBar();
linkStory();
listFaults();
showLegend();
const first = run.wrong ?? run.told.at(-1);
if (first !== undefined && !NARROW.matches) {
  drawing.show(first, true);
  choose({ event: first }, false);
}
document.documentElement.dataset.ready = "true";
