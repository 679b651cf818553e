import { shape } from "./dom.mjs";
import { fitted } from "./fitting.mjs";
import { field } from "./run.mjs";
import { inline } from "./words.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./layout.mjs").Layout} Layout
 * @typedef {import("./lanes.mjs").Geometry} Geometry
 */

/**
 * An operation of a client: a bar on its lane, from its invocation to its completion.
 * @typedef {object} Operation
 * @property {number} client
 * @property {RunEvent} begin
 * @property {RunEvent | undefined} end the handler that completed it; undefined while it is open
 * @property {string} words
 * @property {string} result
 * @property {boolean} isTold true if the story is about it
 * @property {boolean} isWrong
 */

/** The operations of all clients. @param {Run} run @returns {Operation[]} */
export function operationsOf(run) {
  const { kind, node } = run.data.records;
  /** @type {Operation[]} */
  const operations = [];
  /** @type {Map<number, Operation>} */
  const open = new Map();
  for (let record = 0; record < kind.length; record++) {
    const event = run.eventOfRecord[record];
    if (kind[record] === run.kinds.invoke && event !== undefined) {
      const words = operationWords(field(run.dataOf(record), "operation"));
      const operation = {
        client: node[record],
        begin: event,
        end: undefined,
        words,
        result: "",
        isTold: event.told > 0,
        isWrong: event.isWrong,
      };
      operations.push(operation);
      open.set(node[record], operation);
    }
    if (kind[record] !== run.kinds.complete) continue;
    const operation = open.get(node[record]);
    const handler = run.eventOfRecord[run.causeOf(record)];
    if (operation === undefined || handler === undefined) continue;
    open.delete(node[record]);
    operation.end = handler;
    operation.result = inline(field(run.dataOf(record), "result"), 40);
    operation.isTold ||= handler.told > 0;
    operation.isWrong ||= handler.isWrong;
  }
  return operations;
}

/** put "k" "v" @param {unknown} operation */
export function operationWords(operation) {
  const kind = field(operation, "kind");
  if (kind === undefined) return inline(operation, 40);
  const parts = ["key", "expected", "value"]
    .map((name) => field(operation, name))
    .filter((part) => part !== undefined);
  return `${typeof kind === "string" ? kind : inline(kind)} ${parts.map((part) => inline(part, 24)).join(" ")}`;
}

/**
 * Draws the operations between two heights.
 * @param {{ layout: Layout, geometry: Geometry }} scene
 * @param {readonly Operation[]} operations
 * @param {number} top
 * @param {number} bottom
 * @param {(event: RunEvent) => string} markOf
 */
export function drawOperations({ layout, geometry }, operations, top, bottom, markOf) {
  const bars = [];
  for (const { client, begin, end, words, result, isTold, isWrong } of operations) {
    const y1 = layout.y[begin.index];
    const y2 = end === undefined ? layout.height : layout.y[end.index];
    if (y2 < top || y1 > bottom) continue;
    const x = geometry.x(client);
    const mark = markOf(end ?? begin);
    const group = shape("g", {
      class: `operation${isTold ? " told" : ""}${isWrong ? " wrong" : ""}${end === undefined ? " open" : ""} ${mark.replace("chosen", "")}`,
    });
    group.append(
      shape("rect", { class: "bar", x: x - 7, y: y1, width: 14, height: Math.max(4, y2 - y1), rx: 5 }),
    );
    if (!geometry.isNarrow) {
      const fit = (/** @type {string} */ text) =>
        fitted(text, geometry.labelRoom, isTold || isWrong ? "flag" : "label");
      group.append(shape("text", { class: "operation-words", x: x + 13, y: y1 + 4 }, fit(words)));
      const answer = end === undefined ? "→ never returned" : `→ ${result}`;
      const at = end === undefined ? Math.min(y2, bottom) - 30 : y2 + 4;
      if (at > y1 + 14)
        group.append(shape("text", { class: "operation-words", x: x + 13, y: at }, fit(answer)));
    }
    bars.push(group);
  }
  return bars;
}
