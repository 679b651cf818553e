import { showHelp, toggleFolds, toggleList } from "./bar.mjs";
import {
  choose,
  chosenEvent,
  drawing,
  endPastOrChoice,
  go,
  paths,
  run,
  scroller,
  togglePast,
} from "./choosing.mjs";
import { byId } from "./dom.mjs";

/** @param {KeyboardEvent} event */
export function onKey(event) {
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
