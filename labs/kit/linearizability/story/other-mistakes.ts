import { mayWrite, precedes, seenBy } from "./evidence";
import type { Recogniser } from "./headline";
import { hadCompletedWords, observationWords, operationWords, valueWords } from "./words";

/** Two values of which neither can have grown into the other. */
export const forkedValue: Recogniser = (evidence) => {
  const { offender } = evidence;
  const seen = seenBy(offender);
  const makers = seen && evidence.makersOf(seen.value);
  if (seen === undefined || makers === undefined || makers.length === 0) return undefined;
  for (const other of evidence.items) {
    const otherSeen = other === offender ? undefined : seenBy(other);
    const otherMakers = otherSeen && evidence.makersOf(otherSeen.value);
    if (otherSeen === undefined || otherMakers === undefined) continue;
    const fork = makers.findIndex((maker, i) => maker !== otherMakers[i]);
    const [here, there] = [makers[fork], otherMakers[fork]];
    if (fork === -1 || here === undefined || there === undefined) continue;
    if (here.operation.kind !== "append" || there.operation.kind !== "append") continue;
    return {
      sentence: `${observationWords(offender)}, but ${observationWords(other)}: ${operationWords(here)} and ${operationWords(there)} cannot both be the first after what the two values share.`,
      next: "Do two servers apply different entries at the same index of their logs?",
      items: [here, there, other, offender],
    };
  }
  return undefined;
};

/** A cas that failed though its value was there all the time. */
export const casFailed: Recogniser = (evidence) => {
  const { offender, items } = evidence;
  const { operation } = offender;
  if (operation.kind !== "cas" || offender.completed?.result !== false) return undefined;
  const writes = items.filter((item) => item !== offender && mayWrite(item));
  const next = `Was ${offender.client}'s request applied twice, so that the second time it found its own value? Or with what was it compared, and when?`;
  if (operation.expected === null)
    return writes.length > 0
      ? undefined
      : {
          sentence: `${observationWords(offender)}, but nothing had been written to ${operation.key}: a missing key is what it expected.`,
          next,
          items: [offender],
        };
  const last = writes.find(
    (write) =>
      (write.operation.kind === "put" || write.operation.kind === "cas") &&
      write.operation.value === operation.expected &&
      precedes(write, offender) &&
      writes.every((other) => other === write || precedes(other, write)),
  );
  if (last === undefined) return undefined;
  return {
    sentence: `${observationWords(offender)}, but ${hadCompletedWords(last)}, and nobody had written to ${operation.key} since: ${valueWords(operation.expected)} was there.`,
    next,
    items: [last, offender],
  };
};
