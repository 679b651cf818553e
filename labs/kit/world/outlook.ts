import type { Millis } from "../contract";
import type { SendEffect, Stimulus } from "../host/reaction";
import { KIND, MICROS_PER_MILLI, type Micros } from "../trace/trace";
import type { Foresight } from "./foresight";
import { ReusedStimulus } from "./reused-stimulus";
import type { Simulation } from "./simulation";

/** How far it looks ahead at most: longer than this are nearly all timers that servers set. */
const AHEAD_MAX: Micros = 5_000;

/**
 * What a world can say of events that come after the present one and do not depend on what its server does about it:
 * nothing that is sent now can arrive before them. They have not happened yet; each comes up in its time.
 *
 * Two things can still get in their way: a timer that is set for a delay of at most {@link millis}, and, for an event
 * that is a timer of the same server, setting or cancelling that timer.
 */
export class Outlook {
  private readonly stimulus = new ReusedStimulus();

  constructor(
    private readonly row: Foresight,
    private readonly world: Pick<Simulation, "trace" | "nodes" | "network">,
  ) {}

  /** A timer with a longer delay, in milliseconds of any server's clock, cannot come before what was foreseen. */
  get millis(): Millis {
    let fastest = 1;
    for (const { clockRate } of this.world.nodes) if (clockRate > fastest) fastest = clockRate;
    return (this.world.network.soonest(AHEAD_MAX) / MICROS_PER_MILLI) * fastest;
  }

  /** @param tell is told an event, valid for the call, and its number; returns false when it has heard enough */
  tell(now: Micros, until: Micros, tell: (stimulus: Stimulus, ref: number) => boolean): void {
    const horizon = Math.min(until, now + this.world.network.soonest(AHEAD_MAX));
    this.row.look(horizon, (ref, at) => {
      if (ref < 0) return false;
      const stimulus = this.foreseen(ref, at);
      return stimulus === "unknown" ? false : stimulus === undefined || tell(stimulus, ref);
    });
  }

  /** What an event will be, if nothing changes; undefined if it concerns no server; "unknown" if a test has a say in it. */
  private foreseen(ref: number, at: Micros): Stimulus | undefined | "unknown" {
    const { stimulus } = this;
    const { trace, nodes, network } = this.world;
    const isMessage = trace.kindOf(ref) === KIND.send;
    const node = nodes[isMessage ? trace.peerOf(ref) : trace.nodeOf(ref)];
    if (!node.isUp || node.isPaused) return undefined;
    if (isMessage && network.blocks(trace.nodeOf(ref), node.index)) return undefined;
    if (!isMessage && node.timers.get(trace.timerOf(ref)) !== ref) return undefined;
    if (node.isScripted || node.isClient) return "unknown";
    stimulus.node = node.index;
    stimulus.now = node.clock(at);
    return isMessage
      ? stimulus.forMessage(trace.nodeOf(ref), (trace.dataOf(ref) as SendEffect).original)
      : stimulus.forTimer(trace.timerOf(ref));
  }
}
