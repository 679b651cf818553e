/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./run.mjs").Message} Message
 */

/** All that can have had an influence on an event (Lamport 1978, “happened before”), and the one thread that led to it. */
export class CausalPast {
  /**
   * @param {Run} run
   * @param {RunEvent} event
   */
  constructor(run, event) {
    this.event = event;
    /** The place of each event on its lane. @type {Map<RunEvent, number>} */
    this.places = new Map();
    for (const lane of run.lanes) for (const [place, one] of lane.entries()) this.places.set(one, place);
    /** For each lane, how many of its first events are in the past. */
    this.counts = run.lanes.map(() => 0);
    this.#collect(run, event);
    /** The events from the first cause to this one: each brought the next one about. */
    this.thread = new Set(threadTo(run, event));
  }

  /**
   * @param {Run} run
   * @param {RunEvent} event
   */
  #collect(run, event) {
    const isDrop = event.kind === run.kinds.drop;
    const open = isDrop && event.message?.sender !== undefined ? [event, event.message.sender] : [event];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const place = this.places.get(one);
      if (place === undefined) continue;
      const lane = run.lanes[one.lane];
      for (let i = this.counts[one.lane]; i <= place; i++) {
        const sender = lane[i].message?.sender;
        if (sender !== undefined && lane[i].kind === run.kinds.deliver) open.push(sender);
      }
      this.counts[one.lane] = Math.max(this.counts[one.lane], place + 1);
    }
  }

  /** @param {RunEvent} event */
  has(event) {
    if (event === this.event) return true;
    if (event.lane < 0) return event.index < this.event.index; // a fault of the network reaches everybody
    return (this.places.get(event) ?? Number.POSITIVE_INFINITY) < this.counts[event.lane];
  }

  /** True if a message carried something into the past. @param {Message} message */
  carries({ sender, ends }) {
    return (sender === undefined || this.has(sender)) && ends.some((end) => this.has(end));
  }

  /** True if a message is part of the thread. @param {Message} message */
  isOnThread({ sender, ends }) {
    return (
      sender !== undefined &&
      this.thread.has(sender) &&
      ends.some((end) => this.thread.has(end) && end.message?.sender === sender)
    );
  }
}

/**
 * The event that brought an event about: the handler that sent its message, or set its timer.
 * @param {Run} run
 * @param {RunEvent} event
 * @returns {RunEvent | undefined}
 */
export function triggerOf(run, event) {
  if (event.message !== undefined) return event.message.sender;
  const set = run.causeOf(event.record);
  return set < 0 ? undefined : (run.eventOfRecord[set] ?? run.eventOfRecord[run.causeOf(set)]);
}

/**
 * @param {Run} run
 * @param {RunEvent} event
 */
function* threadTo(run, event) {
  /** @type {RunEvent | undefined} */
  let one = event;
  for (; one !== undefined; one = triggerOf(run, one)) yield one;
}
