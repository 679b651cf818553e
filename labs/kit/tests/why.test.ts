import test from "tape";
import {
  agree,
  type Failure,
  LocalHost,
  type NodeId,
  type ServerClass,
  type Story,
  storyText,
  type Term,
  World,
  type WorldOptions,
} from "..";
import { storyOf } from "./helpers";
import { TinyRaft } from "./tiny-raft";

const worldOf = (server: ServerClass, options: Partial<WorldOptions> = {}): World =>
  new World({ seed: 3, servers: 3, network: "calm", host: LocalHost.of(server), oracles: [], ...options });

/** The story of a test that waits for a leader in vain. */
const leaderless = (server: ServerClass, options?: Partial<WorldOptions>): Promise<Story> =>
  storyOf(worldOf(server, options).awaitLeader());

/** The story of a test that waits in vain for all to apply a command. */
const stuck = (server: ServerClass, options?: Partial<WorldOptions>): Promise<Story> =>
  storyOf(agree(worldOf(server, options), "a", undefined, 5_000));

/** A story gives this cause, says this, and marks this step, or none. */
function tells(t: test.Test, story: Story, cause: string, words: RegExp, wrong: RegExp | undefined): void {
  const marked = story.lines
    .filter(({ isWrong }) => isWrong)
    .map(({ event, outcome }) => `${event} ${outcome}`);
  t.equal(story.cause, cause);
  t.match(story.headline, words);
  t.equal(marked.length, wrong === undefined ? 0 : 1, "steps marked as wrong");
  if (wrong !== undefined) t.match(marked[0] ?? "", wrong);
  t.ok(story.lines.length <= 12 && story.lines.length > 0);
  t.ok(story.rule !== undefined && story.next?.endsWith("?") === true, "a rule and a question");
}

test("a right server needs no reason", async (t) => {
  const world = worldOf(TinyRaft);
  t.equal(await agree(world, "a"), 1);
});

test("no leader: nobody has a timer", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override start(): void {}
    },
  );
  tells(t, story, "no-leader: no timer", /S1, S2 and S3 have no timer running/, /S1 {2}starts/);
  t.match(storyText(story), /S1 follower of term 0, no timer is running/);
});

test("no leader: all wait equally long", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override timeout(): number {
        return 400;
      }
    },
  );
  tells(
    t,
    story,
    "no-leader: equal timeouts",
    /S1, S2 and S3 wait equally long, 400 ms/,
    /timer “election” runs out/,
  );
});

test("no leader: votes that are free are refused", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override isUpToDate(): boolean {
        return false;
      }
    },
  );
  tells(
    t,
    story,
    "no-leader: wrongly-refused",
    /has voted for nobody in term \d+ and all logs are empty/,
    /refuses S\d its vote/,
  );
});

test("no leader: requests for votes are not answered", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override answer(): void {}
    },
  );
  tells(t, story, "no-leader: unanswered", /gets S\d's of term \d+ and says nothing/, /RequestVote term/);
});

test("no leader: a majority's votes are not enough for a candidate", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override win(): void {}
    },
  );
  tells(
    t,
    story,
    "no-leader: majority of votes in vain",
    /does not notice that it has won/,
    /RequestVoteReply term \d+, granted/,
  );
});

test("no leader: a candidate stays in its term", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override stand(): void {
        const { role, term } = this;
        super.stand();
        if (role === "candidate") this.term = term;
      }

      override ask(): void {
        if (this.role === "candidate") this.term = 1;
        super.ask();
      }

      override timeout(): number {
        return 400;
      }
    },
  );
  tells(
    t,
    story,
    "no-leader: same term again",
    /never begins a new election: it has asked for votes \d+ times, always in term 1/,
    /timer “election” runs out/,
  );
});

test("no leader: a vote makes its candidate give up", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override onMessage(...[from, message]: Parameters<TinyRaft["onMessage"]>): void {
        if (message.type === "RequestVoteReply" && message.term >= this.term) this.role = "follower";
        super.onMessage(from, message);
      }
    },
  );
  tells(
    t,
    story,
    "no-leader: vote ends candidacy",
    /gets the vote of S\d and becomes a follower/,
    /becomes a follower/,
  );
});

test("no leader: a candidate does not ask everybody", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override ask(): void {}

      override stand(): void {
        super.stand();
        const [peer] = this.env.peers;
        const { term } = this;
        const candidateId = this.env.self;
        if (this.env.self === "S1")
          this.env.send(peer, { type: "RequestVote", term, candidateId, lastLogIndex: 0, lastLogTerm: 0 });
      }
    },
    { servers: 4 },
  );
  tells(t, story, "no-leader: not-asked", /S1 does not ask everybody/, /S1 {2}timer “election” runs out/);
});

test("no leader: who is alone does not count its own vote", async (t) => {
  const story = await leaderless(TinyRaft, { servers: 1 });
  tells(
    t,
    story,
    "no-leader: own vote in vain",
    /S1 is the only server, and its own vote is a majority: at \d+ ms it stands for election in term 1,/,
    /S1 {2}timer “election” runs out S1 stands for election in term 1/,
  );
  t.match(story.next ?? "", /Who counts S1's own vote/);
  t.match(storyText(story), /Now {5}S1 candidate of term \d+, stood \d+ times, last with 1 of 1 vote/);
});

test("no leader: candidates ask nobody at all", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override ask(): void {}
    },
  );
  tells(
    t,
    story,
    "no-leader: not-asked",
    /S\d asks nobody: in term \d+ it sends S\d and S\d no RequestVote/,
    /timer “election” runs out/,
  );
  t.notOk(storyText(story).includes("has not stood"), "nobody says that they did not stand");
});

test("no leader: who asks a little after it stood is not said to ask nobody", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override ask(): void {
        this.env.setTimer("ask", 4);
      }

      override onTimer(name: string): void {
        if (name === "ask") super.ask();
        else super.onTimer(name);
      }

      override answer(): void {}
    },
  );
  t.equal(story.cause, "no-leader: unanswered");
});

test("no leader: newer terms are ignored", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override enter(): void {}
    },
  );
  tells(t, story, "no-leader: newer term ignored", /does not go along with newer terms/, /RequestVote term/);
});

test("no leader: only who has less stands, and who has more has no timer", async (t) => {
  const story = await leaderless(
    class extends TinyRaft {
      override start(): void {
        if (this.env.self === "S1") this.wait();
        else this.log = [{ term: 1, command: "a" }];
      }
    },
  );
  // Nobody has seen how these logs came about: to the trace they are empty.
  t.equal(story.cause, "no-leader: wrongly-refused");
});

test("no leader: what is not to be seen is not blamed", async (t) => {
  const world = worldOf(TinyRaft);
  world.faults.partition(["S1"], ["S2"], ["S3"]);
  const story = await storyOf(world.awaitLeader());
  tells(
    t,
    story,
    "no-leader: request-lost",
    /requests for votes do not arrive \(the link is cut\)/,
    undefined,
  );
});

test("no leader: a server whose log is behind is refused rightly", async (t) => {
  const world = worldOf(
    class extends TinyRaft {
      override wait(): void {
        if (this.env.self !== "S3") super.wait();
      }
    },
  );
  const leader = await world.awaitLeader();
  const other: NodeId = leader === "S1" ? "S2" : "S1";
  world.faults.isolate(other);
  await agree(world, "a", [leader, "S3"]);
  world.faults.isolate(leader);
  world.faults.rejoin(other);
  const story = await storyOf(world.awaitLeader([other, "S3"]));
  t.match(story.headline, new RegExp(`only ${other} stands for election, and S3 has more in the log`));
  t.equal(story.cause, "no-leader: log");
});

/** Nothing is wrong, and yet a test finds a new term after two seconds. */
async function restless(server: ServerClass): Promise<Story> {
  const world = worldOf(server);
  await world.awaitLeader();
  const since = world.trace.length;
  const before: Term = world.status("S1").currentTerm;
  await world.runFor(3_000);
  return storyOf(
    (async () =>
      world.check(world.status("S1").currentTerm === before, () => ({
        sentence: "There was an election.",
        why: { kind: "no-peace", among: world.ids, since },
      })))(),
  );
}

test("no peace: heartbeats do not restart the timer", async (t) => {
  const story = await restless(
    class extends TinyRaft {
      override hear(): void {}
    },
  );
  tells(
    t,
    story,
    "no-peace: in spite of heartbeats",
    /gets a heartbeat of S\d, the leader of term \d+, and [\d.]+ ms later it stands/,
    /stands for election/,
  );
  t.match(
    story.next ?? "",
    /was set at \d+ ms, \d+ ms before: should the heartbeat since then have set it anew\?/,
  );
});

test("no peace: a leader sends no heartbeats", async (t) => {
  const story = await restless(
    class extends TinyRaft {
      override sendAll(): void {
        for (const peer of this.env.peers) this.send(peer);
      }
    },
  );
  tells(t, story, "no-peace: no heartbeats", /The leader falls silent/, /becomes leader of term/);
});

test("no peace: a leader's own timer deposes it", async (t) => {
  const story = await restless(
    class extends TinyRaft {
      override win(): void {
        super.win();
        this.wait();
      }
    },
  );
  tells(t, story, "no-peace: own timer", /The leader deposes itself/, /timer “election” runs out/);
});

test("not applied: a majority stores it, and the leader does not commit", async (t) => {
  const story = await stuck(
    class extends TinyRaft {
      override count(): void {}
    },
  );
  tells(
    t,
    story,
    "not-applied: majority in vain",
    /A majority stores entry \d+, and S\d does not commit it/,
    /AppendEntriesReply term \d+, ok up to/,
  );
});

test("not applied: committed, and not handed to the state machine", async (t) => {
  const story = await stuck(
    class extends TinyRaft {
      override apply(): void {}
    },
  );
  tells(
    t,
    story,
    "not-applied: committed in vain",
    /knows that entry \d+ is committed, .* and does not apply it/,
    /commits up to/,
  );
});

test("not applied: followers are not told", async (t) => {
  const story = await stuck(
    class extends TinyRaft {
      override toldCommit(): number {
        return 0;
      }
    },
  );
  tells(
    t,
    story,
    "not-applied: followers not told",
    /has committed entry \d+ and does not tell S\d, who stores it/,
    /sends AppendEntries/,
  );
});

test("not applied: the leader never sends it", async (t) => {
  const story = await stuck(
    class extends TinyRaft {
      override send(peer: NodeId): void {
        const { log } = this;
        this.log = [];
        super.send(peer);
        this.log = log;
      }
    },
  );
  tells(t, story, "not-applied: never sent", /Entry \d+ never goes out to S\d/, /is given the command/);
});

test("not applied: an entry that was taken a moment ago is nobody's fault", async (t) => {
  class Patient extends TinyRaft {
    override propose(command: string) {
      if (this.role !== "leader") return null;
      this.log.push({ term: this.term, command });
      return { index: this.log.length, term: this.term }; // it goes out with the next heartbeat
    }
  }
  const world = worldOf(Patient);
  t.equal(await agree(world, "a"), 1, "it is a right server");
  const leader = await world.awaitLeader();
  const entry = await world.propose(leader, "b");
  await world.runFor(5);
  const why = entry === null ? undefined : ({ kind: "not-applied", entry, among: world.ids } as const);
  t.throws(() => world.fail({ sentence: "Time is up.", rule: "§5.3", why }));
  tells(
    t,
    (world.failure as Failure).story,
    "not-applied: no majority",
    /has not come to a majority/,
    undefined,
  );
});

/** S3 misses entries, and then hears of them. */
async function behind(server: ServerClass): Promise<Story> {
  const world = worldOf(server);
  const leader = await world.awaitLeader();
  const away = leader === "S3" ? "S2" : "S3";
  const others = world.ids.filter((id) => id !== away);
  await agree(world, "a");
  world.faults.isolate(away);
  await agree(world, "b", others);
  await agree(world, "c", others);
  world.faults.isolate(leader);
  world.faults.rejoin(away);
  await world.awaitLeader(world.ids.filter((id) => id !== leader));
  return storyOf(
    agree(
      world,
      "d",
      world.ids.filter((id) => id !== leader),
      8_000,
    ),
  );
}

test("not applied: the leader does not go back after a refusal", async (t) => {
  const story = await behind(
    class extends TinyRaft {
      override goBack(): void {}
    },
  );
  tells(
    t,
    story,
    "not-applied: nextIndex does not go back",
    /S\d does not go back: S\d has refused \d+ times/,
    /AppendEntriesReply term \d+, refused/,
  );
});

test("not applied: a follower refuses what it should store", async (t) => {
  const story = await stuck(
    class extends TinyRaft {
      override matches(): boolean {
        return this.log.length === 0;
      }

      override goBack(peer: NodeId, matchIndex: number): void {
        this.next.set(peer, matchIndex + 1);
      }
    },
  );
  tells(
    t,
    story,
    "not-applied: wrongly refused",
    /refuses what it should store: .* before which nothing has to be there/,
    /refuses/,
  );
});
