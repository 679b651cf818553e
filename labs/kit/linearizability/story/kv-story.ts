import { millisWords } from "../../story/words";
import type { KvIllegal, KvItem } from "../kv";
import { Evidence } from "./evidence";
import type { Headline, Recogniser } from "./headline";
import { casTwice, readsGoBack, staleValue } from "./old-values";
import { casFailed, forkedValue } from "./other-mistakes";
import type { Mark } from "./timeline-axis";
import { timelineFigure } from "./timeline-figure";
import { observationWords, operationWords } from "./words";
import { doubledAppend, failedCasWrote, neverWritten, wrongKindOfAnswer } from "./wrong-values";

/** Why a history is not linearizable, told for a student. */
export interface KvStory {
  readonly property: "Linearizability";
  readonly section: string;
  /** What is wrong, in one sentence. */
  readonly headline: string;
  /** The operations that matter, in the order in which they were invoked. */
  readonly items: readonly KvItem[];
  /** The one whose answer cannot be explained. */
  readonly offender: KvItem;
  /** What exactly was found, and for which operations. */
  readonly claim: string;
  readonly rule: string;
  /** The next thing to look at, as a question. */
  readonly next: string;
}

/** The most telling first. */
const RECOGNISERS: readonly Recogniser[] = [
  wrongKindOfAnswer,
  doubledAppend,
  failedCasWrote,
  neverWritten,
  casTwice,
  staleValue,
  readsGoBack,
  forkedValue,
  casFailed,
];

/** Operations that a story may show. */
const ITEMS_MAX = 12;

/** Tells why a history is illegal. */
export function kvStory(illegal: KvIllegal): KvStory {
  const { core, offender, items } = illegal;
  const headline = headlineOf(illegal);
  const matter = new Set(core.length <= ITEMS_MAX ? core : [...core.slice(1 - ITEMS_MAX), offender]);
  for (const item of headline.items) matter.add(item);
  return {
    property: "Linearizability",
    section: "Raft §8",
    headline: headline.sentence,
    items: items.filter((item) => matter.has(item)),
    offender,
    claim: claimOf(illegal),
    rule: "§8: each operation appears to execute instantaneously, exactly once, at some point between its invocation and its response.",
    next: headline.next,
  };
}

/** A story as plain text, a line each, with its figure. */
export function kvStoryText(story: KvStory, marks: readonly Mark[] = []): string[] {
  return [
    `${story.property} (${story.section}): ${story.headline}`,
    "",
    ...timelineFigure(story.items, { offender: story.offender, marks }),
    "",
    `Found   ${story.claim}`,
    `Rule    ${story.rule}`,
    `Next    ${story.next}`,
  ];
}

/** The first recogniser that knows the mistake, or a sentence that is true of all. */
export function headlineOf(illegal: KvIllegal): Headline {
  const evidence = new Evidence(illegal);
  for (const recognise of RECOGNISERS) {
    const headline = recognise(evidence);
    if (headline !== undefined) return headline;
  }
  const { offender } = illegal;
  return {
    sentence: `${observationWords(offender)}, and with that no order of the operations on ${offender.operation.key} explains all their answers.`,
    next: `Try to put the operations of the figure in an order in which each answer is right. Where does ${operationWords(offender)} stand in the way?`,
    items: [offender],
  };
}

/** Says no more than was proved: see {@link KvIllegal} for what core, prefix and minimal mean. */
function claimOf({ core, items, offender, part, prefix, isMinimal }: KvIllegal): string {
  const these = core.length === 1 ? "this operation" : `these ${core.length} operations`;
  const others = items.length - core.length;
  const rest = others === 1 ? "the other operation" : `the other ${others} operations`;
  const whatever = others === 0 ? "" : `, whatever ${rest} on “${part}” did, and whenever`;
  const each =
    core.length === 2
      ? " Each of them alone can be explained."
      : " Leave out one of them, and the others can be explained.";
  const at = millisWords(offender.completed?.at ?? 0);
  const before = ` Until ${offender.client} got its answer at ${at}, everything could be explained.`;
  return `No order explains ${these}${whatever}.${isMinimal && core.length > 1 ? each : ""}${prefix.isShortest ? before : ""}`;
}
