/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 */

/**
 * A row of events that is shown as one band while it is closed.
 * @typedef {object} Fold
 * @property {number} first
 * @property {number} last
 * @property {boolean} isOpen
 * @property {number} y
 */

/** A row of heartbeats without news is folded from so many events on. */
const FOLD_FROM = 8;
const TOP = 26;
const BOTTOM = 60;
/** Pixels from one event to the next, at least. */
const STEP = 11;
/** Pixels that an event's label needs, by its lines, until the next event on the same lane. */
const ROOM = [13, 19, 33, 47];
const BAND = 30;
/** Idle time from which on a break is shown, in microseconds. */
const BREAK_FROM = 60_000;
const BREAK_ROOM = 26;
/** Height of the parts in which the page looks for what is in view. */
const PART = 400;

/** Finds rows of heartbeats. @param {Run} run @returns {Fold[]} */
export function foldsOf({ events, data }) {
  /** @type {Fold[]} */
  const folds = [];
  const gaps = new Set(data.gaps.map(({ before }) => before));
  let first = 0;
  for (let i = 0; i <= events.length; i++) {
    const event = events[i];
    const goesOn = event?.isRoutine && event.told === 0 && !event.isWrong;
    if (goesOn && !gaps.has(event.record)) continue;
    if (i - first >= FOLD_FROM) folds.push({ first, last: i - 1, isOpen: false, y: 0 });
    first = goesOn ? i : i + 1;
  }
  return folds;
}

/** Where everything is, from top to bottom. Times are not to scale: idle time is short, and what comes later is lower. */
export class Layout {
  /**
   * @param {Run} run
   * @param {readonly Fold[]} folds
   * @param {(event: RunEvent) => number} linesOf how many lines an event's label has
   */
  constructor(run, folds, linesOf) {
    this.run = run;
    this.folds = folds;
    /** The height of each event. */
    this.y = new Float64Array(run.events.length);
    /** The closed fold in which an event is hidden. @type {(Fold | undefined)[]} */
    this.hiddenIn = new Array(run.events.length);
    /** @type {{ y: number, micros: number }[]} */
    this.breaks = [];
    /** @type {{ y: number, gap: Run["data"]["gaps"][number] }[]} */
    this.gaps = [];
    this.height = this.#place(linesOf) + BOTTOM;
    /** What is to be drawn, by height. @type {{ events: Set<number>, messages: Set<number> }[]} */
    this.parts = Array.from({ length: Math.ceil(this.height / PART) + 1 }, () => ({
      events: new Set(),
      messages: new Set(),
    }));
    this.#sort();
  }

  /** @param {(event: RunEvent) => number} linesOf */
  #place(linesOf) {
    const { events, data, lanes } = this.run;
    const free = lanes.map(() => 0);
    const gaps = new Map(data.gaps.map((gap) => [gap.before, gap]));
    const foldAt = new Map(this.folds.map((fold) => [fold.first, fold]));
    let y = TOP - STEP;
    let before = 0;
    for (let i = 0; i < events.length; i++) {
      const event = events[i];
      const gap = gapBefore(this.run, i, gaps);
      if (gap !== undefined) {
        y += BAND;
        this.gaps.push({ y, gap });
        y += BAND - STEP;
        before = event.at;
      }
      const fold = foldAt.get(i);
      if (fold !== undefined) {
        y += BAND;
        fold.y = y;
        y += BAND - STEP;
        before = event.at;
        if (!fold.isOpen) {
          for (; i <= fold.last; i++) {
            this.y[i] = fold.y;
            this.hiddenIn[i] = fold;
          }
          i -= 1;
          before = events[i].at;
          continue;
        }
      }
      if (event.isEarly && event.message?.sender !== undefined) {
        this.y[i] = this.y[event.message.sender.index] + 15;
        continue;
      }
      y += STEP + this.#idle(y, event.at - before);
      if (event.lane >= 0) {
        y = Math.max(y, free[event.lane]);
        free[event.lane] = y + ROOM[Math.min(linesOf(event), ROOM.length - 1)];
      } else {
        // Its words and those of the faults that begin with it run over all lanes.
        y = Math.max(y + 5, ...free);
        free.fill(y + ROOM[1]);
      }
      this.y[i] = y;
      before = event.at;
    }
    return y;
  }

  /** @param {number} y @param {number} micros */
  #idle(y, micros) {
    if (micros >= BREAK_FROM) {
      this.breaks.push({ y: y + BREAK_ROOM / 2 + STEP / 2, micros });
      return BREAK_ROOM;
    }
    return micros <= 0 ? 0 : Math.min(14, 2.5 * Math.log2(1 + micros / 1000));
  }

  /** Puts events and messages into parts, by which they are found when they come into view. */
  #sort() {
    for (const { index } of this.run.events)
      if (this.hiddenIn[index] === undefined) this.#partAt(this.y[index]).events.add(index);
    for (const message of this.run.messages) {
      const { sender, ends } = message;
      const ys = [...(sender === undefined ? [] : [sender]), ...ends].map(({ index }) => this.y[index]);
      const folds = new Set(
        [...(sender === undefined ? [] : [sender]), ...ends].map(({ index }) => this.hiddenIn[index]),
      );
      if (folds.size === 1 && !folds.has(undefined)) continue; // all of it is in one closed fold
      const low = Math.min(...ys);
      const high = Math.max(...ys, low + 20);
      for (let y = low; y <= high + PART; y += PART)
        if (y <= high || Math.floor(y / PART) === Math.floor(high / PART))
          this.#partAt(Math.min(y, high)).messages.add(message.index);
    }
  }

  /** @param {number} y */
  #partAt(y) {
    const { parts } = this;
    return parts[Math.max(0, Math.min(parts.length - 1, Math.floor(y / PART)))];
  }

  /**
   * What is to be drawn between two heights.
   * @param {number} top
   * @param {number} bottom
   */
  inView(top, bottom) {
    /** @type {Set<number>} */
    const events = new Set();
    /** @type {Set<number>} */
    const messages = new Set();
    const { parts } = this;
    const last = Math.min(parts.length - 1, Math.floor(bottom / PART));
    for (let i = Math.max(0, Math.floor(top / PART)); i <= last; i++) {
      for (const event of parts[i].events) events.add(event);
      for (const message of parts[i].messages) messages.add(message);
    }
    return { events, messages };
  }

  /** Where a record is: at the first event that is not before it. @param {number} record */
  yOfRecord(record) {
    const { events } = this.run;
    let [low, high] = [0, events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[middle].record < record) low = middle + 1;
      else high = middle;
    }
    return low < events.length ? this.y[low] : this.height;
  }

  /** Where a record is that belongs to a handler: at the last event that is not after it. @param {number} record */
  yOfEffect(record) {
    const { events } = this.run;
    let [low, high] = [0, events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[middle].record <= record) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.y[low - 1];
  }

  /** The event that is nearest to a height; undefined if there is none. @param {number} y */
  eventAt(y) {
    const { events } = this.run;
    let [low, high] = [0, events.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.y[middle] < y) low = middle + 1;
      else high = middle;
    }
    return events[low];
  }
}

/**
 * The row of events that was left out right before an event: before it, or before the message that it got.
 * @param {Run} run
 * @param {number} index
 * @param {Map<number, Run["data"]["gaps"][number]>} gaps
 */
function gapBefore({ events }, index, gaps) {
  if (gaps.size === 0) return undefined;
  const from = index === 0 ? 0 : events[index - 1].record + 1;
  for (let record = from; record <= events[index].record; record++) {
    const gap = gaps.get(record);
    if (gap !== undefined) return gap;
  }
  return undefined;
}
