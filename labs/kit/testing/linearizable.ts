import {
  checkKv,
  type KvHistory,
  type KvItem,
  type KvStory,
  kvStory,
  timelineFigure,
} from "../linearizability";
import type { Invocation } from "../trace/requests";
import { NONE } from "../trace/trace";
import type { World } from "../world/world";
import { marksOf } from "./marks";

/**
 * Fails unless everything that clients saw so far can be explained by one order of their operations (Herlihy and Wing
 * 1990; Raft §8).
 * @throws HistoryTooHard if the checker's bounds did not suffice: a history that is too hard to judge is the test's
 *   fault, and never passes
 */
export function mustBeLinearizable(world: World): void {
  const verdict = checkKv(historyOf(world));
  if (verdict.kind === "ok") return;
  if (verdict.kind === "unknown")
    throw new HistoryTooHard(`The history of seed ${world.seed} is too hard to check: ${verdict.why}.`);
  tell(world, kvStory(verdict));
}

/** Thrown where nobody can say whether what clients saw is right. */
export class HistoryTooHard extends Error {
  override readonly name = "HistoryTooHard";
}

/** What the clients of a world saw. */
export function historyOf({ invocations }: Pick<World, "invocations">): KvHistory {
  return invocations.map(itemOf);
}

function itemOf(invocation: Invocation): KvItem {
  const { client, operation, record, invokedAt, completion, completedAt, result } = invocation;
  const isOpen = completion === undefined || completedAt === undefined || result === undefined;
  return {
    client,
    operation,
    invoked: { at: invokedAt, position: record },
    completed: isOpen ? undefined : { at: completedAt, position: completion, result },
  };
}

function tell(
  world: World,
  { property, section, headline, items, offender, claim, rule, next }: KvStory,
): never {
  world.violate({
    property,
    section,
    sentence: headline,
    evidence: items.map(({ completed, invoked }) => completed?.position ?? invoked.position),
    wrong: offender.completed?.position ?? NONE,
    figure: [...timelineFigure(items, { offender, marks: marksOf(world) }), "", claim],
    rule,
    next,
  });
}
