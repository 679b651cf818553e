import { type Evidence, seenBy } from "./evidence";
import type { Headline, Recogniser } from "./headline";
import { observationWords, operationWords, valueWords } from "./words";

/** An answer that no operation of its kind can have. */
export const wrongKindOfAnswer: Recogniser = ({ offender }: Evidence): Headline | undefined => {
  const { operation, completed } = offender;
  const result = completed?.result ?? null;
  const isRight =
    operation.kind === "cas"
      ? typeof result === "boolean"
      : operation.kind === "get"
        ? typeof result !== "boolean"
        : result === null;
  if (isRight) return undefined;
  const expected =
    operation.kind === "cas"
      ? "true or false"
      : operation.kind === "get"
        ? "a text, or null for a missing key"
        : "null";
  return {
    sentence: `${operationWords(offender)} was answered with ${JSON.stringify(result)}; expected ${expected}.`,
    next: `What does the state machine return for a ${operation.kind}?`,
    items: [offender],
  };
};

/** An append shows more than once in a value. */
export const doubledAppend: Recogniser = (evidence) => {
  const { offender } = evidence;
  const seen = seenBy(offender);
  const makers = evidence.makersOf(seen?.value ?? null) ?? [];
  const doubled = makers.find((maker, i) => makers.indexOf(maker) !== i);
  if (doubled === undefined || !("value" in doubled.operation)) return undefined;
  const times = makers.filter((maker) => maker === doubled).length;
  const often = times === 2 ? "twice" : `${times} times`;
  return {
    sentence: `${observationWords(offender)}: ${operationWords(doubled)} is in it ${often}, but was invoked once.`,
    next: `Was the request sent again after a lost answer? How does the state machine know that it has applied ${doubled.client}'s request with this sequence number before?`,
    items: [doubled, offender],
  };
};

/** A value that only a cas can have written which said that it wrote nothing. */
export const failedCasWrote: Recogniser = (evidence) => {
  const { offender } = evidence;
  const value = seenBy(offender)?.value ?? null;
  if (value === null || !evidence.isUnheardOf(value)) return undefined;
  const failed = evidence.items.filter(
    (item) => item !== offender && evidence.writesBeginningOf(value, item),
  );
  if (failed[0] === undefined) return undefined;
  return {
    sentence: `${observationWords(offender)}, but only ${operationWords(failed[0])} writes that, and it had failed.`,
    next: `Was the cas applied twice, and the second time, finding its own value, answered the client?`,
    items: [...failed, offender],
  };
};

/** A value that comes from nowhere. */
export const neverWritten: Recogniser = (evidence) => {
  const { offender } = evidence;
  const value = seenBy(offender)?.value ?? null;
  if (value === null || !evidence.isUnheardOf(value)) return undefined;
  const other = evidence.hasAppends ? ", nor anything that it could begin with" : "";
  return {
    sentence: `${observationWords(offender)}, but no operation that was invoked by then writes ${valueWords(value)} to ${offender.operation.key}${other}.`,
    next: "Where does this value come from: another key, another client's answer, or a request of another run?",
    items: [offender],
  };
};
