import { type KvOperation, type KvResult, type NodeId, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { AGAIN, answer, asked, awaitAsk, invoke, mustBeDone, mustBeOpen } from "../asking";
import { append, cas, done, get, notLeader, operationWords, put } from "../requests";
import { ASKING, RETRY } from "../rules";

const OF_THIS_OPERATION =
  "The handout, 4.2: a reply says to which sequence it belongs; one to an earlier operation may come late, or twice, and says nothing about this one.";

describe("Asking", () => {
  it(
    "4.1c A client without an operation is silent",
    { points: 1, seeds: 3, scripted: "client", needs: ASKING },
    async (world, peers) => {
      await world.runFor(3 * AGAIN);
      world.check(peers.heard.length === 0, () => ({
        sentence: `C1 was never given an operation, and sends ${peers.heard[0].message.type} to ${peers.heard[0].to}.`,
        rule: "The handout, 4.1: a client does nothing of its own accord.",
        next: "What does the client do in start()?",
      }));
    },
  );
});

describe("Asking again", () => {
  it(
    "4.2d That a server does not lead is no failure: the client asks again, with the same number",
    { points: 2, seeds: 6, scripted: "client", servers: [3, 5], needs: ASKING },
    async (world, peers) => {
      let { first: heard, invocation } = await invoke(world, peers, append("x", "C1.1"));
      for (let n = 0; n < 8; n++) {
        const since = peers.heard.length;
        await answer(world, peers, heard.to, notLeader(1, world.draws.pick([undefined, ...peers.ids])));
        mustBeOpen(world, invocation, `${heard.to} answers ok: false, so it does not lead`);
        heard = await awaitAsk(
          world,
          peers,
          { since },
          () => `${heard.to} has told C1 that it does not lead, and for ${AGAIN} ms C1 asks nobody.`,
        );
        world.check(heard.message.sequence === 1, () => ({
          sentence: `After an answer with ok: false C1 asks for its first operation with sequence ${heard.message.sequence}: the operation may have been carried out all the same, and now comes a second time.`,
          rule: RETRY,
          next: "What does ok: false say about the operation?",
        }));
      }
      await answer(world, peers, heard.to, done(1));
      mustBeDone(world, invocation, null);
    },
  );

  it(
    "4.2e Servers that name a dead leader do not keep a client from the living one",
    { points: 3, seeds: 12, scripted: "client", servers: [3, 5], needs: ASKING },
    async (world, peers) => {
      // One after the other, so that the client begins at servers that had led, or were dead, before.
      for (const sequence of [1, 2, 3]) {
        const [dead, leader] = world.draws.shuffle(peers.ids);
        const invocation = world.invoke("C1", put("x", `C1.${sequence}`));
        const deadline = world.now + TIMING.leaderWithin;
        const before = peers.heard.length;
        let seen = before;
        const isOver = () => invocation.completedAt !== undefined;
        while (!isOver() && world.now < deadline) {
          await world.runWhile(() => peers.heard.length === seen, deadline - world.now);
          for (const { to, message } of asked(peers, seen)) {
            if (message.sequence !== sequence) continue; // sent before this operation began
            if (to === leader) peers.tell(to, done(sequence));
            else if (to !== dead) peers.tell(to, notLeader(sequence, dead));
          }
          seen = peers.heard.length;
          await world.runFor(1);
        }
        world.check(isOver(), () => ({
          sentence: `${dead} is dead, ${leader} leads and would answer, the others still name ${dead}: for ${TIMING.leaderWithin.toLocaleString("en")} ms C1 has gone ${wayOf(asked(peers, before).map(({ to }) => to))} and never asks ${leader}.`,
          rule: "The handout, 4.2: a hint can be out of date. No server is asked again and again in vain while another is never asked.",
          next: "Where does C1 go on after the server that a hint named stays silent?",
        }));
      }
    },
  );

  it(
    "4.2f A late answer to an earlier operation is not taken for the answer to this one",
    { points: 2, seeds: 6, scripted: "client", needs: ASKING },
    async (world, peers) => {
      const one = await invoke(world, peers, cas("x", null, "C1.1"));
      await answer(world, peers, one.first.to, done(1, true));
      const two = await invoke(world, peers, get("x"));
      for (const server of peers.ids) {
        await answer(world, peers, server, done(1, true));
        mustBeOpen(
          world,
          two.invocation,
          `The answer to operation 1 arrives again, from ${server}`,
          OF_THIS_OPERATION,
        );
      }
      await answer(world, peers, two.first.to, done(2, "C1.1"));
      mustBeDone(world, two.invocation, "C1.1");
      const three = await invoke(world, peers, put("y", "C1.3"));
      for (const server of peers.ids) await answer(world, peers, server, done(2, "C1.1"));
      mustBeOpen(world, three.invocation, "The answer to operation 2 arrives again", OF_THIS_OPERATION);
    },
  );

  it(
    "4.2g An answer that comes twice ends one operation",
    { points: 1, seeds: 4, scripted: "client", needs: ASKING },
    async (world, peers) => {
      for (let n = 1; n <= 4; n++) {
        const { first, invocation } = await invoke(world, peers, put("x", `C1.${n}`));
        for (const server of [first.to, first.to, ...peers.ids]) peers.tell(server, done(n));
        await world.runFor(TIMING.answerWithin);
        mustBeDone(world, invocation, null);
      }
    },
  );

  it(
    "4.2h Every result reaches the user as it was given",
    { points: 1, seeds: 1, scripted: "client", needs: ASKING },
    async (world, peers) => {
      const cases: readonly (readonly [KvOperation, KvResult])[] = [
        [get("x"), null],
        [get("x"), ""],
        [get("x"), "false"],
        [put("x", ""), null],
        [append("x", "a"), null],
        [cas("x", "a", "b"), false],
        [cas("x", null, "b"), true],
      ];
      for (const [i, [operation, result]] of cases.entries()) {
        const { first, invocation } = await invoke(world, peers, operation);
        const { message } = first;
        world.check(
          message.operation?.kind === operation.kind &&
            (operation.kind !== "cas" ||
              (message.operation.kind === "cas" && message.operation.expected === operation.expected)),
          () => ({
            sentence: `C1 is to do ${operationWords(operation)} and asks ${first.to} for ${JSON.stringify(message.operation)}.`,
            next: "What does the request hold?",
          }),
        );
        await answer(world, peers, first.to, done(i + 1, result));
        mustBeDone(world, invocation, result);
      }
    },
  );

  it(
    "4.2i A client never gives up",
    { points: 1, seeds: 4, scripted: "client", servers: [3, 5], needs: ASKING },
    async (world, peers) => {
      const { invocation } = await invoke(world, peers, append("x", "C1.1"));
      const refusing: NodeId = world.draws.pick(peers.ids);
      const end = world.now + 60_000;
      let seen = peers.heard.length;
      while (world.now < end) {
        await awaitAsk(
          world,
          peers,
          {},
          () =>
            `C1 has asked for ${Math.round(world.now / 1000)} s in vain, and then for ${AGAIN} ms nobody any more.`,
        );
        for (const { to } of asked(peers, seen)) if (to === refusing) peers.tell(to, notLeader(1));
        seen = peers.heard.length;
      }
      mustBeOpen(world, invocation, "In a minute nobody has answered but with ok: false");
      const { to } = await awaitAsk(world, peers, {}, () => "After a minute C1 asks nobody any more.");
      await answer(world, peers, to, done(1));
      mustBeDone(world, invocation, null);
    },
  );
});

/** "S1 → S2 → S1 → …" */
function wayOf(servers: readonly NodeId[]): string {
  return `${servers.slice(0, 6).join(" → ")}${servers.length > 6 ? " → …" : ""}`;
}
