import {
  agree,
  appendEntries,
  entriesOfTerms,
  heartbeat,
  KIND,
  type NodeId,
  TIMING,
  type World,
  wroteBefore,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { KEEP } from "../rules";

/** What the handout allows a server to write. */
const IDLE_BYTES_PER_SECOND = 2_000;
const WRITES_PER_COMMAND = 6;
const STATE_FACTOR = 3;
const BYTES_PER_COMMAND = 2_000;

/** Bytes of an entry besides its command, in a generous layout: a key, a term, names of fields. */
const ENTRY_OVERHEAD = 60;
const STATE_OVERHEAD = 200;

describe("Entries on the disk", () => {
  it("3.2c A server that is alone applies an entry only once it is on its disk", {
    points: 3,
    seeds: 10,
    servers: 1,
  }, async (world) => {
    await world.awaitLeader();
    for (let round = 1; round <= 3; round++) {
      const since = world.trace.length;
      const command = `command ${round}`;
      await agree(world, command);

      const isApplied = (record: number) => world.trace.kindOf(record) === KIND.apply;
      world.check(wroteBefore(world, "S1", since, isApplied) === true, () => ({
        sentence: `S1, the only server of its cluster, applies “${command}”; nothing was written to its disk since the command came.`,
        rule: KEEP,
        next: "A cluster of one has a majority as soon as its leader stores an entry. When does it store it?",
      }));
    }
  });

  it("3.2d An idle cluster writes nothing", { points: 2, seeds: 5, servers: [3, 5] }, async (world) => {
    for (let entry = 1; entry <= 20; entry++)
      await agree(world, `command ${entry}: ${"0123456789".repeat(10)}`);
    await world.runFor(1_000);
    const before = world.ids.map((id) => world.diskUse(id).bytes);
    const terms = termsOf(world);
    const seconds = 5;
    await world.runFor(seconds * 1_000);
    if (termsOf(world) !== terms) return; // there was an election: 1.8 says whether there may be one
    for (const [i, id] of world.ids.entries()) {
      const written = world.diskUse(id).bytes - before[i];
      world.check(written <= seconds * IDLE_BYTES_PER_SECOND, () => ({
        sentence: `Nobody proposed anything for ${seconds} s, and ${id} wrote ${written.toLocaleString("en")} bytes to its disk; expected at most ${IDLE_BYTES_PER_SECOND.toLocaleString("en")} a second.`,
        rule: "The handout, budgets: a heartbeat without news changes nothing that must survive a crash.",
        next: "Which handler writes, although neither the term nor the vote nor the log has changed?",
      }));
    }
  });

  it("3.2e A command costs few writes", { points: 2, seeds: 5, servers: [3, 5] }, async (world) => {
    let state = STATE_OVERHEAD;
    await agree(world, "the first command");
    for (let round = 1; round <= 20; round++) {
      const command = `command ${round}: ${"0123456789".repeat(20)}`;
      state += command.length + ENTRY_OVERHEAD;
      await world.runFor(3 * TIMING.heartbeatIntervalMax);
      const before = world.ids.map((id) => world.diskUse(id));
      const terms = termsOf(world);
      await agree(world, command);
      await world.runFor(3 * TIMING.heartbeatIntervalMax);
      if (termsOf(world) === terms)
        for (const [i, id] of world.ids.entries()) mustBeFrugal(world, id, before[i], state);
    }
  });

  it(
    "3.2f A follower applies an entry only once it is on its disk",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      await peers.ask("S2", heartbeat("S2", 2));
      for (const [i, entry] of entriesOfTerms([2, 2, 2]).entries()) {
        const since = world.trace.length;
        const before = { index: i, term: i === 0 ? 0 : 2 };
        await peers.ask("S2", appendEntries("S2", 2, before, [entry], i + 1));

        const isApplied = (record: number) => world.trace.kindOf(record) === KIND.apply;
        const hasWritten = wroteBefore(world, "S1", since, isApplied);
        world.check(hasWritten === true, () => ({
          sentence:
            hasWritten === undefined
              ? `S1 is sent entry ${i + 1} with leaderCommit ${i + 1}, and does not apply it.`
              : `S1 is sent entry ${i + 1}, which is committed already, and applies it; nothing was written to its disk since the request came.`,
          rule: "The handout: a server applies an entry only once it is on its own disk.",
          next: "In which order does the handler of AppendEntries write, apply and answer?",
        }));
      }
    },
  );
});

function mustBeFrugal(
  world: World,
  id: NodeId,
  before: { readonly writes: number; readonly bytes: number },
  state: number,
): void {
  const { writes, bytes } = world.diskUse(id);
  const bytesMax = STATE_FACTOR * state + BYTES_PER_COMMAND;
  world.check(writes - before.writes <= WRITES_PER_COMMAND, () => ({
    sentence: `For one command ${id} wrote to its disk ${writes - before.writes} times; expected at most ${WRITES_PER_COMMAND} times.`,
    rule: "The handout, budgets.",
    next: "Which of these writes holds something that the one before did not?",
  }));
  world.check(bytes - before.bytes <= bytesMax, () => ({
    sentence: `For one command ${id} wrote ${(bytes - before.bytes).toLocaleString("en")} bytes to its disk; expected at most ${bytesMax.toLocaleString("en")}: three times all it has to remember, and 2 kB.`,
    rule: "The handout, budgets.",
    next: "How often is an entry written that is on the disk already?",
  }));
}

function termsOf(world: World): string {
  return world.ids.map((id) => world.status(id).currentTerm).join(" ");
}
