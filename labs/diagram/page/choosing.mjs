import { detailsOf, fateOf } from "./details.mjs";
import { button, byId, el } from "./dom.mjs";
import { Drawing } from "./drawing.mjs";
import { Paths } from "./keys.mjs";
import { EventList } from "./list.mjs";
import { Run } from "./run.mjs";
import { States } from "./state.mjs";
import { sentence, shortMessage } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./drawing.mjs").Chosen} Chosen
 */

/** A window that is not wider has the page's parts one below the other. */
export const NARROW = matchMedia("(max-width: 820px)");

export const run = new Run(JSON.parse(byId("data").textContent ?? ""));
const states = new States(run);
export const scroller = byId("scroller");
const details = byId("details");
scroller.replaceChildren();
export const drawing = new Drawing(run, states, scroller, byId("heads"));
export const paths = new Paths(run, ({ index }) => drawing.layout?.hiddenIn[index] !== undefined);
export const list = new EventList(run, byId("list"), (event) => choose({ event }, false));

/**
 * Chooses an event or a message: shows all of it, brings it into view, and says it.
 * @param {Chosen | undefined} chosen
 * @param {boolean} [isShown] false to leave the view where it is
 */
export function choose(chosen, isShown = true) {
  drawing.choose(chosen);
  showDetails(chosen);
  scroller.removeAttribute("aria-activedescendant");
  if (chosen === undefined) return;
  if ("event" in chosen) {
    if (isShown && isListed()) list.show(chosen.event, true);
    else if (isShown) drawing.show(chosen.event);
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

/** True while the run is shown as a list in words. */
export function isListed() {
  return !byId("list").hidden;
}

/** @param {Chosen | undefined} chosen */
export function showDetails(chosen) {
  details.hidden = chosen === undefined;
  if (chosen === undefined) return;
  const close = button({ class: "close", "aria-label": "Close" }, () => choose(undefined), "×");
  const actions = chosen === drawing.chosen ? pastAction() : [];
  details.replaceChildren(close, ...detailsOf({ run, states, go: (next) => choose(next), actions }, chosen));
  details.scrollTop = 0;
}

/** For those who do not know the keys yet. */
function pastAction() {
  if (drawing.endOfPast() === undefined) return [];
  const words = drawing.past === undefined ? "Mark all that led to it" : "Show everything again";
  return [el("p", { class: "actions" }, button({}, togglePast, words))];
}

/** Says something to those who hear the page. @param {string} words */
function say(words) {
  byId("live").textContent = words;
}

/** @param {RunEvent | undefined} event */
export function go(event) {
  if (event !== undefined) choose({ event });
}

/** The event that is chosen, or one end of the chosen message. */
export function chosenEvent() {
  const { chosen } = drawing;
  if (chosen === undefined) return undefined;
  return "event" in chosen ? chosen.event : chosen.message.sender;
}

export function togglePast() {
  if (drawing.chosen === undefined) return;
  const past = drawing.past === undefined ? drawing.pastOfChosen() : undefined;
  setPast(past);
  if (past !== undefined) say(pastWords(past));
}

/** The chosen event is no cause of its own. @param {import("./causes.mjs").CausalPast} past */
function pastWords({ thread, counts }) {
  const [straight, all] = [thread.size - 1, counts.reduce((a, b) => a + b, 0) - 1];
  return `${straight} ${straight === 1 ? "event" : "events"} led straight to it; ${all} can have had an influence.`;
}

export function endPastOrChoice() {
  if (drawing.past === undefined) return choose(undefined);
  setPast(undefined);
}

/** @param {import("./causes.mjs").CausalPast | undefined} past */
function setPast(past) {
  drawing.past = past;
  drawing.redraw();
  showDetails(drawing.chosen);
}
