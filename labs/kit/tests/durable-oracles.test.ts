import test from "tape";
import { isCaught, isRight, type Stage } from "./oracle-stage";

const OUTLIVE = "Promises outlive a restart (Raft Figure 2): ";
const STAYS = "What is acknowledged stays until a later leader overwrites it (Raft §5.3): ";

const follower = (currentTerm: number) => ({ role: "follower", currentTerm }) as const;

test("a server that has forgotten its term after a restart is caught: by what it says, or when it next hears of something", async (t) => {
  const voted = async (stage: Stage): Promise<void> => {
    await stage.elect("S1", 4, ["S2"]);
    await stage.say("S2", follower(4));
  };
  await isCaught(
    t,
    3,
    `${OUTLIVE}S2 is back in term 3 after its restart, although it has sent messages of term 4.`,
    async (stage) => {
      await voted(stage);
      await stage.restart("S2", follower(3));
    },
  );
  const story = await isCaught(
    t,
    3,
    `${OUTLIVE}S2 is back in term 0 after its restart, although it has sent messages of term 4.`,
    async (stage) => {
      await voted(stage);
      await stage.restart("S2", follower(0));
      await stage.append("S1", "S2", 4);
    },
  );

  t.equal(story.lines.find(({ isWrong }) => isWrong)?.event, "S2  starts");
});

test("a server that comes back with its term, or a later one, is right, and pre-votes promise nothing", (t) =>
  isRight(t, 3, "durable terms", async (stage) => {
    await stage.elect("S1", 4, ["S2"]);
    await stage.restart("S2", follower(4));
    await stage.append("S1", "S2", 4);
    await stage.send("S2", "S1", {
      type: "PreVote",
      term: 5,
      candidateId: "S2",
      lastLogIndex: 0,
      lastLogTerm: 0,
    });
    await stage.restart("S2", follower(4));
    await stage.append("S1", "S2", 4);
    await stage.restart("S1", follower(7));
  }));

/** S1 leads term 1; S2 has acknowledged its entries 1 and 2. */
async function acknowledged(stage: Stage): Promise<void> {
  await stage.elect("S1", 1, ["S3"]);
  await stage.append("S1", "S2", 1, {
    entries: [
      [1, null],
      [1, null],
    ],
  });
  await stage.accept("S2", "S1", 1, 2);
  await stage.say("S2", follower(1));
}

test("a follower that asks for votes with less than it has acknowledged is caught, with a restart and without", async (t) => {
  await isCaught(
    t,
    5,
    `${OUTLIVE}S2 asks for votes and has an empty log; to the leader of term 1 it had acknowledged entry 2 of term 1 before its restart.`,
    async (stage) => {
      await acknowledgedByTwo(stage);
      await stage.restart("S2", follower(1));
      await stage.elect("S2", 2, []);
    },
  );
  const story = await isCaught(
    t,
    5,
    `${STAYS}S2 asks for votes and has a log that ends with entry 1 of term 1; to the leader of term 1 it had acknowledged entry 2 of term 1.`,
    async (stage) => {
      await acknowledgedByTwo(stage);
      await stage.elect("S2", 2, [], [1, 1]);
    },
  );

  t.match(story.rule ?? "", /step 3/);
});

/** The same in a cluster of five. */
async function acknowledgedByTwo(stage: Stage): Promise<void> {
  await stage.elect("S1", 1, ["S3", "S4"]);
  await stage.append("S1", "S2", 1, {
    entries: [
      [1, null],
      [1, null],
    ],
  });
  await stage.accept("S2", "S1", 1, 2);
  await stage.say("S2", follower(1));
}

test("a follower that refuses what follows an entry that it has acknowledged is caught", async (t) => {
  const refuses =
    "S2 refuses an AppendEntries of term 1, although no leader has sent it one that starts after that;";
  await isCaught(
    t,
    3,
    `${OUTLIVE}${refuses} to the leader of term 1 it had acknowledged entry 2 of term 1 before its restart.`,
    async (stage) => {
      await acknowledged(stage);
      await stage.restart("S2", follower(1));
      await stage.append("S1", "S2", 1, { after: [2, 1] });
      await stage.refuse("S2", "S1", 1, 0);
    },
  );
});

test("a follower may refuse what starts beyond its log, and what comes from an old leader", (t) =>
  isRight(t, 3, "refusals with a reason", async (stage) => {
    await acknowledged(stage);
    await stage.append("S1", "S2", 1, { after: [3, 1] });
    await stage.refuse("S2", "S1", 1, 2);
    await stage.elect("S3", 2, ["S2"], [2, 1]);
    await stage.append("S3", "S2", 2, { after: [2, 1] });
    await stage.accept("S2", "S3", 2, 2);
    await stage.append("S1", "S2", 1, { after: [2, 1] });
    await stage.refuse("S2", "S1", 2, 2);
  }));

test("what a later leader overwrites is no promise any more", (t) =>
  isRight(t, 5, "a shorter log of a later leader", async (stage) => {
    await acknowledgedByTwo(stage);
    await stage.elect("S3", 2, ["S4", "S5"]);
    await stage.append("S3", "S2", 2, { entries: [[2, null]] });
    await stage.elect("S2", 3, [], [1, 2]);
    await stage.restart("S2", follower(3));
    await stage.elect("S2", 4, [], [1, 2]);
  }));
