import type { Interval } from "../model";
import type { RegisterAction } from "../register";
import { Chains } from "./chains";

/** Actions in the order in which they must have happened, with nothing that writes in between. */
interface Block {
  readonly actions: readonly number[];
  /** The first return and the last invocation of any of them. */
  readonly firstReturn: number;
  readonly lastInvocation: number;
}

/**
 * Decides, in O(n log n), histories of one key in which no two actions write the same: after Gibbons and Korach,
 * "Testing shared memories" (SIAM J. Comput. 26, 1997), who have reads and writes; here extended to appends and swaps.
 *
 * Why it is right.
 * 1. Whoever saw a value was, in any order that explains the history, between the action that made it and the next
 *    one that writes; and that maker is known, for values are unique. So is the maker's predecessor if the maker is an
 *    append or a swap whose value was seen (see {@link Chains}). A chain, each action followed by those that saw
 *    its value, is a block: its order is forced, but for readers of the same value, whom we take as they were invoked;
 *    and no other action that writes may stand inside. An append whose value nobody saw is like a write: a block.
 *    Actions that never returned and left nothing to see are left out, which loses nothing.
 * 2. So the history is linearizable if and only if some order of the blocks lets no action return before one that
 *    precedes it in the order is invoked. Inside a block that is a matter of looking. Of two blocks, A can precede B
 *    if and only if no action of B returns before one of A is invoked: A.lastInvocation < B.firstReturn.
 * 3. If A can precede B and B cannot precede A, then A.lastInvocation < B.firstReturn and
 *    A.firstReturn < B.lastInvocation; the sum says that A comes first by firstReturn + lastInvocation. If neither
 *    can precede the other, there is no order at all. If both can, their order does not matter. So the order by that
 *    sum is right if any is: sort, and look once.
 * 4. To see a value differ ("not a") only asks for some point of its interval at which the value is not there. Without
 *    such actions the order stands, and each action has a point in time: the last invocation up to it in the order.
 *    If each of the others finds a point in this order, all is well. If not, another order might serve: undecided.
 *
 * @returns whether the history is linearizable; undefined if this test cannot tell
 */
export function zoneTest(intervals: readonly Interval<RegisterAction>[]): boolean | undefined {
  if (intervals.some(({ action }) => action.kind === "nonsense")) return false;
  const chains = Chains.of(intervals);
  if (chains === undefined) return undefined;
  const linked = chains.link();
  if (linked === undefined) return false;
  const blocks = linked.map((chain) => blockOf(chain, chains, intervals));
  blocks.sort((a, b) => a.firstReturn + a.lastInvocation - (b.firstReturn + b.lastInvocation));
  const order = blocks.flatMap(({ actions }) => actions);
  const earliest = intervals.map(({ invoked }) => invoked);
  if (pointsOf(order, intervals, earliest) === undefined) return false;
  return findPlaces(order, intervals, chains, earliest) ? true : undefined;
}

function blockOf(
  chain: readonly number[],
  chains: Chains,
  intervals: readonly Interval<RegisterAction>[],
): Block {
  const actions: number[] = [];
  for (const writer of chain) {
    actions.push(writer);
    const readers = chains.readersOf[writer];
    readers.sort((a, b) => intervals[a].invoked - intervals[b].invoked);
    for (const reader of readers) actions.push(reader);
  }
  let [firstReturn, lastInvocation] = [Number.POSITIVE_INFINITY, -1];
  for (const action of actions) {
    const { invoked, returned } = intervals[action] ?? ORIGIN;
    firstReturn = Math.min(firstReturn, returned);
    lastInvocation = Math.max(lastInvocation, invoked);
  }
  return { actions, firstReturn, lastInvocation };
}

/** The beginning, as an action: before all others. */
const ORIGIN = { action: { kind: "origin" }, invoked: -1, returned: -1 } as const;

/**
 * A point for each action of the order, none before an earlier one's, each as early as can be.
 * @param earliest for each action, a point before which it must not be
 * @returns undefined if an action would have returned before its point
 */
function pointsOf(
  order: readonly number[],
  intervals: readonly Interval<RegisterAction>[],
  earliest: readonly number[],
): number[] | undefined {
  const points: number[] = [];
  let point = -1;
  for (const action of order) {
    const { returned } = intervals[action] ?? ORIGIN;
    point = Math.max(point, earliest[action] ?? -1);
    if (returned < point) return undefined;
    points.push(point);
  }
  return points;
}

/** Rounds of moving points. It takes one or two, or it does not work at all. */
const ROUNDS_MAX = 50;

/**
 * Looks for points at which every action that saw a value differ has its place. If the value was there all the time,
 * even with all points as early as can be, then its successor can come no earlier: so its maker must come later.
 */
function findPlaces(
  order: readonly number[],
  intervals: readonly Interval<RegisterAction>[],
  chains: Chains,
  earliest: number[],
): boolean {
  const differs = intervals.flatMap(({ action, invoked, returned }) => {
    const maker = action.kind === "differ" ? chains.lastWriterOf(action.value) : undefined;
    return maker === undefined ? [] : [{ maker, invoked, returned }];
  });
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const points = pointsOf(order, intervals, earliest);
    if (points === undefined) return false;
    const held = heldTimes(order, points, intervals);
    const stuck = differs.filter(({ maker, invoked, returned }) => {
      const time = held.get(maker);
      return time !== undefined && time.from < invoked && returned <= time.until;
    });
    if (stuck.length === 0) return true;
    for (const { maker, invoked } of stuck) {
      if (maker === chains.origin) return false;
      earliest[maker] = Math.max(earliest[maker], invoked);
    }
  }
  return false;
}

/** For each action that writes, from when to when its value is there. */
type HeldTimes = ReadonlyMap<number, { readonly from: number; readonly until: number }>;

function heldTimes(
  order: readonly number[],
  points: readonly number[],
  intervals: readonly Interval<RegisterAction>[],
): HeldTimes {
  const times = new Map<number, { readonly from: number; until: number }>();
  let last: { readonly from: number; until: number } | undefined;
  order.forEach((action, i) => {
    if (intervals[action]?.action.kind === "read") return;
    if (last !== undefined) last.until = points[i];
    last = { from: points[i], until: Number.POSITIVE_INFINITY };
    times.set(action, last);
  });
  return times;
}
