import { chosenEvent, drawing, go, isListed, list, paths, run, scroller } from "./choosing.mjs";
import { button, byId, el } from "./dom.mjs";
import { KEYS } from "./keys.mjs";

export function showBar() {
  const { folds } = drawing;
  const areOpen = folds.length > 0 && folds.every(({ isOpen }) => isOpen);
  const isList = isListed();
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

export function toggleFolds() {
  const { folds } = drawing;
  const isOpen = folds.some((fold) => !fold.isOpen);
  const before = chosenEvent();
  for (const fold of folds) fold.isOpen = isOpen;
  drawing.arrange();
  if (before !== undefined && drawing.layout?.hiddenIn[before.index] === undefined)
    drawing.show(before, true);
  showBar();
}

export function toggleList() {
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

export function showHelp() {
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
