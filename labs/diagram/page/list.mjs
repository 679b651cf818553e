import { button, el } from "./dom.mjs";
import { sentence } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 */

/** Events that are listed at a time. */
const PAGE = 150;

/** The run as a list in words, for those who do not see the drawing: a page at a time. */
export class EventList {
  /** @type {RunEvent[]} */
  shown = [];

  /**
   * @param {Run} run
   * @param {HTMLElement} host
   * @param {(event: RunEvent) => void} choose
   */
  constructor(run, host, choose) {
    this.run = run;
    this.host = host;
    this.choose = choose;
  }

  /**
   * Lists the page on which an event is.
   * @param {RunEvent | undefined} event
   * @param {boolean} [isFocused] true to put the focus on that event
   */
  show(event, isFocused = false) {
    const events = this.run.events;
    const first = Math.floor((event?.index ?? 0) / PAGE) * PAGE;
    this.shown = events.slice(first, first + PAGE);
    const items = this.shown.map((one) => this.#item(one, one === event));
    const turn = (/** @type {number} */ by, /** @type {string} */ words) =>
      button(
        { disabled: events[first + by] === undefined },
        () => this.show(events[first + by], true),
        words,
      );
    this.host.replaceChildren(
      el("h2", {}, `Events ${first + 1} to ${first + this.shown.length} of ${events.length}`),
      el("nav", { "aria-label": "Pages of the list" }, turn(-PAGE, "Earlier"), " ", turn(PAGE, "Later")),
      el("ol", { start: first + 1 }, ...items),
    );
    const current = /** @type {HTMLElement | null} */ (this.host.querySelector("[aria-current]"));
    if (isFocused) (current ?? this.host.querySelector("button"))?.focus();
    current?.scrollIntoView({ block: "center" });
  }

  /** @param {RunEvent} event @param {boolean} isCurrent */
  #item(event, isCurrent) {
    const words = sentence(event);
    const choose = () => {
      for (const other of this.host.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
      row.setAttribute("aria-current", "true");
      this.choose(event);
    };
    const row = button({ class: "row", "aria-current": isCurrent ? "true" : undefined }, choose, words);
    return el(
      "li",
      {
        class: `${event.isWrong ? "wrong" : ""}${event.told > 0 ? " told" : ""}${event.isRoutine ? " routine" : ""}`,
      },
      row,
    );
  }
}
