import type { KvOperation, Millis, NodeId } from "../contract";
import type { DataReader } from "./data-reader";
import type { Happening, Move } from "./move";

/** All kinds but `inject`: where a test plays nodes, only the test can play the run again. */
const KINDS: readonly Exclude<Happening["kind"], "inject">[] = [
  "deliver",
  "timer",
  "propose",
  "invoke",
  "stop",
  "start",
];

/** More virtual time than any run has. */
const AT_MAX: Millis = 1e9;

/** Reads a move of a run file. @throws RunFileProblem if it is none, or is about a node that is not there */
export function readMove(reader: DataReader, names: readonly NodeId[]): Move {
  const at = reader.field("at").optional((field) => field.number(0, AT_MAX));
  const effects = reader.field("effects").optional((field) => field.whole(0));
  return {
    ...readHappening(reader, names),
    ...(at === undefined ? {} : { at }),
    ...(effects === undefined ? {} : { effects }),
  };
}

function readHappening(reader: DataReader, names: readonly NodeId[]): Happening {
  const node = (): NodeId => reader.field("node").oneOf(names);
  const kind = reader.field("kind").oneOf(KINDS);
  switch (kind) {
    case "deliver":
      return readDelivery(reader, names);
    case "timer":
      return { kind, node: node(), name: reader.field("name").text() };
    case "propose":
      return { kind, node: node(), command: reader.field("command").data() };
    case "invoke":
      return { kind, node: node(), operation: readOperation(reader.field("operation")) };
    default:
      return { kind, node: node() };
  }
}

function readDelivery(reader: DataReader, names: readonly NodeId[]): Happening {
  const message = reader.field("message");
  const type = message.field("type").text();
  const again = reader.field("again").optional((field) => field.yesOrNo());
  // What else is in a message is its own business: it only says which of those that were sent is meant.
  return {
    kind: "deliver",
    from: reader.field("from").oneOf(names),
    to: reader.field("to").oneOf(names),
    message: { ...Object(message.data()), type },
    ...(again === undefined ? {} : { again }),
  };
}

function readOperation(operation: DataReader): KvOperation {
  const kind = operation.field("kind").oneOf(["get", "put", "append", "cas"]);
  const key = operation.field("key").text();
  if (kind === "get") return { kind, key };
  const value = operation.field("value").text();
  if (kind !== "cas") return { kind, key, value };
  const expected = operation.field("expected");
  // In the order in which everybody writes it: a program that copies it into its messages sends the same bytes again.
  return { kind, key, expected: expected.data() === null ? null : expected.text(), value };
}
