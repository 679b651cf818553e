import test from "tape";
import { ContractBreach } from "../host/contract-breach";
import { troubleOf } from "../host/trouble";
import { storyOfPart } from "./helpers";

test("a breach that quotes names of a server's own quotes no more than 300 characters of them", (t) => {
  const about = { where: `S1, field ${"f".repeat(10_000)}`, rule: "r", found: "c".repeat(10_000), next: "n" };
  const { message, trouble } = new ContractBreach(about);

  t.equal(trouble.where, `${about.where.slice(0, 300)}…`);
  t.equal(trouble.found, `${about.found.slice(0, 300)}…`);
  t.ok(message.length < 700);
  const exactly = { ...about, where: "w".repeat(300), found: "f".repeat(300) };
  t.equal(new ContractBreach(exactly).trouble.where, exactly.where, "300 are quoted in full");
  t.end();
});

test("a field's long name is quoted in part", async (t) => {
  const { headline } = await storyOfPart({
    start: (env) =>
      env.self === "S1" && env.send("S2", { type: "Bad", ["f".repeat(100_000)]: () => 0 } as never),
  });

  t.match(headline, /^S1\.start, env\.send, field f+…: expected plain data .* found a function\.$/);
  t.ok(headline.length < 600);
});

test("a server cannot talk a breach away that it has caught", async (t) => {
  const story = await storyOfPart({
    start(env) {
      try {
        env.setTimer("t", -1);
      } catch (error) {
        Reflect.set(error as object, "trouble", undefined);
        Reflect.set((error as ContractBreach).trouble, "rule", "nothing at all");
      }
    },
  });

  t.match(story.headline, /^S1\.start, env\.setTimer\("t"\): expected a delay of 0 to/);
});

test("a breach that a server's code has made is told in bounded words, whatever is in it", (t) => {
  const trouble = {
    kind: "nonsense",
    rule: 7,
    found: ["f"],
    where: "w".repeat(9_999),
    next: { toString: () => "n" },
  };
  const forged: unknown = Object.create(ContractBreach.prototype, { trouble: { value: trouble } });

  t.deepEqual(troubleOf(forged, "S1.start"), {
    kind: "contract",
    rule: "7",
    found: "f",
    where: "w".repeat(500),
    next: "n",
    line: undefined,
  });
  t.end();
});

test("a breach of the contract is reported even if the server catches the error", async (t) => {
  const story = await storyOfPart({
    start(env) {
      try {
        env.send("S9", { type: "Note" });
      } catch {
        env.log("never mind");
      }
    },
  });

  t.equal(story.kind, "contract");
  t.match(story.headline, /^S1\.start, env\.send: .* found "S9" as receiver\.$/);
});

test("of two breaches in one handler the first is reported", async (t) => {
  const story = await storyOfPart({
    start(env) {
      try {
        env.setTimer("t", -1);
      } finally {
        env.send("S9", { type: "Note" });
      }
    },
  });

  t.match(story.headline, /env\.setTimer\("t"\)/);
});
