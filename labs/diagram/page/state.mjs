import { field } from "./run.mjs";
import { millis } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 */

/**
 * One thing that a server knows or has, before and after an event.
 * @typedef {object} StateRow
 * @property {"status" | "log" | "disk" | "timer"} group
 * @property {string} name
 * @property {unknown} before undefined if it was not there
 * @property {unknown} after
 * @property {boolean} isChanged
 */

/** What a server is that has not said anything yet. @type {ReadonlyMap<string, unknown>} */
const NEWBORN = new Map(Object.entries({ role: "follower", currentTerm: 0 }));

const STATUS_FIELDS = ["role", "currentTerm", "leader", "commitIndex"];

/** What became of one thing over time. */
class History {
  /** @type {number[]} */
  records = [];
  /** @type {unknown[]} */
  values = [];

  /** @param {number} record @param {unknown} value */
  set(record, value) {
    this.records.push(record);
    this.values.push(value);
  }

  /** What it was right before a record. @param {number} record */
  before(record) {
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.records[middle] < record) low = middle + 1;
      else high = middle;
    }
    return this.values[low - 1];
  }
}

/** What each server said, stored and waited for at each moment of a run. */
export class States {
  /** @param {Run} run */
  constructor(run) {
    this.run = run;
    this.status = run.names.map(() => new History());
    this.applied = run.names.map(() => new History());
    /** @type {Map<string, History>[]} */
    this.disk = run.names.map(() => new Map());
    /** @type {Map<string, History>[]} */
    this.timers = run.names.map(() => new Map());
    /** When each setTimer record's timer ran out. @type {Map<number, RunEvent>} */
    this.firedBy = new Map();
    const gaps = new Map(run.data.gaps.map((gap) => [gap.before, gap]));
    for (let record = 0; record < run.data.records.kind.length; record++) {
      const gap = gaps.get(record);
      if (gap !== undefined) this.#takeGap(gap);
      this.#take(record);
    }
  }

  /** @param {Run["data"]["gaps"][number]} gap */
  #takeGap({ before, status, applied, disk }) {
    const { run } = this;
    for (const [node, place] of status) this.status[node].set(before - 0.5, run.value(place));
    for (const [node, index] of applied) this.applied[node].set(before - 0.5, index < 0 ? undefined : index);
    for (const [node, key, value] of disk)
      historyIn(this.disk[node], String(run.value(key))).set(before - 0.5, run.value(value));
  }

  /** @param {number} record */
  #take(record) {
    const { run } = this;
    const { kinds } = run;
    const node = run.data.records.node[record];
    const data = run.dataOf(record);
    switch (run.data.records.kind[record]) {
      case kinds.fault:
        if (node >= 0) this.status[node].set(record, undefined); // it stops
        break;
      case kinds.start:
        this.#forget(node, record);
        break;
      case kinds.status:
        if (Array.isArray(data)) this.#takeStatus(node, record, data);
        break;
      case kinds.apply:
        this.applied[node].set(record, field(data, "index"));
        break;
      case kinds.write: {
        const [set, deleted] = [field(data, "set"), field(data, "deleted")];
        if (set instanceof Map)
          for (const [key, value] of set) historyIn(this.disk[node], key).set(record, value);
        if (Array.isArray(deleted))
          for (const key of deleted) historyIn(this.disk[node], String(key)).set(record, undefined);
        break;
      }
      case kinds.setTimer:
        historyIn(this.timers[node], String(data)).set(record, record);
        break;
      case kinds.cancelTimer:
        historyIn(this.timers[node], String(data)).set(record, undefined);
        break;
      case kinds.timer: {
        const set = run.causeOf(record);
        const event = run.eventOfRecord[record];
        if (event !== undefined) this.firedBy.set(set, event);
        historyIn(this.timers[node], String(run.dataOf(set))).set(record - 0.5, undefined);
      }
    }
  }

  /** @param {number} node @param {number} record @param {readonly unknown[]} change */
  #takeStatus(node, record, [before, after]) {
    const history = this.status[node];
    if (history.records.length === 0) history.set(-1, before);
    history.set(record, after);
  }

  /** A start is a new life: only the disk is left. @param {number} node @param {number} record */
  #forget(node, record) {
    this.status[node].set(record - 0.5, NEWBORN);
    this.applied[node].set(record - 0.5, undefined);
    for (const timer of this.timers[node].values()) timer.set(record - 0.5, undefined);
  }

  /**
   * Everything that a server said, stored and waited for, before and after an event.
   * @param {RunEvent} event
   * @returns {StateRow[]}
   */
  around(event) {
    const { node, record } = event;
    const end = Math.max(record, ...event.effects) + 0.25;
    const begin = this.run.kinds.start === event.kind ? record - 0.75 : record - 0.25;
    /** @param {History} history */
    const both = (history) => {
      const [before, after] = [history.before(begin), history.before(end)];
      return { before, after, isChanged: before !== after };
    };
    const status = both(this.status[node]);
    return [
      ...STATUS_FIELDS.map((name) => ({
        group: /** @type {const} */ ("status"),
        name,
        before: field(status.before, name),
        after: field(status.after, name),
        isChanged: field(status.before, name) !== field(status.after, name),
      })),
      { group: /** @type {const} */ ("log"), name: "applied up to", ...both(this.applied[node]) },
      ...[...this.disk[node]].map(([name, history]) => ({
        group: /** @type {const} */ ("disk"),
        name,
        ...both(history),
      })),
      ...[...this.timers[node]].map(([name, history]) => {
        const { before, after, isChanged } = both(history);
        return {
          group: /** @type {const} */ ("timer"),
          name,
          before: this.dueWords(before),
          after: this.dueWords(after),
          isChanged,
        };
      }),
    ].filter(({ before, after }) => before !== undefined || after !== undefined);
  }

  /** What a server says about itself after a record. @param {number} node @param {number} record */
  statusAfter(node, record) {
    return this.status[node].before(record + 0.25);
  }

  /** When a timer that is set runs out, as far as it is known. @param {unknown} set its setTimer record */
  dueWords(set) {
    if (typeof set !== "number") return undefined;
    const fired = this.firedBy.get(set);
    const since = `set at ${millis(this.run.at[set])}`;
    return fired === undefined ? since : `${since}, runs out at ${millis(fired.at)}`;
  }
}

/** @param {Map<string, History>} histories @param {string} name */
function historyIn(histories, name) {
  const known = histories.get(name);
  if (known !== undefined) return known;
  const history = new History();
  histories.set(name, history);
  return history;
}
