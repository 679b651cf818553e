import type { AnyMessage, Invocation, Json, KvResult, Status } from "../kit";
import { listWords, messageWords } from "../kit/story/words";
import { operationWords } from "./operation-words";

/** What a server says: a message that it sends, or its status. */
type Saying = AnyMessage | Status;
type Fields = Readonly<Record<string, Json>>;

declare global {
  namespace jest {
    interface Matchers<R> {
      /**
       * Expects what S1 says (or C1, the client), in a message or as its status, to have these fields. Others do not matter, and a status
       * need not name the leader; if it does, it must be the right one.
       */
      toSay(fields: Fields): R;
      /** Lab 4. Expects an operation to be completed and, if a result is given, to have this one. */
      toHaveResult(result?: KvResult): R;
    }
  }
}

/** Jest's `toMatchObject` for what servers say: when it fails, it gives a sentence, not a diff of objects. */
export function toSay(this: jest.MatcherContext, said: Saying, fields: Fields): jest.CustomMatcherResult {
  const isLeftOut = (field: string) => field === "leader" && Reflect.get(said, field) === undefined;
  const wrong = Object.entries(fields).filter(
    ([field, value]) => !isLeftOut(field) && !this.equals(Reflect.get(said, field), value),
  );
  const expected = wrong.map(
    ([field, value]) => `${field} to be ${valueWords(value)}, not ${valueWords(Reflect.get(said, field))}`,
  );
  return {
    pass: wrong.length === 0,
    message: () => `${words(said)}; expected ${listWords(expected)}.`,
  };
}

/** Whether a client got what it asked for. */
export function toHaveResult(
  this: jest.MatcherContext,
  { client, operation, completion, result }: Invocation,
  ...[expected]: readonly KvResult[]
): jest.CustomMatcherResult {
  const isCompleted = completion !== undefined;
  const asked = `${client} asked for ${operationWords(operation)}`;
  const found = isCompleted ? `and got ${valueWords(result)}` : "and has no result";
  const not = this.isNot ? "not " : "";
  const wanted = expected === undefined ? `${not}any` : `${not}${valueWords(expected)}`;
  return {
    pass: isCompleted && (expected === undefined || result === expected),
    message: () => `${asked}, ${found}; expected ${wanted}.`,
  };
}

function words(said: Saying): string {
  if (!("role" in said)) return sayingWords(said);
  const follows = said.leader === undefined ? "" : `, whose leader is ${said.leader}`;
  return `S1 is ${said.role} of term ${said.currentTerm}${follows}`;
}

function sayingWords(message: AnyMessage): string {
  const { type, sequence } = message;
  if (type === "ClientRequest")
    return `${message.clientId} asks for ${message.operation && operationWords(message.operation)} in request ${sequence}`;
  if (type !== "ClientReply") return `S1 says ${messageWords(message)}`;
  return message.ok === true
    ? `S1 answers request ${sequence} with ok: true, result ${valueWords(message.result)}`
    : `S1 answers request ${sequence} with ok: false`;
}

function valueWords(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}
