import type { KvOperation, KvResult } from "../..";
import type { KvHistory, KvItem, Mark } from "../../linearizability";

/**
 * Reads histories written for people, an operation a line:
 *
 *   C1   0-10   put k a
 *   C2  20-30   get k → a        "-" stands for a missing key
 *   C1  12-     append k b       never returned
 *   C3  15-25   cas k a b → yes
 *   mark S1 12 leads term 1    see {@link parseMarks}
 *
 * Events come in the order of their times; at the same time, in the order of their lines, an invocation first.
 */
export function parseHistory(text: string): KvHistory {
  const lines = text.split("\n").map((line) => line.trim());
  const parsed = lines
    .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("mark "))
    .map(parseLine);
  const events = parsed.flatMap((line) => [
    { line, at: line.from, isReturn: false },
    ...(line.to === undefined ? [] : [{ line, at: line.to, isReturn: true }]),
  ]);
  events.sort((a, b) => a.at - b.at);
  const momentOf = (line: Line, isReturn: boolean) => {
    const position = events.findIndex((event) => event.line === line && event.isReturn === isReturn);
    return { position, at: events[position].at };
  };
  return parsed.map((line): KvItem => {
    const { client, operation, result, to } = line;
    const completed = to === undefined ? undefined : { ...momentOf(line, true), result };
    return { client, operation, invoked: momentOf(line, false), completed };
  });
}

/** The marks among the lines: lane, time, text. */
export function parseMarks(text: string): Mark[] {
  const marks = text.split("\n").filter((line) => line.startsWith("mark "));
  return marks.map((line) => {
    const [, lane = "", at, ...words] = line.split(" ");
    return { lane, at: Number(at), text: words.join(" ") };
  });
}

interface Line {
  readonly client: string;
  readonly from: number;
  readonly to: number | undefined;
  readonly operation: KvOperation;
  readonly result: KvResult;
}

const LINE = /^(?<client>\S+)\s+(?<from>[\d.]+)-(?<to>[\d.]*)\s+(?<asked>[^→]+?)(?:\s*→\s*(?<answer>\S+))?$/;

function parseLine(text: string): Line {
  const { client = "", from = "", to = "", asked = "", answer } = LINE.exec(text)?.groups ?? {};
  if (client === "") throw new Error(`Not an operation: "${text}".`);
  return {
    client,
    from: Number(from),
    to: to === "" ? undefined : Number(to),
    operation: parseOperation(asked.split(/\s+/)),
    result:
      answer === undefined || answer === "-"
        ? null
        : answer === "yes"
          ? true
          : answer === "no"
            ? false
            : answer,
  };
}

function parseOperation([kind, key = "", first = "", second = ""]: readonly string[]): KvOperation {
  switch (kind) {
    case "get":
      return { kind, key };
    case "put":
    case "append":
      return { kind, key, value: first };
    case "cas":
      return { kind, key, expected: first === "-" ? null : first, value: second };
    default:
      throw new Error(`Not a kind of operation: "${kind}".`);
  }
}
