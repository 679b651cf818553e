import {
  appendEntries,
  type Heard,
  type LogEntry,
  type ScriptedPeers,
  START,
  TIMING,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { electUnheard, lastSent, mustNotBeDone, SENT_WITHIN } from "../leading";
import { append, carryOut, cas, get, operationWords, put, repliesTo, request } from "../requests";
import { ANSWERING, COMMITTED, FRESH_READS, PROPOSING } from "../rules";

describe("Taking requests", () => {
  it(
    "4.3d A leader that nobody answers any more answers no read",
    { points: 2, seeds: 6, scripted: true, servers: [3, 5], clients: 2, needs: ANSWERING },
    async (world, peers) => {
      await peers.elect();
      await carryOut(world, peers, request("C1", 1, put("x", "C1.1")));
      peers.answersHeartbeats = false;
      await world.runFor(TIMING.electionTimeoutMax + world.draws.int(200, 2_000));
      peers.tell("C2", request("C2", 1, get("x")));
      await world.runFor(1_000);

      mustNotBeDone(world, peers, "C2", 1, {
        because: `No peer has answered S1 for more than ${TIMING.electionTimeoutMax.toLocaleString("en")} ms, so that long ago another leader may have been elected and x may have a new value; C2 asks S1 for get(x)`,
        rule: FRESH_READS,
        next: "How does S1 know, when it answers a read, that it still leads?",
      });
    },
  );

  it(
    "4.3e Asking again makes nothing come true",
    { points: 2, seeds: 6, scripted: true, servers: [3, 5], clients: 2, needs: PROPOSING },
    async (world, peers) => {
      await electUnheard(world, peers);
      const operation = world.draws.pick([put("x", "C1.1"), append("x", "C1.1"), cas("x", null, "C1.1")]);
      for (let n = 0; n < 3; n++) {
        peers.tell("C1", request("C1", 1, operation));
        await world.runFor(30);
      }
      mustNotBeDone(world, peers, "C1", 1, {
        because: `C1 asks S1 three times for its operation 1, ${operationWords(operation)}, of which no peer has stored the entry`,
        rule: COMMITTED,
        next: "When is an operation noted as carried out: when it is asked for, or when it is applied?",
      });
    },
  );

  it(
    "4.3f A request whose place in the log another entry has taken is not answered with ok",
    { points: 2, seeds: 6, scripted: true, servers: [3, 5], clients: 2, needs: PROPOSING },
    async (world, peers) => {
      await electUnheard(world, peers);
      const operation = world.draws.pick([put("x", "C1.1"), append("x", "C1.1"), cas("x", null, "C1.1")]);
      peers.tell("C1", request("C1", 1, operation));
      await world.runFor(SENT_WITHIN);
      const log = logOf(peers);
      const after = { index: log.length - 1, term: log.at(-2)?.term ?? START.term };
      const term = peers.status.currentTerm + 1;
      await peers.ask("S2", appendEntries("S2", term, after, [{ term, command: null }], log.length));
      await world.runFor(2 * TIMING.answerWithin);

      mustNotBeDone(world, peers, "C1", 1, {
        because: `S1 had C1's ${operationWords(operation)} in its log at index ${log.length}, uncommitted, when S2 became leader of term ${term} and put another entry there, which is committed`,
        rule: COMMITTED,
        next: "By what does S1 recognise that the entry it applies is the one that the client waits for?",
      });
    },
  );

  it(
    "4.3g A leader that was deposed says that it does not lead",
    { points: 1, seeds: 5, scripted: true, servers: [3, 5], clients: 2, needs: PROPOSING },
    async (world, peers) => {
      await electUnheard(world, peers);
      peers.tell("C1", request("C1", 1, put("x", "C1.1")));
      await world.runFor(SENT_WITHIN);
      const before = lastSent(peers, "S2");
      const term = peers.status.currentTerm + 1;
      await peers.ask("S2", appendEntries("S2", term, START, []));
      const since = peers.heard.length;
      peers.tell("C2", request("C2", 1, put("x", "C2.1")));
      await world.runFor(2 * TIMING.answerWithin);

      const [reply]: (Heard | undefined)[] = repliesTo(peers, "C2", since);
      world.check(reply?.message.ok === false && lastSent(peers, "S2") === before, () => ({
        sentence: `S1 led until S2 became leader of term ${term}; now C2 asks S1, and S1 ${reply === undefined ? "says nothing" : `answers ok: ${reply.message.ok}`}.`,
        rule: `The handout, 4.3: a server that does not lead answers ok: false, within ${TIMING.answerWithin} ms.`,
        next: "Where does the server ask whether it leads: at the time of the request?",
      }));
    },
  );
});

/** S1's log, as far as it has sent it to S2. */
function logOf(peers: ScriptedPeers): LogEntry[] {
  const log: LogEntry[] = [];
  for (const { to, message } of peers.all("AppendEntries"))
    if (to === "S2") log.splice(message.prevLogIndex ?? 0, log.length, ...(message.entries ?? []));
  return log;
}
