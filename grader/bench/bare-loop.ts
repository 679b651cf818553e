import type { Env, Millis, NodeId, RaftMessage, Server } from "../../labs/kit";
import { HandOver } from "../../labs/kit/host/hand-over";
import { Draws, mix } from "../../labs/kit/random/keyed";
import { EventQueue } from "../../labs/kit/world/event-queue";

/** What the bare loop did. */
export interface BareRun {
  readonly events: number;
  readonly messages: number;
}

type MakeServer = (env: Env<RaftMessage>) => Server<RaftMessage>;

const MICROS = 1_000;

/**
 * The least that a simulation of these servers can do: an event queue, timers, and messages that are checked, copied
 * and frozen on their way, by the kit's own queue and copy. No trace, no oracles, no faults, no effects as data, no
 * status, no guards: the limit that the world is measured against.
 * @param messages stops after so many messages
 */
export function bareLoop(make: MakeServer, ids: readonly NodeId[], messages: number): BareRun {
  const queue = new EventQueue();
  const handOver = new HandOver();
  const happenings: ((() => void) | undefined)[] = [];
  const copies: RaftMessage[] = [];
  const servers = new Map<NodeId, Server<RaftMessage>>();
  let now = 0;
  let events = 0;

  const plan = (at: number, happen: () => void): number => {
    const ref = happenings.push(happen) - 1;
    queue.push(at, ref);
    return ref;
  };
  const envOf = (self: NodeId): Env<RaftMessage> => {
    const draws = new Draws(mix(self.charCodeAt(1)));
    const timers = new Map<string, number>();
    return {
      self,
      peers: ids.filter((id) => id !== self),
      now: () => now / MICROS,
      random: () => draws.next(),
      send: (to: NodeId, message: RaftMessage) => {
        const copy = handOver.take(message);
        if (copy === undefined) throw new Error("not plain data");
        const count = copies.push(copy);
        plan(now + MICROS + (mix(count) % (4 * MICROS)), () => servers.get(to)?.onMessage(self, message));
      },
      setTimer: (name: string, delay: Millis) => {
        const ref = plan(now + Math.ceil(delay * MICROS), () => {
          if (timers.get(name) === ref) servers.get(self)?.onTimer(name);
        });
        timers.set(name, ref);
      },
      cancelTimer: (name: string) => timers.delete(name),
      disk: { read: () => undefined, write: () => {} },
      log: () => {},
    };
  };

  for (const id of ids) servers.set(id, make(envOf(id)));
  for (const server of servers.values()) server.start();
  while (copies.length < messages) {
    now = queue.nextAt;
    const ref = queue.pop();
    const happen = happenings[ref];
    happenings[ref] = undefined;
    happen?.();
    events += 1;
  }
  return { events, messages: copies.length };
}
