import type { Json, KvOperation, KvResult, LogIndex, NodeId, Term } from "../contract";
import type { AnyMessage, Effect } from "../host/reaction";

/** Characters of a command or a value that a story shows. */
const TEXT_MAX = 30;

/** A message in a few words: "RequestVoteReply term 4, granted". What is empty or 0, as all is in lab 1, is not told. */
export function messageWords(message: AnyMessage): string {
  const head = typeof message.term === "number" ? `${message.type} term ${message.term}` : message.type;
  switch (message.type) {
    case "RequestVote":
    case "PreVote":
      return message.lastLogIndex
        ? `${head}, log up to ${placeWords(message.lastLogIndex, message.lastLogTerm)}`
        : head;
    case "RequestVoteReply":
    case "PreVoteReply":
      return `${head}, ${message.voteGranted === true ? "granted" : "refused"}`;
    case "AppendEntriesReply":
      return `${head}, ${replyWords(message)}`;
    case "AppendEntries":
      return `${head}, ${appendWords(message)}`;
    case "ClientRequest":
      return `${head} ${numberWords(message.sequence)}${operationWords(message.operation)}`;
    case "ClientReply":
      return `${head} ${numberWords(message.sequence)}${clientReplyWords(message)}`;
    default:
      return head;
  }
}

function replyWords({ success, matchIndex }: AnyMessage): string {
  if (success === true) return matchIndex ? `ok up to ${matchIndex}` : "ok";
  return matchIndex ? `refused, might match ${matchIndex}` : "refused";
}

function appendWords({ entries, prevLogIndex, prevLogTerm, leaderCommit }: AnyMessage): string {
  const what = entries?.length ? entriesWords(prevLogIndex, entries.length) : "heartbeat";
  const after = prevLogIndex ? ` after ${placeWords(prevLogIndex, prevLogTerm)}` : "";
  return `${what}${after}${leaderCommit ? `, leaderCommit ${leaderCommit}` : ""}`;
}

/** "entry 5", "entries 5–7": what comes after `prevLogIndex`. */
export function entriesWords(prevLogIndex: LogIndex | undefined, count: number): string {
  const first = (prevLogIndex ?? 0) + 1;
  return count === 1 ? `entry ${first}` : `entries ${first}–${first + count - 1}`;
}

/** "4 of term 2" */
function placeWords(index: LogIndex | undefined, term: Term | undefined): string {
  return `${index} of term ${term}`;
}

function numberWords(sequence: number | undefined): string {
  return typeof sequence === "number" ? `#${sequence}, ` : "";
}

/** "append “k” “v”": an operation of a client, also one that is not quite what it should be. */
export function operationWords(operation: KvOperation | undefined): string {
  if (typeof operation !== "object" || operation === null) return "nothing";
  const { kind, key } = operation;
  switch (kind) {
    case "get":
      return `get ${commandWords(key)}`;
    case "put":
    case "append":
      return `${kind} ${commandWords(key)} ${commandWords(operation.value)}`;
    case "cas":
      return `cas ${commandWords(key)} from ${commandWords(operation.expected)} to ${commandWords(operation.value)}`;
    default:
      return commandWords(operation);
  }
}

/** "done: “v”", or "not now, try S2": what a server answers to a client. */
export function clientReplyWords({ ok, result, leader }: AnyMessage & { readonly leader?: unknown }): string {
  if (ok === true) return `done: ${resultWords(result)}`;
  return typeof leader === "string" ? `not now, try ${leader}` : "not now";
}

/** What came of an operation. */
export function resultWords(result: KvResult | undefined): string {
  return commandWords(result);
}

/** A command, a key or a value as a story shows it, clipped if it is long: "x=1" in quotes, {"op":"add","n":1}, null. */
export function commandWords(command: Json | undefined): string {
  const text = JSON.stringify(command) ?? "nothing";
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`;
}

/** "S1", "S1 and S2", "S1, S2 and S3". */
export function listWords(names: readonly NodeId[]): string {
  if (names.length <= 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** "1 vote", "1,240 votes". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** "once", "2 times". */
export function timesWords(count: number): string {
  return count === 1 ? "once" : plural(count, "time");
}

/** "310 ms" or "310.25 ms": no more digits than needed. */
export function millisWords(millis: number): string {
  return `${Number(millis.toFixed(millis < 100 ? 1 : 0))} ms`;
}

/** What a server that stops in the middle of its work does not do any more: "before it sends RequestVoteReply to S2". */
export function beforeWords(effect: Effect, names: readonly NodeId[]): string {
  switch (effect.kind) {
    case "send":
      return `before it sends ${effect.message.type} to ${names[effect.to]}`;
    case "write":
      return `before it writes ${keyWords(Object.keys(effect.changes))} to disk`;
    case "apply":
      return `before it applies entry ${effect.entry.index}`;
    default:
      return `before its next ${effect.kind}`;
  }
}

/** Names of values on a disk that are told of one write. */
const KEYS_MAX = 4;

/** "currentTerm, votedFor", or the first of many. */
export function keyWords(keys: readonly string[]): string {
  if (keys.length <= KEYS_MAX) return keys.join(", ");
  return `${keys.slice(0, KEYS_MAX - 1).join(", ")} and ${keys.length - KEYS_MAX + 1} more`;
}
