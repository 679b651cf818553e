"use strict";

const { workerData } = require("node:worker_threads");

/** How often it looks whether time is up. */
const LOOK_EVERY_MS = 100;

/**
 * Ends a process that keeps its judge waiting for too long: the judge itself is asleep in a read then.
 * See watchdog.ts for what stands where.
 */
const state = new Int32Array(workerData.state);
const deadline = new Float64Array(workerData.deadline);

for (;;) {
  Atomics.wait(state, 2, 0, LOOK_EVERY_MS);
  const pid = Atomics.load(state, 0);
  if (pid === 0 || performance.timeOrigin + performance.now() < deadline[0]) continue;
  // Only while the judge is still waiting for the same process.
  if (Atomics.compareExchange(state, 0, pid, 0) !== pid) continue;
  Atomics.store(state, 1, pid);
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has gone by itself just now.
  }
}
