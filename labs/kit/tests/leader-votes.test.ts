import test from "tape";
import { type AnyMessage, grant, type Millis, type NodeId, refuse, type Status, type Story } from "..";
import { FOLLOWER, type Part, storyOfPart, worldOf } from "./helpers";

/** What a server sends to S1, and when. */
interface Vote {
  readonly by: NodeId;
  readonly at: Millis;
  readonly vote: AnyMessage;
}

const vote = (by: NodeId, message: AnyMessage = grant(2), at: Millis = 1): Vote => ({
  by,
  at,
  vote: message,
});

/** S1 gets these votes, and says at 10 ms that it leads term 2, and at 20 ms what it says in `later`. */
function claiming(votes: readonly Vote[], later?: Status): Part {
  const leading: Status = { role: "leader", currentTerm: 2 };
  return {
    start(env) {
      env.setTimer("10", 10);
      env.setTimer("20", 20);
      for (const [i, { by, at }] of votes.entries()) if (by === env.self) env.setTimer(`vote ${i}`, at);
    },
    onTimer(env, name) {
      if (name.startsWith("vote")) env.send("S1", votes[Number(name.slice(5))].vote);
    },
    status(env) {
      if (env.self !== "S1" || env.now() < 10) return FOLLOWER;
      return env.now() < 20 ? leading : (later ?? leading);
    },
  };
}

function says(t: test.Test, story: Story, sentence: string): void {
  t.equal(story.kind, "violation");
  t.equal(story.headline, `A leader has a majority's votes (Raft §5.2): S1 leads ${sentence}.`);
  t.equal(story.rule, "Figure 2, Candidates: if votes received from majority of servers: become leader.");
  t.equal(story.lines.filter(({ isWrong }) => isWrong).length, 1);
  t.equal(story.lines.find(({ isWrong }) => isWrong)?.event.slice(0, 2), "S1");
}

test("a leader without a majority's votes is caught, in clusters of every size", async (t) => {
  const story = (votes: readonly Vote[], servers: number) => storyOfPart(claiming(votes), { servers });

  says(t, await story([], 2), "term 2 with 1 of 2 votes (its own); it needs 2");
  says(t, await story([], 3), "term 2 with 1 of 3 votes (its own); it needs 2");
  says(t, await story([vote("S3")], 4), "term 2 with 2 of 4 votes (its own, S3's); it needs 3");
  says(t, await story([vote("S3")], 5), "term 2 with 2 of 5 votes (its own, S3's); it needs 3");
});

test("a vote counts once, refusals do not count, and votes of another term do not either", async (t) => {
  const story = (...votes: readonly Vote[]) => storyOfPart(claiming(votes), { servers: 5 });
  const TWO_OF_FIVE = "term 2 with 2 of 5 votes (its own, S3's); it needs 3";

  says(t, await story(vote("S3"), vote("S3"), vote("S3")), TWO_OF_FIVE);
  says(t, await story(vote("S3"), vote("S2", refuse(2))), TWO_OF_FIVE);
  says(t, await story(vote("S2", grant(1), 1), vote("S3", grant(2), 3)), TWO_OF_FIVE);
  says(t, await story(vote("S3", grant(2), 1), vote("S2", grant(1), 3)), TWO_OF_FIVE);
  says(
    t,
    await story(vote("S2", grant(1)), vote("S3", grant(1))),
    "term 2 with 1 of 5 votes (its own); it needs 3",
  );
});

test("a vote that arrives after the claim comes too late", async (t) => {
  const story = await storyOfPart(claiming([vote("S2", grant(2), 9)]), { servers: 3 });

  says(t, story, "term 2 with 1 of 3 votes (its own); it needs 2");
});

test("a leader that goes on to lead the next term needs votes for that one too", async (t) => {
  const part = claiming([vote("S2")], { role: "leader", currentTerm: 3 });

  says(t, await storyOfPart(part, { servers: 3 }), "term 3 with 1 of 3 votes (its own); it needs 2");
});

test("a leader with a majority's votes is no violation, nor is one that learns more about its term", async (t) => {
  const majorities: readonly (readonly [number, readonly NodeId[]])[] = [
    [1, []],
    [2, ["S2"]],
    [3, ["S3"]],
    [4, ["S2", "S4"]],
    [5, ["S4", "S5"]],
  ];
  for (const [servers, voters] of majorities) {
    const part = claiming(
      voters.map((voter) => vote(voter)),
      { role: "leader", currentTerm: 2, leader: "S1", commitIndex: 0 },
    );
    const world = worldOf(part, { servers });
    await world.runFor(50);
    t.deepEqual(world.leaders(), ["S1"], `${servers} servers`);
  }
});
