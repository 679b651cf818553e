import { field } from "./run.mjs";

/** @typedef {import("./run.mjs").RunEvent} RunEvent */

/** A time in words, as the story writes it. @param {number} micros */
export function millis(micros) {
  return `${millisNumber(micros)} ms`;
}

/** @param {number} micros */
export function millisNumber(micros) {
  const ms = micros / 1000;
  return String(Number(ms.toFixed(ms < 100 ? 1 : 0)));
}

/** How long a time was: "3.2 ms", "1.4 s". @param {number} micros */
export function duration(micros) {
  if (micros >= 100_000 && micros < 1_000_000) return `${Math.round(micros / 1000)} ms`;
  return micros < 1_000_000 ? millis(micros) : `${Number((micros / 1_000_000).toFixed(2))} s`;
}

/**
 * A message in one or two words, for a label: its full words are in the panel.
 * @param {unknown} message
 */
export function shortMessage(message) {
  const type = text(field(message, "type"));
  const term = field(message, "term");
  const inTerm = typeof term === "number" ? ` T${term}` : "";
  switch (type) {
    case "RequestVoteReply":
    case "PreVoteReply":
      return `${type.replace("Request", "").replace("Reply", "")} ${field(message, "voteGranted") === true ? "granted" : "refused"}${inTerm}`;
    case "AppendEntries": {
      const entries = field(message, "entries");
      const count = Array.isArray(entries) ? entries.length : 0;
      return count === 0 ? `heartbeat${inTerm}` : `${count} ${count === 1 ? "entry" : "entries"}${inTerm}`;
    }
    case "AppendEntriesReply":
      return `${field(message, "success") === true ? "ok" : "refused"}${inTerm}`;
    default:
      return `${type}${inTerm}`;
  }
}

/** What sort of message it is, for its look. @param {unknown} message @returns {"vote" | "append" | "client" | "other"} */
export function family(message) {
  const type = text(field(message, "type"));
  if (/Vote/.test(type)) return "vote";
  if (/^(AppendEntries|InstallSnapshot)/.test(type)) return "append";
  return /^Client/.test(type) ? "client" : "other";
}

/** True for an answer. @param {unknown} message */
export function isReply(message) {
  return /(Reply|Response|Ack)$/.test(text(field(message, "type")));
}

/** A value on one line, as JSON has it, and not too long. @param {unknown} value @param {number} [charsMax] */
export function inline(value, charsMax = 60) {
  const whole = plain(value);
  return whole.length <= charsMax ? whole : `${whole.slice(0, charsMax - 1)}…`;
}

/** @param {unknown} value @returns {string} */
function plain(value) {
  if (value === undefined) return "–";
  if (value instanceof Map)
    return `{${[...value].map(([name, part]) => `${name}: ${plain(part)}`).join(", ")}}`;
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `… ${field2(value)} more`;
  return JSON.stringify(value);
}

/** @param {object} value */
function field2(value) {
  return "count" in value ? Number(value.count) : 0;
}

/** @param {unknown} value */
export function text(value) {
  return typeof value === "string" ? value : value === undefined ? "" : String(value);
}

/**
 * What a server did, without its name: the lane says who it is.
 * @param {RunEvent} event
 * @param {readonly string[]} names
 */
export function deed({ outcome, node }, names) {
  const name = `${names[node] ?? ""} `;
  return outcome.startsWith(name) ? outcome.slice(name.length) : outcome;
}

/**
 * An event in one sentence, for those who hear the page, and for the list.
 * @param {RunEvent} event
 */
export function sentence({ at, words, outcome, isWrong, told }) {
  const what = words.replace(/ {2,}/g, " ").replace(/^[—·] /, "");
  const mark = isWrong ? " First wrong step." : told > 0 ? ` Line ${told} of the story.` : "";
  return `${millis(at)}: ${what}.${outcome === "" ? "" : ` ${outcome}.`}${mark}`;
}
