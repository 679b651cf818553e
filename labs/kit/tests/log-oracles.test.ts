import test from "tape";
import { isCaught, isRight, type Stage } from "./oracle-stage";

const MATCHING = "Log Matching (Raft Figure 3): ";

/** S1 leads term 1 and has sent a and b to S2. */
async function leading(stage: Stage): Promise<void> {
  await stage.elect("S1", 1, ["S2", "S3"]);
  await stage.propose("S1", "a", [1, 1]);
  await stage.propose("S1", "b", [2, 1]);
  await stage.append("S1", "S2", 1, { entries: AB });
}

const AB: readonly (readonly [number, string])[] = [
  [1, "a"],
  [1, "b"],
];

test("two entries of the same index and term with different commands are caught", async (t) => {
  const story = await isCaught(
    t,
    3,
    `${MATCHING}S2 sends entry 2 of term 1 as "a"; S1 sent it as "b".`,
    async (stage) => {
      await leading(stage);
      await stage.elect("S2", 2, ["S3"], [2, 1]);
      await stage.append("S2", "S3", 2, { after: [1, 1], entries: [[1, "a"]] });
    },
  );

  t.match(story.rule ?? "", /identical in all entries up through the given index/);
});

test("an entry that stands after one of another term than at first is caught", (t) =>
  isCaught(
    t,
    3,
    `${MATCHING}S2 sends entry 2 of term 3 after one of term 1; when S1 sent it, it came after one of term 2.`,
    async (stage) => {
      await stage.elect("S1", 1, ["S2"]);
      await stage.propose("S1", "a", [1, 1]);
      await stage.append("S1", "S2", 1, { entries: [[1, "a"]] });
      await stage.elect("S3", 2, ["S2"]);
      await stage.propose("S3", "x", [1, 2]);
      await stage.append("S3", "S1", 2, { entries: [[2, "x"]] });
      await stage.elect("S1", 3, ["S3"], [1, 2]);
      await stage.propose("S1", "y", [2, 3]);
      await stage.append("S1", "S2", 3, { after: [1, 2], entries: [[3, "y"]] });
      await stage.elect("S2", 4, ["S1"], [2, 3]);
      await stage.append("S2", "S3", 4, {
        entries: [
          [1, "a"],
          [3, "y"],
        ],
      });
    },
  ));

test("an entry that is applied otherwise than it was sent is caught", (t) =>
  isCaught(t, 3, `${MATCHING}S1 applies entry 1 of term 1 as "b"; S1 sent it as "a".`, async (stage) => {
    await leading(stage);
    await stage.accept("S2", "S1", 1, 2);
    await stage.apply("S1", [1, 1, "b"]);
  }));

test("commands are compared by what they say, and long ones are told in short", async (t) => {
  const command = { op: "put", at: [1, { k: "key" }], text: "a long text that nobody wants to read" };
  const reordered = { text: command.text, at: [1, { k: "key" }], op: "put" };
  const play = async (stage: Stage, again: typeof command): Promise<void> => {
    await stage.elect("S1", 1, ["S2"]);
    await stage.propose("S1", command, [1, 1]);
    await stage.append("S1", "S2", 1, { entries: [[1, command]] });
    await stage.append("S1", "S3", 1, { entries: [[1, again]] });
  };
  await isRight(t, 3, "fields in another order", (stage) => play(stage, reordered));
  await isCaught(
    t,
    3,
    `${MATCHING}S1 sends entry 1 of term 1 as {"op":"put","at":[2,{"k":"key…; S1 sent it as {"op":"put","at":[1,{"k":"key….`,
    (stage) => play(stage, { ...command, at: [2, { k: "key" }] }),
  );
});

test("nobody is blamed for what a test's own servers contradict", (t) =>
  isRight(
    t,
    3,
    "scripted leaders of one term",
    async (stage) => {
      await stage.append("S2", "S1", 1, { entries: [[1, "x"]] });
      await stage.append("S3", "S1", 2, { entries: [[1, "y"]] });
      await stage.elect("S1", 3, ["S2", "S3"], [1, 1]);
      await stage.append("S1", "S2", 3, { entries: [[1, "y"]] });
      await stage.append("S1", "S3", 3, { entries: [[1, "x"]] });
    },
    { scripted: ["S2", "S3"] },
  ));

const APPEND_ONLY = "Leader Append-Only (Raft Figure 3): ";

test("a leader that changes its log during its term is caught, in its entries and in what it says of the one before", async (t) => {
  const overwritten = async (stage: Stage): Promise<void> => {
    await stage.elect("S1", 1, ["S2"]);
    await stage.append("S1", "S2", 1, { entries: [[1, null]] });
    await stage.elect("S2", 2, ["S3"], [1, 1]);
    await stage.append("S2", "S3", 2, { entries: [[1, null]] });
  };
  const earlier = "earlier in this term it had one of term 1 there.";
  await isCaught(
    t,
    3,
    `${APPEND_ONLY}S2, leader of term 2, sends an entry of term 2 at index 1; ${earlier}`,
    async (stage) => {
      await overwritten(stage);
      await stage.append("S2", "S1", 2, { entries: [[2, null]] });
    },
  );
  await isCaught(
    t,
    3,
    `${APPEND_ONLY}S2, leader of term 2, sends an entry of term 2 at index 1; ${earlier}`,
    async (stage) => {
      await overwritten(stage);
      await stage.append("S2", "S1", 2, { after: [1, 2] });
    },
  );
});

test("two commands at one index, or one at an index that is taken, are caught", async (t) => {
  await isCaught(
    t,
    3,
    `${APPEND_ONLY}S1 gives "c" index 2 in term 1, after it gave "b" index 2.`,
    async (stage) => {
      await leading(stage);
      await stage.propose("S1", "c", [2, 1]);
    },
  );
  await isCaught(
    t,
    3,
    `${APPEND_ONLY}S2 gives "c" index 2 in term 2, where it had already sent another entry, of term 1.`,
    async (stage) => {
      await leading(stage);
      await stage.elect("S2", 2, ["S3"], [2, 1]);
      await stage.append("S2", "S3", 2, { after: [2, 1] });
      await stage.propose("S2", "c", [2, 2]);
    },
  );
});

test("a command that does not stand where the leader said is caught, whichever comes first", async (t) => {
  const sentence = `${APPEND_ONLY}S1 sends "b" as entry 1 of term 1; S1 had given this place to "a".`;
  await isCaught(t, 3, sentence, async (stage) => {
    await stage.elect("S1", 1, ["S2"]);
    await stage.propose("S1", "b", null);
    await stage.propose("S1", "a", [1, 1]);
    await stage.append("S1", "S2", 1, { entries: [[1, "b"]] });
  });
  await isCaught(t, 3, sentence, async (stage) => {
    await stage.elect("S1", 1, ["S2"]);
    await stage.propose("S1", "b", null);
    await stage.propose("S1", "a", [1, 1], [{ to: "S2", message: appending("b") }]);
  });
});

const appending = (command: string) => ({
  type: "AppendEntries",
  term: 1,
  leaderId: "S1",
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [{ term: 1, command }],
  leaderCommit: 0,
});

test("a leader may send at once, late, again, in pieces, and from anywhere in its log", (t) =>
  isRight(t, 3, "all sorts of sending", async (stage) => {
    await stage.elect("S1", 1, ["S2"]);
    await stage.propose("S1", "a", [1, 1], [{ to: "S2", message: appending("a") }]);
    await stage.propose("S1", "a", [2, 1]);
    await stage.propose("S1", null, [3, 1]);
    await stage.append("S1", "S3", 1, { after: [2, 1], entries: [[1, null]] });
    await stage.append("S1", "S3", 1, {
      entries: [
        [1, "a"],
        [1, "a"],
      ],
    });
    await stage.append("S1", "S3", 1, { after: [1, 1], entries: [[1, "a"]] });
  }));

const NOWHERE = "Nothing comes from nowhere (Raft §5.3): ";

test("an entry whose command nobody proposed is caught", async (t) => {
  await isCaught(
    t,
    3,
    `${NOWHERE}S1 sends {"command":"a"} as entry 1 of term 1; nobody has ever proposed that.`,
    async (stage) => {
      await stage.elect("S1", 1, ["S2"]);
      await stage.propose("S1", "a", null);
      await stage.append("S1", "S2", 1, { entries: [[1, { command: "a" }]] });
    },
  );
  await isCaught(
    t,
    1,
    `${NOWHERE}S1 applies "z" as entry 1 of term 1; nobody has ever proposed that.`,
    (stage) => stage.apply("S1", [1, 1, "z"]),
  );
});

test("an entry that the leader of its term never had is caught", (t) =>
  isCaught(
    t,
    3,
    `${NOWHERE}S2 sends "b" as entry 3 of term 1; S1 led term 1 and never sent such an entry.`,
    async (stage) => {
      await leading(stage);
      await stage.elect("S2", 2, ["S3"], [3, 1]);
      await stage.append("S2", "S3", 2, { after: [2, 1], entries: [[1, "b"]] });
    },
  ));

test("a no-op, a command that a server was given before it crashed, and one of a scripted leader come from somewhere", async (t) => {
  await isRight(t, 3, "a no-op, and a command without an answer", async (stage) => {
    await stage.elect("S1", 1, ["S2"]);
    await stage.append("S1", "S2", 1, { entries: [[1, null]] });
    stage.world.faults.stopBefore("S1", () => true);
    await stage.propose("S1", "a", [2, 1], [{ to: "S2", message: appending("a") }]);
    await stage.restart("S1", { role: "follower", currentTerm: 1 });
    await stage.elect("S1", 2, ["S3"], [2, 1]);
    await stage.append("S1", "S2", 2, { after: [1, 1], entries: [[1, "a"]] });
  });
  await isRight(
    t,
    3,
    "a scripted leader's entry goes on",
    async (stage) => {
      await stage.append("S2", "S1", 1, { entries: [[1, "theirs"]], commit: 1 });
      await stage.apply("S1", [1, 1, "theirs"]);
      await stage.elect("S1", 2, ["S3"], [1, 1]);
      await stage.append("S1", "S3", 2, { entries: [[1, "theirs"]] });
    },
    { scripted: ["S2", "S3"] },
  );
  await isRight(
    t,
    3,
    "in worlds with clients commands are the store's business",
    async (stage) => {
      await stage.elect("S1", 1, ["S2"]);
      await stage.append("S1", "S2", 1, { entries: [[1, { client: "C1", put: "k" }]] });
    },
    { clients: 1, scripted: ["C1"] },
  );
});

test("a server that takes a command without having been elected is caught", (t) =>
  isCaught(
    t,
    3,
    "A leader has a majority's votes (Raft §5.2): S2 takes a command in term 1, which it was never elected to lead.",
    async (stage) => {
      await leading(stage);
      await stage.propose("S2", "c", [3, 1]);
    },
  ));
