import { CausalPast } from "./causes.mjs";
import { el, shape } from "./dom.mjs";
import { drawColumns, drawLanes, Geometry, roleLook, roleStretches, SPELL_SIGNS } from "./lanes.mjs";
import { foldsOf, Layout } from "./layout.mjs";
import { drawEvent, labelOf, linesOf } from "./marks.mjs";
import { drawMessage, round } from "./messages.mjs";
import { drawOperations, operationsOf } from "./operations.mjs";
import { field } from "./run.mjs";
import { duration, millis, millisNumber } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./run.mjs").Message} Message
 * @typedef {import("./state.mjs").States} States
 * @typedef {import("./layout.mjs").Fold} Fold
 * @typedef {{ readonly event: RunEvent } | { readonly message: Message }} Chosen an event, or a message on its way
 */

/** Pixels above and below what is in view that are drawn too. */
const MARGIN = 500;
/** Pixels between two times in the margin, at least. */
const TIME_EVERY = 15;

/** The drawing: only the part that is in view is there, whatever the length of the run. */
export class Drawing {
  /** @type {Chosen | undefined} */
  chosen;
  /** @type {CausalPast | undefined} */
  past;
  /** The heights between which all is drawn. */
  drawn = { top: 0, bottom: -1 };
  isWhole = false;

  /**
   * @param {Run} run
   * @param {States} states
   * @param {HTMLElement} scroller
   * @param {HTMLElement} heads
   */
  constructor(run, states, scroller, heads) {
    this.run = run;
    this.states = states;
    this.scroller = scroller;
    this.heads = heads;
    this.folds = foldsOf(run);
    this.labels = run.events.map((event) => labelOf(run, event));
    this.stretches = roleStretches(run, states);
    this.operations = operationsOf(run);
    this.canvas = shape("svg", { class: "canvas", role: "presentation", focusable: "false" });
    this.sheet = shape("g");
    this.canvas.append(patterns(), this.sheet);
    scroller.append(this.canvas);
    this.arrange();
  }

  /** Places everything anew: the window has another width, or a fold was opened. */
  arrange() {
    const { run } = this;
    const width = Math.max(240, this.scroller.clientWidth);
    this.geometry = new Geometry(width, run.names.length);
    const { isNarrow } = this.geometry;
    this.layout = new Layout(run, this.folds, ({ index }) => linesOf(this.labels[index], isNarrow));
    this.canvas.setAttribute("width", String(width));
    this.canvas.setAttribute("height", String(this.layout.height));
    this.headCells = run.names.map((name, node) => this.#head(name, node));
    this.heads.replaceChildren(...this.headCells.map(({ cell }) => cell));
    this.redraw();
  }

  /** @param {string} name @param {number} node */
  #head(name, node) {
    const { gutter, laneWidth, isNarrow } = this.geometry ?? new Geometry(0, 1);
    const role = el("span", { class: "role-now" });
    const isScripted = this.run.data.scripted.includes(node);
    const cell = el(
      "div",
      { class: "head" },
      el("b", {}, name),
      isScripted && !isNarrow ? el("small", {}, " played by the test") : "",
      role,
    );
    cell.style.left = `${gutter + node * laneWidth}px`;
    cell.style.width = `${laneWidth}px`;
    return { cell, role };
  }

  /** The heights that are in view. */
  view() {
    const host = this.canvas.getBoundingClientRect();
    const frame = this.scroller.getBoundingClientRect();
    const isInner = this.scroller.scrollHeight > this.scroller.clientHeight + 1;
    // Where the page itself scrolls, the names of the lanes stay at the top of the window, over the drawing.
    const top = Math.max(0, isInner ? frame.top : this.heads.getBoundingClientRect().bottom) - host.top;
    const bottom = Math.min(innerHeight, isInner ? frame.bottom : innerHeight) - host.top;
    return { top, bottom };
  }

  /** Draws what came into view. */
  scrolled() {
    const { top, bottom } = this.view();
    this.#showRoles(top);
    if (top < this.drawn.top || bottom > this.drawn.bottom) this.redraw();
  }

  redraw() {
    const { layout, geometry, run } = this;
    if (layout === undefined || geometry === undefined) return;
    const view = this.view();
    const top = this.isWhole ? 0 : Math.max(0, view.top - MARGIN);
    const bottom = this.isWhole ? layout.height : Math.min(layout.height, view.bottom + MARGIN);
    this.drawn = {
      top: top === 0 ? Number.NEGATIVE_INFINITY : top,
      bottom: bottom >= layout.height ? Number.POSITIVE_INFINITY : bottom,
    };
    const scene = { run, layout, geometry, labels: this.labels, stretches: this.stretches };
    const { events, messages } = layout.inView(top, bottom);
    const isPast = this.past !== undefined;
    this.sheet.replaceChildren(
      drawColumns(geometry, run.names.length, top, bottom),
      this.#wrongRow(),
      drawLanes(scene, top, bottom),
      ...drawOperations(scene, this.operations, top, bottom, (event) => this.#markOfEvent(event)),
      shape("g", { "aria-hidden": "true" }, ...this.#breaks(top, bottom), ...this.#times([...events])),
      shape(
        "g",
        { class: isPast ? "in-past" : "" },
        ...[...messages]
          .sort((a, b) => a - b)
          .map((index) => drawMessage(scene, run.messages[index], this.#markOfMessage(run.messages[index]))),
      ),
      shape(
        "g",
        { class: isPast ? "in-past" : "" },
        ...[...events]
          .sort((a, b) => a - b)
          .map((index) => drawEvent(scene, run.events[index], this.#markOfEvent(run.events[index]))),
      ),
      ...this.#bands(top, bottom),
    );
    this.#showRoles(view.top);
  }

  #wrongRow() {
    const { run, layout, geometry } = this;
    if (run.wrong === undefined || layout === undefined || geometry === undefined) return shape("g");
    const y = layout.y[run.wrong.index];
    return shape("rect", { class: "wrong-row", x: 0, y: y - 11, width: geometry.width, height: 22 });
  }

  /** @param {RunEvent} event */
  #markOfEvent(event) {
    const { chosen, past } = this;
    const marks = [];
    if (chosen !== undefined && "event" in chosen && chosen.event === event) marks.push("chosen");
    if (past !== undefined) marks.push(past.thread.has(event) ? "thread" : past.has(event) ? "past" : "dim");
    return marks.join(" ");
  }

  /** @param {Message} message */
  #markOfMessage(message) {
    const { chosen, past } = this;
    const marks = [];
    if (chosen !== undefined && "message" in chosen && chosen.message === message) marks.push("chosen");
    if (past !== undefined)
      marks.push(past.isOnThread(message) ? "thread" : past.carries(message) ? "past" : "dim");
    return marks.join(" ");
  }

  /** True times in the margin, where there is room for them. @param {number[]} indexes */
  #times(indexes) {
    const { run, layout, geometry } = this;
    if (layout === undefined || geometry === undefined) return [];
    const texts = [];
    let free = Number.NEGATIVE_INFINITY;
    let said = "";
    for (const index of indexes.sort((a, b) => a - b)) {
      const y = layout.y[index];
      const event = run.events[index];
      const words = geometry.gutter < 60 ? String(Math.round(event.at / 1000)) : millisNumber(event.at);
      if (event.isEarly || y < free || words === said) continue;
      free = y + TIME_EVERY;
      said = words;
      texts.push(
        shape("text", { class: "time", x: geometry.gutter - 10, y: y + 3.5, "text-anchor": "end" }, words),
      );
    }
    return texts;
  }

  /** Places where nothing happened for a while. @param {number} top @param {number} bottom */
  #breaks(top, bottom) {
    const { layout, geometry } = this;
    if (layout === undefined || geometry === undefined) return [];
    return layout.breaks
      .filter(({ y }) => y > top && y < bottom)
      .map(({ y, micros }) =>
        shape(
          "g",
          { class: "break" },
          shape("line", { x1: geometry.gutter, x2: geometry.width, y1: y, y2: y }),
          shape(
            "text",
            { x: geometry.gutter - 10, y: y + 3.5, "text-anchor": "end" },
            geometry.gutter < 60 ? "⋮" : `⋮ ${duration(micros)}`,
          ),
        ),
      );
  }

  /** Rows of heartbeats, and of events that were left out. @param {number} top @param {number} bottom */
  #bands(top, bottom) {
    const { layout, geometry, run } = this;
    if (layout === undefined || geometry === undefined) return [];
    const isSmall = geometry.width < 600;
    const folds = this.folds
      .filter(({ y }) => y > top - 30 && y < bottom + 30)
      .map((fold) => {
        const [first, last] = [run.events[fold.first], run.events[fold.last]];
        const what = `${fold.last - fold.first + 1} events of heartbeats without news`;
        const when = `${millisNumber(first.at)} to ${millis(last.at)}`;
        const words = `${fold.isOpen ? "▾" : "▸"} ${isSmall ? what : `${what}, ${when}`}`;
        return this.#band(`fold${fold.isOpen ? " open" : ""}`, fold.y, words, {
          "data-fold": this.folds.indexOf(fold),
        });
      });
    const gaps = layout.gaps
      .filter(({ y }) => y > top - 30 && y < bottom + 30)
      .map(({ y, gap }) => {
        const when = `${millisNumber(gap.from)} to ${millis(gap.to)}`;
        return this.#band(
          "gap",
          y,
          `${gap.events.toLocaleString("en")} events are left out here${isSmall ? "" : `, ${when}`}`,
          {},
        );
      });
    return [...folds, ...gaps];
  }

  /** @param {string} name @param {number} y @param {string} words @param {Record<string, number>} attributes */
  #band(name, y, words, attributes) {
    const { width, gutter } = this.geometry ?? new Geometry(0, 1);
    const wide = Math.min(width - gutter - 8, words.length * 6.3 + 24);
    return shape(
      "g",
      { class: `band ${name}`, ...attributes },
      shape("rect", {
        class: "band-row",
        x: gutter - 6,
        y: round(y - 10),
        width: width - gutter + 6,
        height: 20,
      }),
      shape("rect", { class: "band-tag", x: gutter + 4, y: round(y - 10), width: wide, height: 20, rx: 10 }),
      shape("text", { x: gutter + 16, y: round(y + 4) }, words),
    );
  }

  /** Says above each lane which role and term its server is in at the top of what is in view. @param {number} top */
  #showRoles(top) {
    const { layout, run, headCells } = this;
    if (layout === undefined || headCells === undefined) return;
    const isNarrow = this.geometry?.isNarrow;
    const event = layout.eventAt(Math.max(0, top) + 40);
    for (const [node, { role }] of headCells.entries()) {
      if (run.isClient(node) || event === undefined) continue;
      const pause = run.data.spells.find(
        ({ node: where, kind, from, to }) =>
          where === node &&
          (kind === "stopped" || kind === "frozen") &&
          from <= event.record &&
          (to < 0 || event.record < to),
      );
      role.className = `role-now ${pause?.kind ?? ""}`;
      role.textContent =
        pause === undefined ? "" : `${SPELL_SIGNS[pause.kind]} ${isNarrow ? "" : pause.kind}`;
      const status = this.states.statusAfter(node, event.record);
      if (pause !== undefined || status === undefined || run.data.scripted.includes(node)) continue;
      const look = roleLook(String(field(status, "role") ?? ""));
      role.className = `role-now ${look.name}`;
      role.textContent = `${look.sign} ${isNarrow ? "" : `${look.name} `}${field(status, "currentTerm")}`;
    }
  }

  /** Brings an event into view. @param {RunEvent} event @param {boolean} [isCentred] */
  show(event, isCentred = false) {
    const fold = this.layout?.hiddenIn[event.index];
    if (fold !== undefined) {
      fold.isOpen = true;
      this.arrange();
    }
    const y = this.layout?.y[event.index] ?? 0;
    // Once more if the names of the lanes have moved to the top of the window meanwhile.
    for (let look = 0; look < 2; look++) {
      const { top, bottom } = this.view();
      const room = bottom - top - this.covered();
      const isInView = y > top + 60 && y < top + room - 40;
      if (isInView && (look > 0 || !isCentred)) return;
      this.scrollBy(y - (top + room / 2));
    }
  }

  /** Pixels at the bottom of the window that something lies over. */
  covered() {
    const sheet = document.querySelector(".details:not([hidden])");
    return sheet !== null && getComputedStyle(sheet).position === "fixed"
      ? sheet.getBoundingClientRect().height
      : 0;
  }

  /** @param {number} pixels */
  scrollBy(pixels) {
    const isInner = this.scroller.scrollHeight > this.scroller.clientHeight + 1;
    if (isInner) this.scroller.scrollTop += pixels;
    else scrollBy(0, pixels);
    this.scrolled();
  }

  /**
   * Chooses an event or a message, or nothing.
   * @param {Chosen | undefined} chosen
   */
  choose(chosen) {
    this.chosen = chosen;
    if (chosen === undefined) this.past = undefined;
    else if (this.past !== undefined) this.past = this.pastOfChosen();
    this.redraw();
  }

  /** All that led to what is chosen; undefined if that is nothing, or happened to the whole world. */
  pastOfChosen() {
    const { chosen } = this;
    if (chosen === undefined) return undefined;
    const event = "event" in chosen ? chosen.event : (chosen.message.ends[0] ?? chosen.message.sender);
    return event === undefined || event.lane < 0 ? undefined : new CausalPast(this.run, event);
  }

  /** @param {Fold} fold */
  toggle(fold) {
    fold.isOpen = !fold.isOpen;
    this.arrange();
  }
}

/** Hatchings by which times of faults differ, whatever the colours. */
function patterns() {
  return shape(
    "defs",
    {},
    pattern("stopped", 7, "M-1 8L8-1M-1 1L1-1M6 8L8 6"),
    pattern("frozen", 8, "M4 2v4M2 4h4"),
    pattern("cut", 8, "M-1-1L9 9M-1 7L1 9M7-1L9 1"),
  );
}

/** @param {string} name @param {number} size @param {string} d */
function pattern(name, size, d) {
  return shape(
    "pattern",
    { id: `hatch-${name}`, width: size, height: size, patternUnits: "userSpaceOnUse" },
    shape("rect", { class: `ground ${name}`, width: size, height: size }),
    shape("path", { class: `hatch ${name}`, d }),
  );
}
