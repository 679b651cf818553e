import type { AnyMessage, Json, Status } from "../kit";
import { listWords, messageWords } from "../kit/story/words";

/** What a server says: a message that it sends, or its status. */
type Saying = AnyMessage | Status;
type Fields = Readonly<Record<string, Json>>;

declare global {
  namespace jest {
    interface Matchers<R> {
      /**
       * Expects what S1 says, in a message or as its status, to have these fields. Others do not matter, and a status
       * need not name the leader; if it does, it must be the right one.
       */
      toSay(fields: Fields): R;
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
    message: () => `S1 ${words(said)}; expected ${listWords(expected)}.`,
  };
}

function words(said: Saying): string {
  if (!("role" in said)) return `says ${messageWords(said)}`;
  const follows = said.leader === undefined ? "" : `, whose leader is ${said.leader}`;
  return `is ${said.role} of term ${said.currentTerm}${follows}`;
}

function valueWords(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}
