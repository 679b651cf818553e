import type { Json, KvOperation, NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";
import type { DataReader } from "./data-reader";
import type { Happening, Move } from "./move";

const KINDS: readonly Happening["kind"][] = [
  "deliver",
  "inject",
  "timer",
  "propose",
  "invoke",
  "stop",
  "start",
];

/** Reads a move of a run file. @throws RunFileProblem if it is none, or is about a node that is not there */
export function readMove(reader: DataReader, names: readonly NodeId[]): Move {
  const at = reader.field("at").optional((field) => field.number(0));
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
    case "deliver": {
      const again = reader.field("again").optional((field) => field.yesOrNo());
      return { kind, ...readPassage(reader, names), ...(again === undefined ? {} : { again }) };
    }
    case "inject":
      return { kind, ...readPassage(reader, names) };
    case "timer":
      return { kind, node: node(), name: reader.field("name").text() };
    case "propose":
      return { kind, node: node(), command: reader.field("command").data() as Json };
    case "invoke":
      return { kind, node: node(), operation: readOperation(reader.field("operation")) };
    default:
      return { kind, node: node() };
  }
}

function readPassage(
  reader: DataReader,
  names: readonly NodeId[],
): { readonly from: NodeId; readonly to: NodeId; readonly message: AnyMessage } {
  const message = reader.field("message");
  const type = message.field("type").text();
  // What else is in a message is its own business: what comes of it is checked like any other message.
  return {
    from: reader.field("from").oneOf(names),
    to: reader.field("to").oneOf(names),
    message: { ...Object(message.data()), type },
  };
}

function readOperation(operation: DataReader): KvOperation {
  const kind = operation.field("kind").oneOf(["get", "put", "append", "cas"]);
  const key = operation.field("key").text();
  if (kind === "get") return { kind, key };
  const value = operation.field("value").text();
  if (kind !== "cas") return { kind, key, value };
  const expected = operation.field("expected");
  return { kind, key, value, expected: expected.data() === null ? null : expected.text() };
}
