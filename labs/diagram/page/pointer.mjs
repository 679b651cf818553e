import { showBar } from "./bar.mjs";
import { choose, drawing, go, NARROW, run, scroller, showDetails } from "./choosing.mjs";

/** @typedef {import("./drawing.mjs").Chosen} Chosen */

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
export function onClick(event) {
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
export function onPoint(event) {
  for (const old of scroller.querySelectorAll(".pointed")) old.classList.remove("pointed");
  const chosen = pointedAt(event);
  if (NARROW.matches) return;
  if (event.target instanceof Element)
    event.target.closest("[data-event], [data-message]")?.classList.add("pointed");
  showDetails(chosen ?? drawing.chosen);
}
