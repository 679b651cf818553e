import { showBar, toggleList } from "./bar.mjs";
import { choose, chosenEvent, drawing, go, isListed, NARROW, run, scroller } from "./choosing.mjs";
import { button, byId, el } from "./dom.mjs";
import { onKey } from "./keyboard.mjs";
import { legendRows } from "./legend.mjs";
import { onClick, onPoint } from "./pointer.mjs";

/** Rows of faults that are shown without being asked for. */
const FAULTS_SHOWN = 5;
/** The lines of the story lead to their events. */
function linkStory() {
  for (const [i, line] of document.querySelectorAll("#told li .line").entries()) {
    const event = run.eventOfRecord[run.data.told[i]];
    if (event === undefined) continue;
    const jump = button({ class: "line" }, () => {
      if (isListed()) toggleList();
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
