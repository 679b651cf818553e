import { type Heard, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { AGAIN, answer, asked, awaitAsk, invoke, mustBeDone, mustBeOpen } from "../asking";
import { append, cas, done, get, operationWords, put } from "../requests";
import { ASKING, RETRY } from "../rules";

const NUMBERS =
  "The handout, 4.1: (clientId, sequence) names one operation for ever; sequences are 1, 2, 3, … and a retry keeps its own.";

describe("Asking", () => {
  it(
    "4.1a A client asks at once for what it is to do",
    { points: 2, seeds: 4, scripted: "client", servers: [3, 5] },
    async (world, peers) => {
      const operation = world.draws.pick([
        get("x"),
        put("x", "C1.1"),
        append("x", "C1.1"),
        cas("x", null, "a"),
      ]);
      const { first } = await invoke(world, peers, operation);

      const { clientId, sequence } = first.message;
      const isSame = JSON.stringify(sorted(first.message.operation)) === JSON.stringify(sorted(operation));
      world.check(clientId === "C1" && sequence === 1 && isSame, () => ({
        sentence: `C1's first operation is ${operationWords(operation)}; it asks ${first.to} with ${JSON.stringify(first.message)}; expected clientId "C1", sequence 1 and that operation.`,
        rule: NUMBERS,
        next: "What does invoke put into the request?",
      }));
    },
  );

  it(
    "4.1b Each operation has the next number",
    { points: 2, seeds: 4, scripted: "client", servers: [3, 5], needs: ASKING },
    async (world, peers) => {
      for (let n = 1; n <= 5; n++) {
        const { first, invocation } = await invoke(world, peers, append("x", `C1.${n}`));
        world.check(first.message.sequence === n, () => ({
          sentence: `C1's operation number ${n} goes to ${first.to} with sequence ${first.message.sequence}.`,
          rule: NUMBERS,
          next: "When does the sequence grow, and where does it begin?",
        }));
        await answer(world, peers, first.to, done(n));
        mustBeDone(world, invocation, null);
      }
    },
  );
});

describe("Asking again", () => {
  it(
    "4.2a A client that gets no answer asks again, with the same number",
    { points: 3, seeds: 6, scripted: "client", servers: [3, 5], needs: ASKING },
    async (world, peers) => {
      const operation = append("x", "C1.1");
      const { invocation } = await invoke(world, peers, operation);
      for (let n = 0; n < 6; n++) {
        const { message } = await awaitAsk(
          world,
          peers,
          {},
          () =>
            `C1 has no answer to ${operationWords(operation)}, and for ${AGAIN} ms it has asked nobody again.`,
        );
        world.check(message.sequence === 1, () => ({
          sentence: `C1 asks again for its first operation, this time with sequence ${message.sequence}: a server takes that for another operation, and appends twice.`,
          rule: NUMBERS,
          next: "What does a retry send: the request as it was, or a new one?",
        }));
      }
      mustBeOpen(world, invocation, "No server has answered");
      const tooSoon = pairs(asked(peers)).find(
        ([a, b]) => b.sentAt - a.sentAt < TIMING.clientRetryMin && a.to === b.to,
      );
      world.check(tooSoon === undefined, () => ({
        sentence: `C1 asks ${tooSoon?.[0].to} at ${tooSoon?.[0].sentAt} ms and again at ${tooSoon?.[1].sentAt} ms, before an answer can be expected.`,
        rule: `The handout, timing: without an answer, a client asks again after ${TIMING.clientRetryMin} ms at the earliest.`,
        next: "How long does C1 wait for an answer?",
        wrong: tooSoon?.[1].record,
      }));
    },
  );

  it(
    "4.2b The answer ends the operation",
    { points: 2, seeds: 6, scripted: "client", servers: [3, 5], needs: ASKING },
    async (world, peers) => {
      for (let n = 1; n <= 3; n++) {
        const { first, invocation } = await invoke(world, peers, get("x"));
        await answer(world, peers, first.to, done(n, `value ${n}`));
        mustBeDone(world, invocation, `value ${n}`);
        const since = peers.heard.length;
        await world.runFor(2 * AGAIN);
        const [again] = asked(peers, since);
        world.check(again === undefined, () => ({
          sentence: `C1's ${operationWords(invocation.operation)} is over, and C1 asks for it again.`,
          rule: RETRY,
          next: "What happens to the retry timer when the operation is over?",
          wrong: again?.record,
        }));
      }
    },
  );

  it(
    "4.2c A client finds the one server that answers",
    { points: 3, seeds: 4, scripted: "client", servers: [3, 5], needs: ASKING },
    async (world, peers) => {
      for (const [i, alive] of world.draws.shuffle(peers.ids).entries()) {
        const since = peers.heard.length;
        const invocation = world.invoke("C1", put("x", `C1.${i + 1}`));
        await awaitAsk(
          world,
          peers,
          { since, within: TIMING.leaderWithin, of: alive },
          () =>
            `Only ${alive} of ${peers.ids.length} servers is alive, and C1 has not asked it for ${TIMING.leaderWithin.toLocaleString("en")} ms. It went to ${toWhom(asked(peers, since))}.`,
        );
        await answer(world, peers, alive, done(i + 1));
        mustBeDone(world, invocation, null);
      }
    },
  );
});

function toWhom(requests: readonly Heard[]): string {
  return [...new Set(requests.map(({ to }) => to))].join(", ") || "nobody";
}

/** The requests two by two: one, and a later one. */
function pairs(requests: readonly Heard[]): [Heard, Heard][] {
  return requests.flatMap((a, i) => requests.slice(i + 1).map((b): [Heard, Heard] => [a, b]));
}

/** An operation with its fields in order, for comparing. */
function sorted(operation: object | undefined): [string, unknown][] {
  return Object.entries(operation ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
