import test from "tape";
import { LeaderCompleteness } from "../oracles/leader-completeness";
import { StateMachineSafety } from "../oracles/state-machine-safety";
import { isCaught, isRight, type Stage } from "./oracle-stage";

const APPLYING = [
  (scene: ConstructorParameters<typeof StateMachineSafety>[0]) => new StateMachineSafety(scene),
];
const COMPLETENESS = [
  (scene: ConstructorParameters<typeof LeaderCompleteness>[0]) => new LeaderCompleteness(scene),
];

test("two servers that apply different entries at one index are caught, by command and by term", async (t) => {
  const SAFETY = "State Machine Safety (Raft Figure 3): ";
  await isCaught(
    t,
    3,
    `${SAFETY}S2 applies "b" of term 1 at index 1, where S1 applied "a" of term 1.`,
    async (stage) => {
      await stage.apply("S1", [1, 1, "a"]);
      await stage.apply("S2", [1, 1, "b"]);
    },
    { oracles: APPLYING },
  );
  await isCaught(
    t,
    3,
    `${SAFETY}S2 applies "a" of term 2 at index 1, where S1 applied "a" of term 1.`,
    async (stage) => {
      await stage.apply("S1", [1, 1, "a"]);
      await stage.apply("S2", [1, 2, "a"]);
    },
    { oracles: APPLYING },
  );
  await isCaught(
    t,
    3,
    `${SAFETY}S1 applies "b" of term 1 at index 1, where it had applied "a" of term 1 before it was restarted.`,
    async (stage) => {
      await stage.apply("S1", [1, 1, "a"]);
      await stage.restart("S1", { role: "follower", currentTerm: 0 });
      await stage.apply("S1", [1, 1, "b"]);
    },
    { oracles: APPLYING },
  );
});

/** S1, S2 and S3 have committed a and b in term 1; S4 and S5 have nothing. */
async function committed(stage: Stage): Promise<void> {
  await stage.elect("S1", 1, ["S2", "S3"]);
  await stage.propose("S1", "a", [1, 1]);
  await stage.propose("S1", "b", [2, 1]);
  for (const peer of ["S2", "S3"]) {
    await stage.append("S1", peer, 1, {
      entries: [
        [1, "a"],
        [1, "b"],
      ],
    });
    await stage.accept(peer, "S1", 1, 2);
  }
}

test("entries are applied from the first one on, without a gap, and none twice in a life", async (t) => {
  const ORDER = "Entries are applied in order, each once (Raft Figure 2): ";
  await isCaught(t, 5, `${ORDER}S1 applies entry 2 first; expected entry 1.`, async (stage) => {
    await committed(stage);
    await stage.apply("S1", [2, 1, "b"]);
  });
  await isCaught(t, 5, `${ORDER}S1 applies entry 1 for the second time.`, async (stage) => {
    await committed(stage);
    await stage.apply("S1", [1, 1, "a"], [1, 1, "a"]);
  });
  await isCaught(t, 5, `${ORDER}S1 applies entry 1, after entry 2, for the second time.`, async (stage) => {
    await committed(stage);
    await stage.apply("S1", [1, 1, "a"], [2, 1, "b"]);
    await stage.apply("S1", [1, 1, "a"]);
  });
  await isRight(t, 5, "a new life has a new state machine", async (stage) => {
    await committed(stage);
    await stage.apply("S1", [1, 1, "a"], [2, 1, "b"]);
    await stage.restart("S1", { role: "follower", currentTerm: 1 });
    await stage.apply("S1", [1, 1, "a"], [2, 1, "b"]);
  });
});

const COMPLETE = "Leader Completeness (Raft Figure 3): ";

test("a leader without a committed entry is caught when it leads, and the voter who knew better is named", async (t) => {
  const story = await isCaught(
    t,
    5,
    `${COMPLETE}S4 leads term 2 without entry 2 of term 1, which was committed in term 1: its log was empty when it asked for votes. S3 had stored that entry, and voted for S4.`,
    async (stage) => {
      await committed(stage);
      await stage.elect("S4", 2, ["S5", "S3"]);
      await stage.append("S4", "S5", 2);
    },
  );

  t.match(story.lines.find(({ isWrong }) => isWrong)?.outcome ?? "", /S3 grants S4 its vote/);
  t.match(story.rule ?? "", /§5\.4\.1/);
});

test("a leader may send entries before it writes them: what it hears of them after a restart commits nothing", async (t) => {
  const play = (isRestarted: boolean) => async (stage: Stage) => {
    await stage.elect("S1", 1, ["S2"]);
    await stage.append("S1", "S2", 1, { entries: [[1, "a"]] });
    if (isRestarted) await stage.restart("S1", { role: "follower", currentTerm: 1 });
    await stage.accept("S2", "S1", 1, 1);
    await stage.elect("S3", 2, ["S1"]);
    await stage.append("S3", "S1", 2);
  };
  await isRight(t, 3, "S1 has stopped before it wrote the entry", play(true), { oracles: COMPLETENESS });
  await isCaught(
    t,
    3,
    `${COMPLETE}S3 leads term 2 without entry 1 of term 1, which was committed in term 1: its log was empty when it asked for votes. S1 had stored that entry, and voted for S3.`,
    play(false),
    { oracles: COMPLETENESS },
  );
});

test("a log that ends with a later term may still lack a committed entry: that shows in what the leader sends", (t) =>
  isCaught(
    t,
    5,
    `${COMPLETE}S4 leads term 3 without entry 1 of term 1, which was committed in term 1: it has an entry of term 2 at index 1. S3 had stored that entry, and voted for S4.`,
    async (stage) => {
      await committed(stage);
      await stage.elect("S4", 3, ["S5", "S3"], [1, 2]);
      await stage.append("S4", "S5", 3, { entries: [[2, null]] });
    },
    { oracles: COMPLETENESS },
  ));

test("a leader that has lost what it had stored itself is caught, by its next command too", async (t) => {
  await isCaught(
    t,
    5,
    `${COMPLETE}S2 leads term 2 without entry 2 of term 1, which was committed in term 1: when it asked for votes its log ended with entry 1 of term 1. It had stored that entry itself.`,
    async (stage) => {
      await committed(stage);
      await stage.elect("S2", 2, ["S4", "S5"], [1, 1]);
      await stage.say("S2", { role: "leader", currentTerm: 2 });
    },
    { oracles: COMPLETENESS },
  );
  await isCaught(
    t,
    5,
    `${COMPLETE}S2 leads term 2 without entry 2 of term 1, which was committed in term 1: it has an entry of term 2 at index 2. It had stored that entry itself.`,
    async (stage) => {
      await committed(stage);
      await stage.elect("S2", 2, ["S4", "S5"], [2, 1]);
      await stage.propose("S2", "c", [2, 2]);
    },
  );
});

test("an entry that turns out to be committed late is missed in a leader that is there already", (t) =>
  isCaught(
    t,
    3,
    `${COMPLETE}S3 leads term 2 without entry 1 of term 1, which was committed in term 1: its log was empty when it asked for votes. S2 had stored that entry, and voted for S3.`,
    async (stage) => {
      await stage.elect("S1", 1, ["S2"]);
      await stage.propose("S1", "a", [1, 1]);
      await stage.append("S1", "S2", 1, { entries: [[1, "a"]] });
      await stage.elect("S3", 2, ["S2"]);
      await stage.append("S3", "S2", 2);
      await stage.accept("S2", "S1", 1, 1);
    },
  ));

test("leaders with all that is committed, and those without what is not, are right", async (t) => {
  await isRight(t, 5, "a complete leader", async (stage) => {
    await committed(stage);
    await stage.elect("S3", 2, ["S4", "S5"], [2, 1]);
    await stage.append("S3", "S4", 2, { after: [2, 1] });
    await stage.propose("S3", "c", [3, 2]);
  });
  await isRight(t, 5, "what only a minority stores may be lost", async (stage) => {
    await stage.elect("S1", 1, ["S2", "S3"]);
    await stage.propose("S1", "a", [1, 1]);
    await stage.append("S1", "S2", 1, { entries: [[1, "a"]] });
    await stage.accept("S2", "S1", 1, 1);
    await stage.elect("S4", 2, ["S3", "S5"]);
    await stage.propose("S4", "b", [1, 2]);
    await stage.append("S4", "S2", 2, { entries: [[2, "b"]] });
    await stage.accept("S2", "S4", 2, 1);
  });
});

test("a test's own leader may overwrite what is committed, and nobody else is blamed for it", (t) =>
  isRight(
    t,
    3,
    "a scripted usurper",
    async (stage) => {
      await stage.elect("S1", 1, ["S2"]);
      await stage.append("S1", "S2", 1, { entries: [[1, null]] });
      await stage.accept("S2", "S1", 1, 1);
      await stage.append("S3", "S1", 2, { entries: [[2, null]] });
      await stage.elect("S1", 3, ["S2"], [1, 2]);
      await stage.append("S1", "S2", 3, { entries: [[2, null]] });
    },
    { scripted: ["S2", "S3"] },
  ));
