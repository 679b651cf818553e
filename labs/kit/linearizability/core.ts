import type { Meter } from "./bounds";
import { decide } from "./decide";
import type { HistoryItem } from "./history";
import { type Interval, type Model, NEVER, type Primitive } from "./model";
import { intervalOf } from "./part";

/** Decisions that finding a core may cost. */
const DECISIONS_MAX = 600;

/** Before every other position: an operation that is set free may have happened at any time. */
const EVER = -1;

/** The operations that cannot be explained together. */
export interface Core<Operation, Result> {
  /** In the order in which they were invoked. */
  readonly items: readonly HistoryItem<Operation, Result>[];
  /** True if every one of them is needed: with any one of them set free, the others could be explained. */
  readonly isMinimal: boolean;
}

interface Member<Operation, Result, Action> {
  readonly item: HistoryItem<Operation, Result>;
  readonly real: Interval<Action>;
  /** What stands for it once it is free: nothing, for one that only reads. */
  readonly free: Interval<Action> | undefined;
}

/**
 * Finds few operations that contradict each other whatever the others did. An operation that is left out of the story
 * is set free: one that only reads is taken away, one that can write may have happened at any time, or never, with any
 * answer. A free operation allows all that the real one allows and more; so if the rest is illegal with it, then the
 * real history is illegal for the sake of the rest. Merely to take writes away would be a lie: it makes good reads
 * illegal.
 *
 * Reads are set free first, because a story of writes is easier to follow; and the earliest first, so that what is
 * held stands near the offender.
 * One pass is enough: what is needed while much is held is needed all the more when less is.
 *
 * @param items one part of an illegal history, up to the end of its shortest illegal prefix
 * @param offender the one whose return ends the prefix: without it, nothing is illegal
 */
export function findCore<Operation, Result, State extends Primitive, Action>(
  items: readonly HistoryItem<Operation, Result>[],
  offender: HistoryItem<Operation, Result>,
  model: Model<Operation, Result, State, Action>,
  meter: Meter,
): Core<Operation, Result> {
  const members = membersOf(items, model);
  const free = new Set<Member<Operation, Result, Action>>();
  let decisions = 0;
  let isMinimal = true;

  const isIllegalWithout = (some: ReadonlySet<Member<Operation, Result, Action>>): boolean => {
    decisions += 1;
    if (decisions > DECISIONS_MAX) return false;
    const intervals = members.flatMap((member) => {
      const interval = free.has(member) || some.has(member) ? member.free : member.real;
      return interval === undefined ? [] : [interval];
    });
    const { kind } = decide(intervals, model.machine, meter);
    if (kind === "unknown") isMinimal = false;
    return kind === "illegal";
  };

  /** Sets free what can be, by halves: most operations do not matter. */
  const setFree = (some: readonly Member<Operation, Result, Action>[]): void => {
    if (some.length === 0) return;
    if (isIllegalWithout(new Set(some))) for (const member of some) free.add(member);
    else if (some.length > 1) {
      const half = some.length >> 1;
      setFree(some.slice(0, half));
      setFree(some.slice(half));
    }
  };

  const others = members.filter(({ item }) => item !== offender);
  setFree(others.filter((member) => member.free === undefined));
  setFree(others.filter((member) => member.free !== undefined));
  const held = members.filter((member) => !free.has(member));
  return { items: held.map(({ item }) => item), isMinimal: isMinimal && decisions <= DECISIONS_MAX };
}

function membersOf<Operation, Result, State extends Primitive, Action>(
  items: readonly HistoryItem<Operation, Result>[],
  model: Model<Operation, Result, State, Action>,
): Member<Operation, Result, Action>[] {
  return items.flatMap((item) => {
    const real = intervalOf(item, NEVER, model);
    if (real === undefined) return [];
    const action = model.openMeaning(item.operation);
    return [{ item, real, free: action && { action, invoked: EVER, returned: NEVER } }];
  });
}
