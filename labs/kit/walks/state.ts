import { keyOf } from "../random/keyed";
import type { ScheduledWorld } from "../schedule";

/** Differences of terms, and messages of one kind, are counted up to this. */
const MOST = 3;

/**
 * A fingerprint of what a cluster looks like from far away, whatever its servers are called: roles, who is ahead of
 * whom, and what sorts of messages are on their way.
 */
export function stateOf(scheduled: ScheduledWorld): number {
  const { world } = scheduled;
  const { trace, simulation } = world;
  const servers = simulation.nodes.filter(({ isClient }) => !isClient);
  const newest = Math.max(...servers.map(({ status }) => status.currentTerm));
  const furthest = Math.max(...servers.map(({ status }) => status.commitIndex ?? 0));
  const cap = (count: number): number => Math.min(MOST, count);
  const standing = servers.map(({ isUp, status: { role, currentTerm, commitIndex } }) =>
    isUp ? `${role} ${cap(newest - currentTerm)} ${cap(furthest - (commitIndex ?? 0))}` : "stopped",
  );
  const sorts = new Map<string, number>();
  for (const record of scheduled.messages) {
    const { type, term, entries } = trace.messageOf(record);
    const age = term === undefined ? "" : cap(newest - Number(term));
    const sort = `${type} ${age} ${entries === undefined ? "" : cap(entries.length)}`;
    sorts.set(sort, (sorts.get(sort) ?? 0) + 1);
  }
  const onTheWay = [...sorts].map(([sort, count]) => `${sort} ${cap(count)}`);
  return keyOf(cap(furthest), ...standing.sort(), "|", ...onTheWay.sort());
}
