import test from "tape";
import { OnlyCommitted } from "../oracles/only-committed";
import { isCaught, isRight, type Play, type Stage } from "./oracle-stage";

const APPLIED = "Only what is committed is applied";

/** Where the play cannot be right in all other ways. */
const ONLY_COMMITTED = [(scene: ConstructorParameters<typeof OnlyCommitted>[0]) => new OnlyCommitted(scene)];

/** S1 leads term 1 of `servers`, has taken commands a, b, … and sent them all to S2. */
async function leading(stage: Stage, commands: readonly string[] = ["a", "b"]): Promise<void> {
  const { ids } = stage.world;
  await stage.elect("S1", 1, ids.slice(1, 1 + Math.floor(ids.length / 2)));
  for (const [i, command] of commands.entries()) await stage.propose("S1", command, [i + 1, 1]);
  await stage.append("S1", "S2", 1, { entries: commands.map((command) => [1, command]) });
}

test("a leader that applies what only it stores is caught", async (t) => {
  const story = await isCaught(
    t,
    3,
    `${APPLIED} (Raft §5.3): S1, leader of term 1, applies entry 1 of term 1; of 3 servers only S1 is known to store that.`,
    async (stage) => {
      await leading(stage);
      await stage.apply("S1", [1, 1, "a"]);
    },
  );

  t.match(story.rule ?? "", /replicated it on a majority/);
});

test("a leader commits what a majority stores: neither less than that, nor a refusal's hint, nor replies of another term", async (t) => {
  const caught = (play: Play, holders: string, servers = 5) =>
    isCaught(
      t,
      servers,
      `${APPLIED} (Raft §5.3): S1, leader of term 1, applies entry 2 of term 1; of ${servers} servers only ${holders} known to store that.`,
      async (stage) => {
        await leading(stage);
        await play(stage);
        await stage.apply("S1", [1, 1, "a"], [2, 1, "b"]);
      },
    );

  await caught(async (stage) => {
    await stage.append("S1", "S3", 1, { entries: [[1, "a"]] });
    await stage.accept("S2", "S1", 1, 2);
    await stage.accept("S3", "S1", 1, 1);
  }, "S1 and S2 are");
  await caught(async (stage) => {
    await stage.append("S1", "S3", 1, { entries: [[1, "a"]] });
    await stage.append("S1", "S4", 1, { entries: [[1, "a"]] });
    await stage.accept("S2", "S1", 1, 1);
    await stage.accept("S3", "S1", 1, 1);
    await stage.refuse("S4", "S1", 1, 2);
  }, "S1 is");
});

test("what a peer has acknowledged in an earlier term of the same leader does not count", (t) =>
  isCaught(
    t,
    5,
    `${APPLIED} (Raft §5.3): S1, leader of term 3, announces leaderCommit 3; of 5 servers only S1 and S3 are known to store that.`,
    async (stage) => {
      await leading(stage, ["a", "b", "c"]);
      await stage.accept("S2", "S1", 1, 3);
      await stage.elect("S5", 2, ["S3", "S4"]);
      await stage.propose("S5", "d", [1, 2]);
      await stage.append("S5", "S1", 2, { entries: [[2, "d"]] });
      await stage.append("S5", "S2", 2, { entries: [[2, "d"]] });
      await stage.elect("S1", 3, ["S3", "S4"], [1, 2]);
      await stage.propose("S1", "e", [2, 3]);
      await stage.propose("S1", "f", [3, 3]);
      const entries = [
        [2, "d"],
        [3, "e"],
        [3, "f"],
      ] as const;
      await stage.append("S1", "S3", 3, { entries });
      await stage.accept("S3", "S1", 3, 3);
      await stage.append("S1", "S4", 3, { commit: 3 });
    },
  ));

test("a leader that announces or reports more than is committed is caught, before it applies anything", async (t) => {
  const beyond = "of 3 servers only S1 is known to store that.";
  await isCaught(
    t,
    3,
    `${APPLIED} (Raft §5.3): S1, leader of term 1, announces leaderCommit 2; ${beyond}`,
    async (stage) => {
      await leading(stage);
      await stage.append("S1", "S3", 1, { commit: 2 });
    },
  );
  await isCaught(
    t,
    3,
    `${APPLIED} (Raft §5.3): S1, leader of term 1, says commitIndex 2; ${beyond}`,
    async (stage) => {
      await leading(stage);
      await stage.say("S1", { role: "leader", currentTerm: 1, commitIndex: 2 });
    },
  );
});

/** Figure 8: S1 has left entry 2 of term 2 on S2, S5 one of term 3 on itself, and S1 is back and copies its own to S3. */
async function figure8(stage: Stage): Promise<void> {
  await stage.elect("S1", 2, ["S2", "S3"]);
  await stage.propose("S1", "old", [1, 2]);
  await stage.append("S1", "S2", 2, { entries: [[2, "old"]] });
  await stage.accept("S2", "S1", 2, 1);
  await stage.elect("S5", 3, ["S3", "S4"]);
  await stage.propose("S5", "other", [1, 3]);
  await stage.elect("S1", 4, ["S2", "S3"], [1, 2]);
  await stage.append("S1", "S2", 4, { after: [1, 2] });
  await stage.append("S1", "S3", 4, { entries: [[2, "old"]] });
  await stage.accept("S2", "S1", 4, 1);
  await stage.accept("S3", "S1", 4, 1);
}

test("Figure 8: a leader that commits an entry of an older term by counting replicas is caught", async (t) => {
  const story = await isCaught(
    t,
    5,
    `${APPLIED} (Raft §5.4.2, Figure 8): S1, leader of term 4, applies entry 1 of term 2 because a majority stores it; but of term 4 itself a majority stores nothing yet.`,
    async (stage) => {
      await figure8(stage);
      await stage.apply("S1", [1, 2, "old"]);
    },
  );

  t.match(story.rule ?? "", /log\[N\]\.term == currentTerm/);
  t.match(story.next ?? "", /Figure 8/);
});

test("Figure 8: with an entry of its own term on a majority it may commit both", (t) =>
  isRight(t, 5, "both are committed", async (stage) => {
    await figure8(stage);
    await stage.propose("S1", "new", [2, 4]);
    for (const peer of ["S2", "S3"]) {
      await stage.append("S1", peer, 4, { after: [1, 2], entries: [[4, "new"]] });
      await stage.accept(peer, "S1", 4, 2);
    }
    await stage.apply("S1", [1, 2, "old"], [2, 4, "new"]);
    await stage.append("S1", "S2", 4, { after: [2, 4], commit: 2 });
    await stage.apply("S2", [1, 2, "old"], [2, 4, "new"]);
  }));

test("a follower that takes leaderCommit for entries which it has not checked is caught", async (t) => {
  const story = await isCaught(
    t,
    3,
    `${APPLIED} (Raft Figure 2): S3 applies entry 2 of term 1; the leader of term 2 has committed up to 2, but has shown S3 its entries up to 1 only.`,
    async (stage) => {
      await leading(stage);
      await stage.append("S1", "S3", 1, {
        entries: [
          [1, "a"],
          [1, "b"],
        ],
      });
      await stage.append("S1", "S2", 1, { entries: [[1, "a"]] });
      await stage.elect("S2", 2, ["S1"], [1, 1]);
      await stage.append("S2", "S1", 2, { after: [1, 1], entries: [[2, "c"]] });
      await stage.accept("S1", "S2", 2, 2);
      await stage.apply("S2", [1, 1, "a"], [2, 2, "c"]);
      await stage.append("S2", "S3", 2, { after: [1, 1], commit: 2 });
      await stage.apply("S3", [1, 1, "a"]);
      await stage.apply("S3", [2, 1, "b"]);
    },
    { oracles: ONLY_COMMITTED },
  );

  t.match(story.rule ?? "", /min\(leaderCommit, index of last new entry\)/);
});

test("a follower that applies on the word of a request that it cannot accept is caught", (t) =>
  isCaught(
    t,
    3,
    `${APPLIED} (Raft Figure 2): S3 applies entry 1 of term 1; the leader of term 1 has committed up to 2, but its AppendEntries follow entry 2 of term 1, which S3 has never received.`,
    async (stage) => {
      await leading(stage);
      await stage.accept("S2", "S1", 1, 2);
      await stage.append("S1", "S3", 1, { after: [2, 1], commit: 2 });
      await stage.apply("S3", [1, 1, "a"]);
    },
  ));

test("a follower that applies what nobody has called committed is caught, after a restart too", async (t) => {
  const early = async (stage: Stage): Promise<void> => {
    await leading(stage);
    await stage.accept("S2", "S1", 1, 2);
  };
  const headline = `${APPLIED} (Raft §5.3): S2 applies entry 1 of term 1; no leader has told it that anything is committed.`;
  await isCaught(t, 3, headline, async (stage) => {
    await early(stage);
    await stage.apply("S2", [1, 1, "a"]);
  });
  const story = await isCaught(t, 3, headline, async (stage) => {
    await early(stage);
    await stage.restart("S2", { role: "follower", currentTerm: 1 });
    await stage.apply("S2", [1, 1, "a"]);
  });

  t.match(story.next ?? "", /after its restart/);
});

test("what a server once knew to be committed it may apply in another life, and report at once", (t) =>
  isRight(t, 3, "a persisted commitIndex", async (stage) => {
    await leading(stage);
    await stage.accept("S2", "S1", 1, 2);
    await stage.apply("S1", [1, 1, "a"], [2, 1, "b"]);
    await stage.append("S1", "S2", 1, { after: [2, 1], commit: 2 });
    await stage.apply("S2", [1, 1, "a"]);
    await stage.restart("S2", { role: "follower", currentTerm: 1, commitIndex: 2 });
    await stage.apply("S2", [1, 1, "a"], [2, 1, "b"]);
  }));

test("a leader may announce less than it knows, and a follower may learn late what it has matched", (t) =>
  isRight(t, 3, "lazy ones", async (stage) => {
    await leading(stage);
    await stage.accept("S2", "S1", 1, 2);
    await stage.say("S1", { role: "leader", currentTerm: 1, commitIndex: 1 });
    await stage.append("S1", "S2", 1, { commit: 1 });
    await stage.append("S1", "S2", 1, { after: [2, 1], commit: 2 });
    await stage.apply("S2", [1, 1, "a"], [2, 1, "b"]);
  }));

test("a follower that keeps what came too early may use it once the gap is closed", (t) =>
  isRight(t, 3, "requests out of order", async (stage) => {
    await leading(stage);
    await stage.accept("S2", "S1", 1, 2);
    await stage.append("S1", "S3", 1, { after: [1, 1], entries: [[1, "b"]], commit: 2 });
    await stage.refuse("S3", "S1", 1, 0);
    await stage.append("S1", "S3", 1, { entries: [[1, "a"]], commit: 2 });
    await stage.accept("S3", "S1", 1, 2);
    await stage.apply("S3", [1, 1, "a"], [2, 1, "b"]);
  }));

test("a server alone commits what it likes", (t) =>
  isRight(
    t,
    1,
    "a cluster of one",
    async (stage) => {
      await stage.propose("S1", "a", [1, 1]);
      await stage.apply("S1", [1, 1, "a"]);
      await stage.say("S1", { role: "follower", currentTerm: 1, commitIndex: 1 });
    },
    { oracles: ONLY_COMMITTED },
  ));

test("a commitIndex that goes back is caught within a life, and not after a restart", async (t) => {
  const committed = async (stage: Stage): Promise<void> => {
    await leading(stage);
    await stage.accept("S2", "S1", 1, 2);
    await stage.say("S1", { role: "leader", currentTerm: 1, commitIndex: 2 });
  };
  await isCaught(
    t,
    3,
    "commitIndex never goes back (Raft Figure 2): S1's commitIndex goes back from 2 to 1.",
    async (stage) => {
      await committed(stage);
      await stage.say("S1", { role: "leader", currentTerm: 1, commitIndex: 1 });
    },
  );
  await isRight(t, 3, "a new life may begin with 0", async (stage) => {
    await committed(stage);
    await stage.say("S1", { role: "leader", currentTerm: 1 });
    await stage.restart("S1", { role: "follower", currentTerm: 1, commitIndex: 0 });
  });
});

const VOUCHES = "A follower vouches only for what it has seen (Raft §5.3): ";

test("a follower that acknowledges more than it was shown is caught", async (t) => {
  const says = "S2 answers that its log matches that of term 2's leader up to 2";
  const story = await isCaught(
    t,
    3,
    `${VOUCHES}${says}; the leader has shown it nothing beyond 1.`,
    async (stage) => {
      await leading(stage);
      await stage.append("S1", "S3", 1, { entries: [[1, "a"]] });
      await stage.elect("S3", 2, ["S1"], [1, 1]);
      await stage.append("S3", "S2", 2, { after: [1, 1] });
      await stage.accept("S2", "S3", 2, 2);
    },
  );
  await isCaught(t, 3, `${VOUCHES}${says}; it never heard from that leader.`, async (stage) => {
    await leading(stage);
    await stage.accept("S2", "S1", 2, 2);
  });
  await isCaught(
    t,
    3,
    `${VOUCHES}S2 answers that its log matches that of term 1's leader up to 1; the leader has shown it no entry.`,
    async (stage) => {
      await stage.elect("S1", 1, ["S3"]);
      await stage.append("S1", "S2", 1);
      await stage.accept("S2", "S1", 1, 1);
    },
  );

  t.match(story.next ?? "", /the length of its own log/);
});

test("a follower that accepts what follows an entry which it cannot have is caught", async (t) => {
  const story = await isCaught(
    t,
    3,
    `${VOUCHES}S3 answers that its log matches that of term 1's leader up to 2; these entries follow entry 1 of term 1, which S3 has never received.`,
    async (stage) => {
      await leading(stage);
      await stage.append("S1", "S3", 1, { after: [1, 1], entries: [[1, "b"]] });
      await stage.accept("S3", "S1", 1, 2);
    },
  );

  t.match(story.rule ?? "", /prevLogTerm/);
});

test("a follower may acknowledge less, the same twice, and as a former leader what it made itself", (t) =>
  isRight(t, 3, "modest followers", async (stage) => {
    await leading(stage);
    await stage.accept("S2", "S1", 1, 1);
    await stage.accept("S2", "S1", 1, 2);
    await stage.accept("S2", "S1", 1, 2);
    await stage.accept("S2", "S1", 1, 0);
    await stage.elect("S2", 2, ["S3"], [2, 1]);
    await stage.append("S2", "S1", 2, { after: [2, 1] });
    await stage.accept("S1", "S2", 2, 2);
  }));
