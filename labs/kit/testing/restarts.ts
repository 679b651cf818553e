import type { NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";
import { KIND, type Trace } from "../trace/trace";
import type { World } from "../world/world";

/** Stops servers, if they still run, and starts them again with what is on their disks. No time passes. */
export async function restart(world: World, ...ids: readonly NodeId[]): Promise<void> {
  for (const id of ids) {
    world.faults.stopNever(id);
    if (!world.isStopped(id)) world.faults.stop(id);
  }
  world.faults.restart(...ids);
  await world.runFor(0);
}

/**
 * Plans to stop a server right after it has sent a message: before anything else that it does.
 * If that is the last thing it does, it stops before its next handler does anything; {@link restart} stops it sooner.
 */
export function stopAfterSending(world: World, id: NodeId, matches: (message: AnyMessage) => boolean): void {
  let isSent = false;
  world.faults.stopBefore(id, (effect) => {
    if (isSent) return true;
    isSent = effect.kind === "send" && matches(effect.message);
    return false;
  });
}

/**
 * Whether a server wrote to its disk before it made a promise: what it has not written by then, a crash takes back.
 * @param since the length of the trace at the moment from which to look
 * @param isPromise true of the trace record that makes the promise: a send, or an apply
 * @returns undefined if it made none
 */
export function wroteBefore(
  world: World,
  id: NodeId,
  since: number,
  isPromise: (record: number) => boolean,
): boolean | undefined {
  const { trace, names } = world;
  const node = names.indexOf(id);
  let hasWritten = false;
  for (let record = since; record < trace.length; record++) {
    if (trace.nodeOf(record) !== node) continue;
    if (trace.kindOf(record) === KIND.write) hasWritten = true;
    else if (isPromise(record)) return hasWritten;
  }
  return undefined;
}

/** For {@link wroteBefore}: sending such a message is the promise. */
export function sending(
  trace: Trace,
  matches: (message: AnyMessage) => boolean,
): (record: number) => boolean {
  return (record) => trace.kindOf(record) === KIND.send && matches(trace.messageOf(record));
}
