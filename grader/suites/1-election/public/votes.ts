import { heartbeat, requestVote, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { GRANT } from "../rules";

describe("Votes", () => {
  it(
    "1.3a A server grants its free vote",
    { points: 2, seeds: 10, servers: [2, 3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [1, 2, 6]) {
        const reply = await peers.ask("S2", requestVote("S2", term));
        world.check(reply.voteGranted === true && reply.term === term, () => ({
          sentence: `S1's vote of term ${term} was free, S2 asked for it, and S1 refused.`,
          rule: GRANT,
          next: "What is votedFor at the start of a new term?",
        }));
      }
    },
  );

  it(
    "1.3b A server votes once per term",
    { points: 3, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      let term = 0;
      for (const first of peers.ids) {
        for (const second of peers.ids.filter((id) => id !== first)) {
          term += 1;
          const granted = await peers.ask(first, requestVote(first, term));
          const refused = await peers.ask(second, requestVote(second, term));
          world.check(
            granted.voteGranted === true && refused.voteGranted === false && refused.term === term,
            () => ({
              sentence: `In term ${term} S1 ${granted.voteGranted ? "voted for" : "refused"} ${first} and ${refused.voteGranted ? "voted for" : "refused"} ${second}.`,
              rule: GRANT,
              next: "What is votedFor after the first vote, and when does it change?",
            }),
          );
        }
      }
    },
  );
});

describe("Following", () => {
  it(
    "1.4a A server accepts the heartbeats of its leader",
    { points: 2, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      for (const [leader, term] of [
        ["S3", 2],
        ["S3", 2],
        ["S5", 4],
      ] as const) {
        const reply = await peers.ask(leader, heartbeat(leader, term));
        const { role, currentTerm } = peers.status;
        world.check(
          reply.success === true && reply.term === term && role === "follower" && currentTerm === term,
          () => ({
            sentence: `S1 answers a heartbeat of term ${term} with term ${reply.term}, ${reply.success ? "ok" : "refused"}, as a ${role} of term ${currentTerm}; expected ok, a follower of term ${term}.`,
            rule: "§5.2: a server that hears from a legitimate leader recognises it and is its follower.",
            next: "What does S1 do with an AppendEntries of its own term?",
          }),
        );
      }
    },
  );

  it(
    "1.4c Heartbeats keep a server a follower",
    { points: 2, servers: 3, scripted: true, quiet: true },
    async (world, peers) => {
      for (let beat = 0; beat < 40; beat++) {
        peers.tell("S2", heartbeat("S2", 3));
        await world.runFor(TIMING.heartbeatIntervalMax);
      }

      const { role, currentTerm } = peers.status;
      world.check(role === "follower" && currentTerm === 3 && peers.all("RequestVote").length === 0, () => ({
        sentence: `S1 heard from the leader of term 3 every ${TIMING.heartbeatIntervalMax} ms and stood for election all the same: it is a ${role} of term ${currentTerm}.`,
        rule: "§5.2: a server remains a follower as long as it receives valid messages from a leader or candidate.",
        next: "What does a heartbeat do to the election timer?",
        wrong: peers.all("RequestVote")[0]?.record,
      }));
    },
  );
});
