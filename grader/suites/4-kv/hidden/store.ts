import type { KvOperation, KvResult } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import {
  append,
  carryOut,
  cas,
  get,
  isDone,
  operationWords,
  put,
  repliesTo,
  request,
  resultWords,
  saidLately,
} from "../requests";
import { ANSWERING, ONCE, PROPOSING, STORE } from "../rules";
import { mustGive } from "../store";

describe("Carrying operations out", () => {
  it(
    "4.4b Missing keys, empty values and strange names are what they are",
    { points: 2, seeds: 2, scripted: true, clients: 2, needs: PROPOSING },
    async (world, peers) => {
      await peers.elect();
      const names = ["constructor", "toString", "hasOwnProperty", "__proto__", ""];
      const steps: readonly (readonly [KvOperation, KvResult])[] = [
        [cas("a", "", "1"), false],
        [get("a"), null],
        [cas("a", null, ""), true],
        [cas("a", null, "2"), false],
        [get("a"), ""],
        [cas("a", "", "null"), true],
        [cas("a", null, "3"), false],
        [get("a"), "null"],
        [put("b", ""), null],
        [get("b"), ""],
        [append("c", ""), null],
        [get("c"), ""],
        [append("c", "x"), null],
        [append("c", "x"), null],
        [get("c"), "xx"],
        [put("a", "same"), null],
        [cas("a", "same", "same"), true],
        ...names.flatMap((name): [KvOperation, KvResult][] => [
          [get(name), null],
          [append(name, "v"), null],
          [cas(name, "v", "w"), true],
          [get(name), "w"],
        ]),
      ];
      await mustGive(world, peers, steps);
    },
  );

  it(
    "4.4c What two clients want at the same time is done one after the other",
    { points: 3, seeds: 8, scripted: true, servers: [3, 5], clients: 4, needs: ANSWERING },
    async (world, peers) => {
      await peers.elect();
      for (let n = 1; n <= 3; n++) {
        const key = `x${n}`;
        const asking = world.draws.shuffle(world.clients.slice(0, 3));
        for (const client of asking) peers.tell(client, request(client, n, cas(key, null, client)));
        const answers = (client: string) =>
          repliesTo(peers, client).find(({ message }) => isDone(message, n));
        await world.runUntil(
          () => asking.every((client) => answers(client) !== undefined),
          1_000,
          () => ({
            sentence: `${asking.join(", ")} ask S1, which leads and whose peers store all it sends, at the same moment, and after 1,000 ms not all have an answer.`,
            rule: STORE,
            next: "Can several requests wait at the same time?",
            evidence: saidLately(world),
          }),
        );
        const winners = asking.filter((client) => answers(client)?.message.result === true);
        const value = await carryOut(world, peers, request("C4", n, get(key)));
        world.check(winners.length === 1 && value === winners[0], () => ({
          sentence: `${asking.join(", ")} ask S1 at the same moment to set the missing key ${key} to their name; ${winners.join(" and ") || "nobody"} ${winners.length > 1 ? "are" : "is"} told to have written, and the value is ${resultWords(value)}.`,
          rule: STORE,
          next: "When is the value compared with what is expected: when the request comes, or when its entry is applied?",
          evidence: saidLately(world),
        }));
      }
    },
  );
});

describe("At most once", () => {
  it(
    "4.5b A request that comes again gets the result that it had the first time",
    { points: 3, seeds: 6, scripted: true, servers: [3, 5], clients: 2, needs: ANSWERING },
    async (world, peers) => {
      await peers.elect();
      const repeat = async (sequence: number, operation: KvOperation, expected: KvResult) => {
        for (let n = 0; n < 2; n++) {
          const result = await carryOut(world, peers, request("C1", sequence, operation));
          world.check(result === expected, () => ({
            sentence: `C1's operation ${sequence} is ${operationWords(operation)} and gives ${resultWords(expected)}. Its answer is lost, C1 asks again, and is told ${resultWords(result)}.`,
            rule: ONCE,
            next: "What is kept of an operation that was carried out, besides its number?",
            evidence: saidLately(world),
          }));
          await carryOut(world, peers, request("C2", 2 * sequence + n, put("x", `C2.${2 * sequence + n}`)));
        }
      };
      await repeat(1, cas("x", null, "C1.1"), true);
      await repeat(2, cas("x", null, "C1.2"), false);
      await repeat(3, cas("x", "C2.5", "C1.3"), true);
    },
  );

  it(
    "4.5c A request that stands in the log twice is carried out once",
    { points: 3, seeds: 6, scripted: true, servers: [3, 5], clients: 2, needs: ANSWERING },
    async (world, peers) => {
      await peers.elect();
      for (let n = 1; n <= 3; n++) {
        const twice = request("C1", n, append("x", `C1.${n};`));
        peers.tell("C1", twice);
        peers.tell("C1", twice);
        await carryOut(world, peers, twice);
      }
      const value = await carryOut(world, peers, request("C2", 1, get("x")));
      world.check(value === "C1.1;C1.2;C1.3;", () => ({
        sentence: `C1 appends C1.1; then C1.2; then C1.3; and asks for each again before it is committed. Then x is ${resultWords(value)}.`,
        rule: ONCE,
        next: "Is it asked whether an operation was carried out before when its entry is applied, too?",
        evidence: saidLately(world),
      }));
    },
  );

  it(
    "4.5d A late copy of an older request changes nothing",
    { points: 2, seeds: 6, scripted: true, servers: [3, 5], clients: 2, needs: ANSWERING },
    async (world, peers) => {
      await peers.elect();
      const one = request("C1", 1, append("x", "C1.1;"));
      await carryOut(world, peers, one);
      await carryOut(world, peers, request("C1", 2, append("x", "C1.2;")));
      peers.tell("C1", one);
      await world.runFor(200);
      peers.tell("C1", request("C1", 3, append("x", "C1.3;")));
      peers.tell("C1", one);
      await carryOut(world, peers, request("C1", 3, append("x", "C1.3;")));
      peers.tell("C1", one);
      await world.runFor(200);
      const value = await carryOut(world, peers, request("C2", 1, get("x")));
      world.check(value === "C1.1;C1.2;C1.3;", () => ({
        sentence: `C1's operations 1, 2 and 3 append C1.1; C1.2; and C1.3; and copies of request 1 arrive late. Then x is ${resultWords(value)}.`,
        rule: "The handout, 4.5: a request older than the client's last is ignored, or answered without effect.",
        next: "How is the sequence of a request compared with that of the session?",
        evidence: saidLately(world),
      }));
    },
  );

  it(
    "4.5e Every client has numbers of its own",
    { points: 2, seeds: 4, scripted: true, clients: 3, needs: ANSWERING },
    async (world, peers) => {
      await peers.elect();
      const expected: string[] = [];
      for (const [client, sequence] of [
        ["C1", 1],
        ["C2", 1],
        ["C1", 2],
        ["C3", 1],
        ["C2", 2],
        ["C3", 2],
      ] as const) {
        expected.push(`${client}.${sequence};`);
        await carryOut(world, peers, request(client, sequence, append("x", `${client}.${sequence};`)));
      }
      const value = await carryOut(world, peers, request("C1", 3, get("x")));
      world.check(value === expected.join(""), () => ({
        sentence: `C1, C2 and C3 append two texts each, all numbered 1 and 2. Then x is ${resultWords(value)}; expected “${expected.join("")}”.`,
        rule: ONCE,
        next: "Whose number is it: what is a session found by?",
        evidence: saidLately(world),
      }));
    },
  );

  it(
    "4.5f A copy that comes half a minute late is still recognised",
    { points: 2, seeds: 2, scripted: true, clients: 2, needs: ANSWERING },
    async (world, peers) => {
      await peers.elect();
      const one = request("C1", 1, cas("x", null, "C1.1"));
      await carryOut(world, peers, one);
      await carryOut(world, peers, request("C2", 1, append("x", ";C2.1")));
      await world.runFor(30_000);
      const result = await carryOut(world, peers, one);
      const value = await carryOut(world, peers, request("C2", 2, get("x")));
      world.check(result === true && value === "C1.1;C2.1", () => ({
        sentence: `C1's cas(x, null, “C1.1”) gave true. Half a minute later its request arrives once more, is answered with ${resultWords(result)}, and x is ${resultWords(value)}; expected true and “C1.1;C2.1”.`,
        rule: ONCE,
        next: "When does a server forget a session? The servers' clocks do not agree, so a clock cannot say.",
        evidence: saidLately(world),
      }));
    },
  );
});
