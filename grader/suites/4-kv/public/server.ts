import { heartbeat, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { electUnheard, lastSent, mustNotBeDone, SENT_WITHIN } from "../leading";
import { append, cas, get, operationWords, put, repliesTo, request } from "../requests";
import { COMMITTED, PROPOSING } from "../rules";

describe("Taking requests", () => {
  it(
    "4.3a A server that does not lead says so at once",
    { points: 3, seeds: 5, scripted: true, servers: [3, 5], clients: 2, quiet: true },
    async (world, peers) => {
      await peers.ask("S2", heartbeat("S2", 3));
      const operations = [get("x"), put("x", "a"), append("x", "b"), cas("x", "ab", "c")];
      for (const [i, operation] of operations.entries()) {
        const since = peers.heard.length;
        const sequence = 3 * i + 1;
        peers.tell("C1", request("C1", sequence, operation));
        await world.runFor(2 * TIMING.answerWithin);

        const [reply] = repliesTo(peers, "C1", since);
        world.check(reply !== undefined, () => ({
          sentence: `S1 follows S2, C1 asks it for ${operationWords(operation)}, and S1 says nothing: C1 waits in vain.`,
          rule: `The handout, 4.3: a server that does not lead answers ok: false, within ${TIMING.answerWithin} ms.`,
          next: "What does propose() return at a follower, and what does the server do then?",
        }));
        const { message } = reply;
        world.check(message.ok === false && message.sequence === sequence && message.result === null, () => ({
          sentence: `S1 follows S2 and answers C1's request ${sequence} with ok: ${message.ok}, sequence ${message.sequence}, result ${JSON.stringify(message.result)}; expected ok: false, sequence ${sequence}, result null.`,
          rule: "labs/kit/contract/kv.ts: sequence is that of the request; ok is true only for what was carried out; result is null unless ok.",
          next: "Which fields does the reply of a follower have?",
        }));
      }
    },
  );

  it(
    "4.3b A leader puts a request into its log",
    { points: 2, seeds: 5, scripted: true, servers: [3, 5], clients: 2 },
    async (world, peers) => {
      await electUnheard(world, peers);
      const before = lastSent(peers, "S2");
      peers.tell("C1", request("C1", 1, put("x", "C1.1")));
      await world.runFor(SENT_WITHIN);

      for (const peer of peers.ids) {
        const sent = lastSent(peers, peer) - before;
        world.check(sent === 1, () => ({
          sentence: `S1 leads, and C1 asks it to put(x, “C1.1”); ${SENT_WITHIN} ms later it has sent ${peer} ${sent} new entries; expected one.`,
          rule: "Figure 2, Leaders: if command received from client: append entry to local log, respond after entry applied to state machine.",
          next: "Is the request handed to Raft, with propose()?",
        }));
      }
    },
  );

  it(
    "4.3c Nothing is answered with ok before it is committed",
    { points: 3, seeds: 10, scripted: true, servers: [3, 5], clients: 2, needs: PROPOSING },
    async (world, peers) => {
      // Of three servers nobody else stores the entry, of five one more: one too few in both cases.
      const stored = Math.floor(peers.ids.length / 2) - 1;
      peers.answersHeartbeats = false;
      await peers.elect();
      for (const peer of peers.ids.slice(stored)) peers.silent.add(peer);
      peers.answersHeartbeats = true;
      const operation = world.draws.pick([put("x", "C1.1"), append("x", "C1.1"), cas("x", null, "C1.1")]);
      peers.tell("C1", request("C1", 1, operation));
      await world.runFor(2 * SENT_WITHIN);

      mustNotBeDone(world, peers, "C1", 1, {
        because: `S1 leads, and ${stored === 0 ? "none" : "only one"} of its ${peers.ids.length} peers stores the entry of C1's ${operationWords(operation)}`,
        rule: COMMITTED,
        next: "When is the client answered: when the request comes, when it is in the log, or when apply() gets it?",
      });
    },
  );
});
