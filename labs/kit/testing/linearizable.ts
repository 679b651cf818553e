import { checkKv, type KvHistory } from "../linearizability";
import type { World } from "../world/world";

/**
 * Fails unless everything that clients saw so far can be explained by one order of their operations (Herlihy and Wing
 * 1990; Raft §8). A history that is too hard to judge is a fault of the test, and never passes.
 * @throws Error if the checker's bounds did not suffice
 */
export function mustBeLinearizable(world: World): void {
  const verdict = checkKv(historyOf(world));
  if (verdict.kind === "unknown")
    throw new Error(`The history of seed ${world.seed} is too hard to check: ${verdict.why}.`);
  if (verdict.kind === "ok") return;
  world.fail({ sentence: `Linearizability (Raft §8): key ${verdict.part}` });
}

/** What the clients of a world saw. */
export function historyOf({ invocations }: Pick<World, "invocations">): KvHistory {
  return invocations.map(({ client, operation, record, invokedAt, completion, completedAt, result }) => ({
    client,
    operation,
    invoked: { at: invokedAt, position: record },
    completed:
      completion === undefined || completedAt === undefined || result === undefined
        ? undefined
        : { at: completedAt, position: completion, result },
  }));
}
