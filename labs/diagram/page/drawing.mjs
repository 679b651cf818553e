import { drawBands, drawBreaks, drawTimes } from "./bands.mjs";
import { CausalPast } from "./causes.mjs";
import { shape } from "./dom.mjs";
import { Heads } from "./heads.mjs";
import { drawColumns, drawLanes, Geometry, roleStretches } from "./lanes.mjs";
import { foldsOf, Layout } from "./layout.mjs";
import { drawEvent, labelOf, linesOf } from "./marks.mjs";
import { drawMessage } from "./messages.mjs";
import { drawOperations, operationsOf } from "./operations.mjs";
import { patterns } from "./spells.mjs";

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
    this.scroller = scroller;
    this.heads = new Heads(run, states, heads);
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
    this.heads.arrange(this.geometry);
    this.redraw();
  }

  /** The heights that are in view. */
  view() {
    const host = this.canvas.getBoundingClientRect();
    const frame = this.scroller.getBoundingClientRect();
    const isInner = this.#isInner();
    // Where the page itself scrolls, the names of the lanes stay at the top of the window, over the drawing.
    const top = Math.max(0, isInner ? frame.top : this.heads.host.getBoundingClientRect().bottom) - host.top;
    const bottom = Math.min(innerHeight, isInner ? frame.bottom : innerHeight) - host.top;
    return { top, bottom };
  }

  /** Draws what came into view. */
  scrolled() {
    const { top, bottom } = this.view();
    this.#showRoles();
    if (top < this.drawn.top || bottom > this.drawn.bottom) this.redraw();
  }

  redraw() {
    const { layout, geometry, run } = this;
    if (layout === undefined || geometry === undefined) return;
    const view = this.view();
    const top = this.isWhole ? 0 : Math.max(0, view.top - MARGIN);
    // Nothing is in view while the page still shows what stands above the drawing.
    const bottom = this.isWhole
      ? layout.height
      : Math.max(top, Math.min(layout.height, view.bottom + MARGIN));
    this.drawn = {
      top: top === 0 ? Number.NEGATIVE_INFINITY : top,
      bottom: bottom >= layout.height ? Number.POSITIVE_INFINITY : bottom,
    };
    const scene = { run, layout, geometry, labels: this.labels, stretches: this.stretches };
    const inView = layout.inView(top, bottom);
    const [events, messages] = [inView.events, inView.messages].map((all) => [...all].sort((a, b) => a - b));
    const isPast = this.past !== undefined;
    this.sheet.replaceChildren(
      drawColumns(geometry, run.names.length, top, bottom),
      this.#wrongRow(),
      drawLanes(scene, top, bottom),
      ...drawOperations(scene, this.operations, top, bottom, (event) => this.#markOfEvent(event)),
      shape("g", { "aria-hidden": "true" }, ...drawBreaks(scene, top, bottom), ...drawTimes(scene, events)),
      shape(
        "g",
        { class: isPast ? "in-past" : "" },
        ...messages.map((index) =>
          drawMessage(scene, run.messages[index], this.#markOfMessage(run.messages[index])),
        ),
      ),
      shape(
        "g",
        { class: isPast ? "in-past" : "" },
        ...events.map((index) => drawEvent(scene, run.events[index], this.#markOfEvent(run.events[index]))),
      ),
      ...drawBands(scene, top, bottom),
    );
    this.#showRoles();
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

  /** Says above the lanes who was what: at the chosen event, or at the top of what is in view if that is elsewhere. */
  #showRoles() {
    const { layout, chosen } = this;
    if (layout === undefined) return;
    const { top, bottom } = this.view();
    const wanted =
      chosen === undefined ? undefined : "event" in chosen ? chosen.event : chosen.message.sender;
    const y = wanted === undefined ? Number.NaN : layout.y[wanted.index];
    const event = y >= top && y <= bottom ? wanted : layout.eventAt(Math.max(0, top) + 40);
    if (event !== undefined) this.heads.showAt(event);
  }

  /** Brings an event into view. @param {RunEvent} event @param {boolean} [isCentred] */
  show(event, isCentred = false) {
    const fold = this.layout?.hiddenIn[event.index];
    if (fold !== undefined) {
      fold.isOpen = true;
      this.arrange();
    }
    const at = this.canvas.getBoundingClientRect().top + (this.layout?.y[event.index] ?? 0);
    const { top, bottom } = this.#window();
    const room = bottom - top - this.covered();
    const isInView = at > top + 60 && at < top + room - 40;
    if (!isInView || isCentred) this.scrollBy(at - (top + room / 2));
  }

  /** Where in the window events are seen, once the drawing has come up as far as it can. */
  #window() {
    if (this.#isInner()) return this.scroller.getBoundingClientRect();
    const { top } = getComputedStyle(this.heads.host);
    return { top: Number.parseFloat(top) + this.heads.host.offsetHeight, bottom: innerHeight };
  }

  /** True if the drawing scrolls in its frame, false if the page does. */
  #isInner() {
    return this.scroller.scrollHeight > this.scroller.clientHeight + 1;
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
    if (this.#isInner()) this.scroller.scrollTop += pixels;
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

  /** The event whose past can be marked; undefined if nothing is chosen, or what happened to the whole world. */
  endOfPast() {
    const { chosen } = this;
    if (chosen === undefined) return undefined;
    const event = "event" in chosen ? chosen.event : (chosen.message.ends[0] ?? chosen.message.sender);
    return event === undefined || event.lane < 0 ? undefined : event;
  }

  /** All that led to what is chosen. */
  pastOfChosen() {
    const event = this.endOfPast();
    return event === undefined ? undefined : new CausalPast(this.run, event);
  }

  /** @param {Fold} fold */
  toggle(fold) {
    fold.isOpen = !fold.isOpen;
    this.arrange();
  }
}
