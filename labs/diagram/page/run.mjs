/**
 * @typedef {import("../data").DiagramData} DiagramData
 * @typedef {string | number | boolean | null | LeftOut | readonly unknown[] | ReadonlyMap<string, unknown>} Value
 */

/** Stands for parts of a value that were left out. */
export class LeftOut {
  /** @param {number} count */
  constructor(count) {
    this.count = count;
  }
}

/**
 * An event: a point on a lane.
 * @typedef {object} RunEvent
 * @property {number} index its number among all events, in their order
 * @property {number} record
 * @property {number} kind
 * @property {number} at in microseconds
 * @property {number} node where it happened; -1 for the whole world
 * @property {number} peer
 * @property {number} lane where it is drawn: a message that is lost at once is lost near its sender
 * @property {string} words what came
 * @property {string} outcome what the server did
 * @property {boolean} isRoutine
 * @property {number[]} effects records of what the handler did, in order
 * @property {Message | undefined} message the message that arrived, or was lost
 * @property {Message[]} sends
 * @property {number} told the line of the story that is about it, from 1 on; 0 if there is none
 * @property {boolean} isWrong
 * @property {boolean} isEarly true for a message that was lost at the moment it was sent
 */

/**
 * A message on its way: a line from a lane to another.
 * @typedef {object} Message
 * @property {number} index
 * @property {number} record
 * @property {number} from
 * @property {number} to
 * @property {number} at in microseconds
 * @property {RunEvent | undefined} sender undefined if it was left out
 * @property {RunEvent[]} ends where it arrived, perhaps twice, or was lost
 */

/** A run as the page works with it. */
export class Run {
  /** @param {DiagramData} data */
  constructor(data) {
    const { records, names, kinds } = data;
    this.data = data;
    this.names = names;
    this.kinds = kinds;
    /** @type {(Value | undefined)[]} */
    this.unpacked = new Array(data.values.length);
    /** @type {number[]} */
    this.at = [];
    let now = 0;
    for (const step of records.at) {
      now += step;
      this.at.push(now);
    }
    /** @type {RunEvent[]} */
    this.events = data.events.record.map((record, index) => this.#event(record, index));
    /** @type {(RunEvent | undefined)[]} */
    this.eventOfRecord = new Array(records.kind.length);
    for (const event of this.events) this.eventOfRecord[event.record] = event;
    /** @type {Message[]} */
    this.messages = [];
    /** @type {(Message | undefined)[]} */
    this.messageOfRecord = new Array(records.kind.length);
    for (let record = 0; record < records.kind.length; record++) this.#connect(record);
    /** The events of each lane, in order. @type {RunEvent[][]} */
    this.lanes = names.map(() => []);
    for (const event of this.events) this.lanes[event.lane]?.push(event);
    for (const [line, record] of data.told.entries()) {
      const event = this.eventOfRecord[record];
      if (event !== undefined) event.told = line + 1;
    }
    /** @type {RunEvent | undefined} */
    this.wrong = this.eventOfRecord[data.wrong];
    if (this.wrong !== undefined) this.wrong.isWrong = true;
    /** The events that the story tells, in order. */
    this.told = this.events.filter(({ told, isWrong }) => told > 0 || isWrong);
    this.end = this.at.at(-1) ?? 0;
  }

  /**
   * @param {number} record
   * @param {number} index
   * @returns {RunEvent}
   */
  #event(record, index) {
    const { records, events } = this.data;
    const node = records.node[record];
    return {
      index,
      record,
      kind: records.kind[record],
      at: this.at[record],
      node,
      peer: records.peer[record],
      lane: node,
      words: String(this.value(events.words[index])),
      outcome: String(this.value(events.outcome[index])),
      isRoutine: events.routine[index] === 1,
      effects: [],
      message: undefined,
      sends: [],
      told: 0,
      isWrong: false,
      isEarly: false,
    };
  }

  /** Ties a record to those before it. @param {number} record */
  #connect(record) {
    const { kind, node, peer } = this.data.records;
    const { send, deliver, drop } = this.kinds;
    const cause = this.causeOf(record);
    const handler = this.eventOfRecord[cause];
    const own = this.eventOfRecord[record];
    if (own === undefined) handler?.effects.push(record);
    if (kind[record] === send) {
      const sender = own ?? handler;
      const message = {
        index: this.messages.length,
        record,
        from: node[record],
        to: peer[record],
        at: this.at[record],
        sender,
        ends: [],
      };
      this.messages.push(message);
      this.messageOfRecord[record] = message;
      sender?.sends.push(message);
    }
    if (own === undefined || (kind[record] !== deliver && kind[record] !== drop)) return;
    const message = this.messageOfRecord[cause];
    if (message === undefined) return;
    own.message = message;
    message.ends.push(own);
    if (kind[record] !== drop || own.at !== message.at) return;
    own.isEarly = true;
    own.lane = message.from;
  }

  /** The record that brought a record about; -1 if there is none. @param {number} record */
  causeOf(record) {
    const back = this.data.records.cause[record];
    return back === 0 ? -1 : record - back;
  }

  /** What a record carries. @param {number} record */
  dataOf(record) {
    return this.value(this.data.records.data[record]);
  }

  /**
   * A value of the table. The same place gives the same object, so that equal values are identical.
   * @param {number} place
   * @returns {Value | undefined}
   */
  value(place) {
    if (place < 0) return undefined;
    this.unpacked[place] ??= this.#unpack(place);
    return this.unpacked[place];
  }

  /**
   * @param {number} place
   * @returns {Value}
   */
  #unpack(place) {
    const packed = this.data.values[place];
    if (typeof packed !== "object" || packed === null) return packed;
    const [shape, ...parts] = packed;
    if (shape === -2) return new LeftOut(parts[0]);
    if (shape === -1) return parts.map((part) => this.value(part));
    const names = this.data.shapes[shape];
    return new Map(parts.map((part, i) => [names[i], this.value(part)]));
  }

  /** True for a client of the key-value store. @param {number} node */
  isClient(node) {
    return node >= this.data.servers;
  }

  /** True if a server worked because of an event. @param {RunEvent} event */
  isHandler({ kind }) {
    const { start, deliver, timer, propose, invoke } = this.kinds;
    return [start, deliver, timer, propose, invoke].includes(kind);
  }
}

/**
 * A field of an object; undefined if the value is none, or has no such field.
 * @param {unknown} value
 * @param {string} name
 */
export function field(value, name) {
  return value instanceof Map ? value.get(name) : undefined;
}
