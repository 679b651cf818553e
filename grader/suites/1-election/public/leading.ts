import { TIMING, turnOf } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";

const AT_ONCE =
  "Figure 2, Leaders: upon election, send initial empty AppendEntries to each server; repeat during idle periods to prevent election timeouts.";

describe("Leading", () => {
  it(
    "1.7a A new leader sends its first heartbeats at once",
    { points: 2, servers: [2, 3, 5, 7], scripted: true },
    async (world, peers) => {
      const term = await peers.elect();

      const elected = peers.all("AppendEntries").filter(({ message }) => message.term === term);
      const reached = peers.ids.filter((id) => elected.some(({ to }) => to === id));
      world.check(reached.length === peers.ids.length, () => ({
        sentence: `S1 won the election of term ${term}; ${TIMING.answerWithin} ms later it has sent heartbeats to ${reached.join(", ") || "nobody"}, not to all of ${peers.ids.join(", ")}.`,
        rule: AT_ONCE,
        next: "What does S1 do in the very moment in which it becomes the leader?",
      }));
    },
  );

  it(
    "1.7b A leader keeps sending heartbeats to everyone",
    { points: 2, servers: [2, 3, 5], scripted: true },
    async (world, peers) => {
      await peers.elect();
      const since = world.now;
      await world.runFor(2_000);

      for (const peer of peers.ids) {
        const heartbeats = peers.all("AppendEntries").filter(({ to }) => to === peer);
        const times = heartbeats.map(({ sentAt }) => sentAt);
        const waits = [...times, world.now].map((at, i) => at - (times[i - 1] ?? since));
        const longest = Math.max(...waits);
        world.check(times.length > 0 && longest <= TIMING.heartbeatIntervalMax + TIMING.answerWithin, () => ({
          sentence: `In the ${Math.round(world.now - since)} ms after its election, S1 left ${peer} without a heartbeat for ${Math.round(longest)} ms; expected one every ${TIMING.heartbeatIntervalMax} ms.`,
          rule: AT_ONCE,
          next: "Is the heartbeat timer set again each time it runs out?",
          wrong: heartbeats[waits.indexOf(longest)]?.record,
        }));
      }
    },
  );

  it(
    "1.7f A leader that is answered stays leader",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true },
    async (world, peers) => {
      const term = await peers.elect();
      const since = world.trace.length;
      await world.runFor(5 * TIMING.electionTimeoutMax);

      const { role, currentTerm } = peers.status;
      world.check(role === "leader" && currentTerm === term, () => ({
        sentence: `S1 led term ${term} and all its heartbeats were answered; ${5 * TIMING.electionTimeoutMax} ms later it is a ${role} of term ${currentTerm}.`,
        rule: "Figure 2: followers and candidates have election timeouts, leaders do not.",
        next: "What happens to the election timer of a server that becomes leader?",
        wrong: turnOf(world, "S1", since, (said) => said.role !== "leader" || said.currentTerm !== term),
      }));
    },
  );
});
