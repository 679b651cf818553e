import type { NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";

/** A message in a few words: "RequestVoteReply term 4, granted". */
export function messageWords(message: AnyMessage): string {
  const head = typeof message.term === "number" ? `${message.type} term ${message.term}` : message.type;
  switch (message.type) {
    case "RequestVoteReply":
    case "PreVoteReply":
      return `${head}, ${message.voteGranted === true ? "granted" : "refused"}`;
    case "AppendEntriesReply":
      return `${head}, ${message.success === true ? "ok" : "refused"}`;
    case "AppendEntries": {
      const entries = message.entries?.length ?? 0;
      return entries === 0
        ? `${head}, heartbeat`
        : `${head}, ${plural(entries, "entry", "entries")} after ${message.prevLogIndex}`;
    }
    default:
      return head;
  }
}

/** "S1", "S1 and S2", "S1, S2 and S3". */
export function listWords(names: readonly NodeId[]): string {
  if (names.length <= 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** "1 vote", "2 votes". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "310 ms" or "310.25 ms": no more digits than needed. */
export function millisWords(millis: number): string {
  return `${Number(millis.toFixed(millis < 100 ? 1 : 0))} ms`;
}
