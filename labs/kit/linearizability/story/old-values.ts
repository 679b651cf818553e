import { millisWords } from "../../story/words";
import type { KvItem } from "../kv";
import { type Evidence, mayWrite, precedes, seenBy } from "./evidence";
import type { Recogniser } from "./headline";
import { hadCompletedWords, observationWords, operationWords, spanWords, valueWords } from "./words";

/**
 * A value seen after something later had completed: all that can have begun the way to it had completed before another
 * write was invoked, which had completed before the offender was; and the value shows nothing of that write.
 */
export const staleValue: Recogniser = (evidence) => {
  const { offender } = evidence;
  const seen = seenBy(offender);
  if (seen === undefined) return undefined;
  const beginnings = evidence.beginningsOf(seen.value);
  if (beginnings === undefined) return undefined;
  const makers = evidence.makersOf(seen.value) ?? [];
  const missed = evidence
    .before(offender)
    .filter((write) => mayWrite(write) && !makers.includes(write) && !beginnings.includes(write))
    .find((write) => beginnings.every((beginning) => precedes(beginning, write)));
  if (missed === undefined) return undefined;
  const items = [...beginnings, missed, offender];
  if (missed.operation.kind === "append" && offender.operation.kind === "get")
    return {
      sentence: `${observationWords(offender)}, but ${hadCompletedWords(missed)}, and it is not in there: the read is stale, or the append is lost.`,
      next: `Who answered ${missed.client}: had its append been committed? And who answered ${offender.client}: was it still the leader at that moment?`,
      items,
    };
  const verdict = offender.operation.kind === "get" ? "the read is stale" : "it compared with an old value";
  return {
    sentence: `${observationWords(offender)}, but ${hadCompletedWords(missed)}: ${verdict}.`,
    next: `Which server answered ${offender.client}, and how could it know at that moment that it was still the leader?`,
    items,
  };
};

/** Two cas took the same value away. */
export const casTwice: Recogniser = (evidence) => {
  const { offender } = evidence;
  const { operation } = offender;
  if (operation.kind !== "cas" || offender.completed?.result !== true || !mayWrite(offender))
    return undefined;
  if (!evidence.isTelling) return undefined;
  const twin = evidence.items.find(
    (item) =>
      item !== offender &&
      item.operation.kind === "cas" &&
      item.completed?.result === true &&
      item.operation.expected === operation.expected &&
      mayWrite(item),
  );
  if (twin === undefined) return undefined;
  const why =
    operation.expected === null
      ? "a key is missing only until it is first written"
      : `${operation.key} was ${valueWords(operation.expected)} only once`;
  return {
    sentence: `${operationWords(twin)} (${spanWords(twin)}) and ${operationWords(offender)} (${spanWords(offender)}) both succeeded, but ${why}.`,
    next: "Is a cas compared when it is applied, with the value that all entries before it have left, or earlier?",
    items: [twin, offender],
  };
};

/** What somebody had seen is gone, and an older value is back. */
export const readsGoBack: Recogniser = (evidence) => {
  const { offender } = evidence;
  const seen = seenBy(offender);
  const way = seen && evidence.makersOf(seen.value);
  if (seen === undefined || way === undefined) return undefined;
  for (const earlier of evidence.before(offender)) {
    const other = seenBy(earlier);
    const otherWay = other && evidence.makersOf(other.value);
    if (other === undefined || otherWay === undefined) continue;
    const goesOn = isWithin(way, otherWay);
    const sign = goesOn ? undefined : signBefore(evidence, way, otherWay, earlier);
    if (!goesOn && sign === undefined) continue;
    const had = `${earlier.client} had ${earlier.operation.kind === "get" ? "read" : "replaced"}`;
    const by = `by ${millisWords(earlier.completed?.at ?? 0)}`;
    const { key } = offender.operation;
    const why = goesOn
      ? `${had} the newer ${valueWords(other.value)} ${by}: what was seen once must not be unseen.`
      : `${had} ${valueWords(other.value)} ${by}, and before that ${key} had been ${valueWords(seen.value)}, which was written only once: it does not come back.`;
    return {
      sentence: `${observationWords(offender)}, but ${why}`,
      next: `Which server answered ${earlier.client} at ${spanWords(earlier)}, and which ${offender.client} at ${spanWords(offender)}? Was the first answer committed, and did the second server know that it still led?`,
      items: [...way.slice(0, 1), ...otherWay.slice(-1), ...(sign ? [sign] : []), earlier, offender],
    };
  }
  return undefined;
};

/** True if the second way goes on where the first ends. */
function isWithin(way: readonly KvItem[], longer: readonly KvItem[]): boolean {
  return way.length < longer.length && way.every((maker, i) => maker === longer[i]);
}

/** Something that shows that the one way had begun before the other one was left again; undefined if nothing does. */
function signBefore(
  evidence: Evidence,
  way: readonly KvItem[],
  otherWay: readonly KvItem[],
  seenOther: KvItem,
): KvItem | undefined {
  const [first, otherFirst] = [way[0], otherWay[0]];
  if (first === undefined || otherFirst === undefined || first === otherFirst) return undefined;
  const isSeparate = [first, otherFirst].some(({ operation }) => operation.kind !== "append");
  if (!isSeparate) return undefined;
  return evidence.items.find((item) => {
    const seen = seenBy(item);
    const isSign = item === first || (seen !== undefined && evidence.makersOf(seen.value)?.[0] === first);
    return isSign && (precedes(item, otherFirst) || precedes(item, seenOther));
  });
}
