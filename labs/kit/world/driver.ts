import type { Host } from "../host/reaction";
import type { Simulation } from "./simulation";

/**
 * Carries events from a simulation to the servers and their effects back, until the simulation's goal is reached.
 * The one below does so one by one. A driver that runs many simulations side by side can collect one event of each
 * and cross a process boundary once for all of them: that is why it returns a promise.
 */
export type Driver = (simulation: Simulation, host: Host) => Promise<void>;

export const driveAtOnce: Driver = async (simulation, host) => driveNow(simulation, host);

/** The same without a promise. */
export function driveNow(simulation: Simulation, host: Host): void {
  for (;;) {
    const stimulus = simulation.next();
    if (stimulus === undefined) return;
    simulation.absorb(host.react(stimulus));
  }
}
