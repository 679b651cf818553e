/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./run.mjs").Message} Message
 * @typedef {import("./layout.mjs").Layout} Layout
 * @typedef {import("./drawing.mjs").Chosen} Chosen
 */

/** The keys, for the help: what is pressed, and what it does. @type {readonly (readonly [keys: string, does: string])[]} */
export const KEYS = [
  ["↑ ↓", "the event before, or after, on the same lane"],
  ["← →", "the nearest event on the next lane"],
  ["Shift ↑", "back along the message: to where it was sent"],
  ["Shift ↓", "along the message: to where it arrives"],
  ["Shift ← →", "the other messages that were sent at the same moment"],
  ["Enter", "mark all that led to it, and dim the rest"],
  ["Esc", "end that; once more: choose nothing"],
  ["Home End", "the first event, the last event"],
  ["Page ↑ ↓", "a screen up, a screen down"],
  ["w", "the first wrong step"],
  ["e", "the next event of the story"],
  ["Shift e", "the previous one"],
  ["f", "show or fold all heartbeats"],
  ["l", "the run as a list in words"],
  ["?", "these keys"],
];

/** Finds the way from one event to others. */
export class Paths {
  /**
   * @param {Run} run
   * @param {(event: RunEvent) => boolean} isHidden
   */
  constructor(run, isHidden) {
    this.run = run;
    this.isHidden = isHidden;
  }

  /** The first event that is shown, or the last. @param {boolean} isLast */
  end(isLast) {
    const { events } = this.run;
    const all = isLast ? [...events].reverse() : events;
    return all.find((event) => !this.isHidden(event));
  }

  /**
   * The next event on the same lane.
   * @param {RunEvent} event
   * @param {1 | -1} way 1: later
   */
  along(event, way) {
    const lane = event.lane < 0 ? this.run.events : this.run.lanes[event.lane];
    for (let i = lane.indexOf(event) + way; i >= 0 && i < lane.length; i += way)
      if (!this.isHidden(lane[i])) return lane[i];
    return undefined;
  }

  /**
   * The nearest event on the next lane that has any.
   * @param {RunEvent} event
   * @param {1 | -1} way 1: to the right
   */
  across(event, way) {
    const { lanes } = this.run;
    for (let lane = event.lane + way; lane >= 0 && lane < lanes.length; lane += way) {
      const shown = lanes[lane].filter((one) => !this.isHidden(one));
      const distance = (/** @type {RunEvent} */ one) => Math.abs(one.index - event.index);
      if (shown.length > 0) return shown.reduce((best, one) => (distance(one) < distance(best) ? one : best));
    }
    return undefined;
  }

  /**
   * Along a message: from an event to the message that it sent, from a message to where it ends; or back.
   * @param {Chosen} chosen
   * @param {1 | -1} way 1: with the message
   * @returns {Chosen | undefined}
   */
  follow(chosen, way) {
    if ("message" in chosen) {
      const { sender, ends } = chosen.message;
      const event = way === 1 ? ends[0] : sender;
      return event && { event };
    }
    const { sends, message } = chosen.event;
    const next = way === 1 ? sends[0] : message;
    return next && { message: next };
  }

  /**
   * Another message of the same handler.
   * @param {Message} message
   * @param {1 | -1} way
   */
  sibling(message, way) {
    const all = message.sender?.sends ?? [];
    return all[all.indexOf(message) + way];
  }

  /**
   * The next event that the story tells.
   * @param {RunEvent | undefined} event
   * @param {1 | -1} way
   */
  told(event, way) {
    const { told } = this.run;
    const from = event?.index ?? (way === 1 ? -1 : Number.POSITIVE_INFINITY);
    if (way === 1) return told.find(({ index }) => index > from) ?? told[0];
    return [...told].reverse().find(({ index }) => index < from) ?? told.at(-1);
  }
}
