/**
 * The practice tests of lab 2. Each title starts with the number of its task and says what a server does.
 *
 * Up to 2.7 only S1 is yours in nearly all tests, and the test plays its peers: `peers.ask` sends S1 a request and waits
 * for the answer, `peers.tell` sends it a message that needs none. Peers that S1 leads keep a log as they should, and
 * answer by it, unless they are told to be silent. In 2.8 all servers are yours.
 */
import {
  agree,
  appendEntries,
  appendReply,
  entriesOfTerms,
  type Json,
  type LogEntry,
  type LogIndex,
  mustApply,
  type NodeId,
  type Position,
  type Proposed,
  planSwarm,
  playSwarm,
  refuse,
  requestVote,
  type ScriptedPeers,
  START,
  type Term,
  TIMING,
  type World,
} from "../kit";
import { simulated } from "../runner";
import { Raft } from "./raft";

const three = { servers: 3, scripted: true } as const;
const five = { servers: 5, scripted: true } as const;

/** What a leader has to say goes out with the next heartbeat, if not at once. */
const SOON = TIMING.heartbeatIntervalMax + TIMING.answerWithin;

/** The term that S2 leads in tests where S1 follows it: older terms than those in S1's log are left. */
const S2_TERM: Term = 6;

/** Gives a command to a server that must take it. */
async function take(world: World, command: Json, leader: NodeId = "S1"): Promise<Proposed> {
  const proposed = await world.propose(leader, command);
  return (
    proposed ??
    world.fail({
      sentence: `${leader} leads term ${world.status(leader).currentTerm}, and took a command with the answer null.`,
      rule: "Figure 2, Leaders: if command received from client: append entry to local log.",
      next: "What does propose() return at a leader, and when?",
    })
  );
}

/** S1 goes to a newer term, of which it knows nothing else. */
async function bringToTerm(term: Term, world: World, peers: ScriptedPeers): Promise<void> {
  peers.tell("S2", refuse(term));
  await world.runFor(TIMING.answerWithin);
}

/** S2, the leader of term 6, has S1 store a log of these terms. */
async function give(terms: readonly Term[], peers: ScriptedPeers, leaderCommit: LogIndex = 0): Promise<void> {
  const request = appendEntries("S2", S2_TERM, START, entriesOfTerms(terms), leaderCommit);
  expect(await peers.ask("S2", request)).toSay({ term: S2_TERM, success: true, matchIndex: terms.length });
}

/** Where S1's log ends, as it says itself when it next stands for election. */
async function lastEntryOf(peers: ScriptedPeers): Promise<Position> {
  await peers.awaitCampaign();
  const { lastLogIndex, lastLogTerm } = lastOf(peers, "RequestVote");
  return { index: Number(lastLogIndex), term: Number(lastLogTerm) };
}

function lastOf(peers: ScriptedPeers, type: string) {
  return peers.all(type)[peers.all(type).length - 1].message;
}

function expectLog(world: World, found: Position, expected: Position, next: string): void {
  world.check(found.index === expected.index && found.term === expected.term, () => ({
    sentence: `S1's log ends with entry ${found.index} of term ${found.term}; expected entry ${expected.index} of term ${expected.term}.`,
    rule: "Figure 2, AppendEntries receiver, steps 3 and 4: delete what conflicts and all that follows it; append what is not already in the log.",
    next,
  }));
}

// 2.1 Taking commands.

test(
  "2.1 A server that does not lead takes no command",
  simulated(Raft, { ...three, quiet: true }, async (world, peers) => {
    const asFollower = await world.propose("S1", "x");
    await peers.awaitCampaign();
    const asCandidate = await world.propose("S1", "x");

    world.check(asFollower === null && asCandidate === null, () => ({
      sentence: `S1 took a command as a ${asFollower === null ? "candidate" : "follower"}; expected the answer null.`,
      rule: "§5.3: only the leader takes commands, for it alone decides where in the log they stand.",
      next: "Which role does propose() ask for, before it does anything else?",
    }));
  }),
);

test(
  "2.1 A leader takes a command and says where it stands",
  simulated(Raft, three, async (world, peers) => {
    peers.answersHeartbeats = false;
    const term = await peers.elect();

    const first = await take(world, "a");
    const second = await take(world, "b");

    // A leader may have begun its term with an entry of its own.
    const isFirst = first.index === 1 || first.index === 2;
    world.check(isFirst && first.term === term && second.term === term, () => ({
      sentence: `S1 leads term ${term} with an empty log and says that its first command is entry ${first.index} of term ${first.term}.`,
      rule: "Figure 2, State: the log's first index is 1; each entry has the term in which the leader received it.",
      next: "Is the index read after the entry was appended, and the term from currentTerm?",
    }));
    world.check(second.index === first.index + 1, () => ({
      sentence: `S1 says that its first command is entry ${first.index}, and its second one entry ${second.index}.`,
      rule: "§5.3: the leader appends each command to its log as a new entry.",
      next: "What is the index of the last entry, before and after one is appended?",
    }));
  }),
);

// 2.2 Only servers with the newest log may lead.

const upToDate = {
  ...three,
  rule: "§5.4.1: the log with the later last term is more up to date; with the same last term, the longer one.",
  next: "Which two terms does S1 compare first, and what does it compare if they are equal?",
};

/** S1 led, took three commands that nobody else has, and now stands for election once more. */
async function standWithLog(world: World, peers: ScriptedPeers): Promise<{ last: Proposed; term: Term }> {
  peers.answersHeartbeats = false;
  await bringToTerm(3, world, peers);
  const led = await peers.elect();
  await take(world, "a");
  await take(world, "b");
  const last = await take(world, "c");
  await bringToTerm(led + 1, world, peers);
  return { last, term: await peers.awaitCampaign() };
}

test(
  "2.2 A candidate says where its log ends",
  simulated(
    Raft,
    { ...upToDate, next: "What does startElection() send as lastLogIndex and lastLogTerm?" },
    async (world, peers) => {
      const { last, term } = await standWithLog(world, peers);

      expect(lastOf(peers, "RequestVote")).toSay({
        term,
        lastLogIndex: last.index,
        lastLogTerm: last.term,
      });
    },
  ),
);

test(
  "2.2 A server refuses a candidate whose log ends in an older term, however long it is",
  simulated(Raft, upToDate, async (world, peers) => {
    const { last, term } = await standWithLog(world, peers);

    const older = { index: last.index + 5, term: last.term - 1 };
    const answer = await peers.ask("S2", requestVote("S2", term + 1, older));

    expect(answer).toSay({ term: term + 1, voteGranted: false });
  }),
);

test(
  "2.2 A server refuses a candidate whose log ends in the same term and is shorter",
  simulated(Raft, upToDate, async (world, peers) => {
    const { last, term } = await standWithLog(world, peers);

    const shorter = { index: last.index - 1, term: last.term };
    const answer = await peers.ask("S2", requestVote("S2", term + 1, shorter));

    expect(answer).toSay({ term: term + 1, voteGranted: false });
  }),
);

test(
  "2.2 A server votes for a candidate whose log is as long as its own",
  simulated(Raft, upToDate, async (world, peers) => {
    const { last, term } = await standWithLog(world, peers);

    const answer = await peers.ask("S2", requestVote("S2", term + 1, last));

    expect(answer).toSay({ term: term + 1, voteGranted: true });
  }),
);

test(
  "2.2 A server votes for a candidate whose log ends in a later term, however short it is",
  simulated(Raft, upToDate, async (world, peers) => {
    const { last, term } = await standWithLog(world, peers);

    const later = { index: 1, term: last.term + 1 };
    const answer = await peers.ask("S2", requestVote("S2", term + 1, later));

    expect(answer).toSay({ term: term + 1, voteGranted: true });
  }),
);

test(
  "2.2 A candidate that is refused for its log leaves the vote to the next one",
  simulated(
    Raft,
    { ...upToDate, next: "Where is votedFor set, and is it set for a candidate that is refused as well?" },
    async (world, peers) => {
      const { last, term } = await standWithLog(world, peers);

      await peers.ask("S2", requestVote("S2", term + 1));
      const answer = await peers.ask("S3", requestVote("S3", term + 1, last));

      expect(answer).toSay({ term: term + 1, voteGranted: true });
    },
  ),
);

// 2.3 Storing what the leader sends.

const storing = {
  ...three,
  rule: "Figure 2, AppendEntries receiver, step 2: refuse if the log has no entry at prevLogIndex of prevLogTerm.",
  next: "What does S1's log have at prevLogIndex when this request comes, and what does termAt() say there?",
};

test(
  "2.3 A follower stores what its leader sends, and says how far its log matches",
  simulated(Raft, storing, async (_world, peers) => {
    await give([1, 1, 2], peers);

    const after = { index: 3, term: 2 };
    const answer = await peers.ask("S2", appendEntries("S2", S2_TERM, after, entriesOfTerms([4, 6], 4)));

    expect(answer).toSay({ term: S2_TERM, success: true, matchIndex: 5 });
  }),
);

test(
  "2.3 A follower refuses entries that its log has no place for",
  simulated(Raft, storing, async (_world, peers) => {
    await give([1], peers);

    const after = { index: 3, term: 2 };
    const answer = await peers.ask("S2", appendEntries("S2", S2_TERM, after, entriesOfTerms([4], 4)));

    expect(answer).toSay({ term: S2_TERM, success: false });
  }),
);

test(
  "2.3 A follower refuses entries if the one before them is of another term",
  simulated(Raft, storing, async (world, peers) => {
    await give([1, 1, 1], peers);

    const after = { index: 3, term: 2 };
    const answer = await peers.ask("S3", appendEntries("S3", 7, after, entriesOfTerms([7], 4)));

    expect(answer).toSay({ term: 7, success: false });
    const last = await lastEntryOf(peers);
    expectLog(world, last, { index: 3, term: 1 }, "What changes in the log when a request is refused?");
  }),
);

test(
  "2.3 A follower takes nothing from a leader of an older term",
  simulated(Raft, storing, async (world, peers) => {
    await give([1, 1, 1], peers);

    const after = { index: 1, term: 1 };
    const answer = await peers.ask("S3", appendEntries("S3", 5, after, entriesOfTerms([5], 2)));

    expect(answer).toSay({ term: S2_TERM, success: false });
    const last = await lastEntryOf(peers);
    expectLog(world, last, { index: 3, term: 1 }, "Is store() called for requests of older terms?");
  }),
);

test(
  "2.3 A follower removes an entry in conflict and all that follow it",
  simulated(Raft, storing, async (world, peers) => {
    await give([1, 1, 2, 2, 2], peers);

    const after = { index: 2, term: 1 };
    const answer = await peers.ask("S3", appendEntries("S3", 7, after, entriesOfTerms([7], 3)));

    expect(answer).toSay({ term: 7, success: true, matchIndex: 3 });
    const last = await lastEntryOf(peers);
    expectLog(world, last, { index: 3, term: 7 }, "What becomes of the entries after the one in conflict?");
  }),
);

test(
  "2.3 A follower stores an entry that arrives twice once",
  simulated(Raft, storing, async (world, peers) => {
    await give([1, 1, 2], peers);
    await give([1, 1, 2], peers);

    const last = await lastEntryOf(peers);
    expectLog(world, last, { index: 3, term: 2 }, "What happens to an entry that the log already has?");
  }),
);

test(
  "2.3 A follower that hears an old request late keeps what came after it",
  simulated(Raft, storing, async (world, peers) => {
    await give([1, 1, 2, 4, 4], peers);

    await peers.ask("S2", appendEntries("S2", S2_TERM, START, entriesOfTerms([1, 1])));
    await peers.ask("S2", appendEntries("S2", S2_TERM, { index: 2, term: 1 }, []));

    const last = await lastEntryOf(peers);
    const next = "Is anything removed although no entry of the request is in conflict with the log?";
    expectLog(world, last, { index: 5, term: 4 }, next);
  }),
);

test(
  "2.3 A new leader that sends old entries again removes nothing",
  simulated(Raft, storing, async (world, peers) => {
    await give([1, 1, 2], peers);

    await peers.ask("S3", appendEntries("S3", 7, START, entriesOfTerms([1, 1])));

    const last = await lastEntryOf(peers);
    const next = "Which term is compared with that of the stored entry: the new entry's, or the leader's?";
    expectLog(world, last, { index: 3, term: 2 }, next);
  }),
);

test(
  "2.3 A follower whose log does not match yet waits for its leader all the same",
  simulated(
    Raft,
    {
      ...three,
      rule: "Figure 2, Followers: a request from the current leader starts the wait anew, refused or not.",
      next: "Which requests restart the election timer: those of the current term, or those that succeed?",
    },
    async (world, peers) => {
      for (let beat = 1; beat <= 40; beat++) {
        await peers.ask("S2", appendEntries("S2", S2_TERM, { index: 9, term: 4 }, []));
        await world.runFor(TIMING.heartbeatIntervalMax);
        expect(peers).not.toHaveBeenAskedForVotes();
      }
    },
  ),
);

test(
  "2.3 A follower that is busy storing entries does not stand for election",
  simulated(
    Raft,
    {
      ...three,
      rule: "Figure 2, Followers: a request from the current leader starts the wait anew, with entries or without.",
      next: "Which requests restart the election timer: all of the current term, or only some?",
    },
    async (world, peers) => {
      for (let last = 0; last < 40; last++) {
        const after = { index: last, term: last === 0 ? 0 : 1 };
        await peers.ask("S2", appendEntries("S2", S2_TERM, after, entriesOfTerms([1], last + 1)));
        await world.runFor(TIMING.heartbeatIntervalMax);
        expect(peers).not.toHaveBeenAskedForVotes();
      }
    },
  ),
);

// 2.4 Sending entries.

const sending = {
  ...three,
  rule: "Figure 2, Leaders: send each follower the log entries from its nextIndex on, and the index and term before them.",
  next: "Which nextIndex does S1 have for this peer, and which entry stands right before it?",
};

/**
 * S1 stores a log of these terms, and is then elected.
 * @param others the logs of peers that have not the same one
 * @returns the term that S1 leads
 */
async function leadWithLog(
  terms: readonly Term[],
  peers: ScriptedPeers,
  others: Readonly<Record<NodeId, readonly Term[]>> = {},
): Promise<Term> {
  for (const id of peers.ids) peers.log(id).entries = entriesOfTerms(others[id] ?? terms);
  await give(terms, peers);
  return peers.elect();
}

/** The entry at an index in an AppendEntries, if it is in it. */
function entryIn(message: Heard["message"], { index }: { readonly index: LogIndex }): LogEntry | undefined {
  return message.entries?.[index - Number(message.prevLogIndex) - 1];
}

type Heard = ScriptedPeers["heard"][number];

/** What S1 has sent to a peer as a leader, from a time on. */
function sentTo(peers: ScriptedPeers, id: NodeId, since = 0): Heard[] {
  return peers.all("AppendEntries").filter(({ to, sentAt }) => to === id && sentAt >= since);
}

/** Waits until S1 has sent an entry to every peer. */
async function awaitSent(
  proposed: Proposed,
  command: Json,
  world: World,
  peers: ScriptedPeers,
): Promise<void> {
  const since = world.now;
  const isIn = ({ message }: Heard) => {
    const entry = entryIn(message, proposed);
    return entry?.term === proposed.term && entry.command === command;
  };
  const isSent = (id: NodeId) => sentTo(peers, id, since).some(isIn);
  await world.runUntil(
    () => peers.ids.every(isSent),
    SOON,
    () => ({
      sentence: `S1 has a command as entry ${proposed.index} of term ${proposed.term}, and did not send it to ${peers.ids.find((id) => !isSent(id))} within ${SOON} ms.`,
      rule: "Figure 2, Leaders: if last log index ≥ nextIndex for a follower: send AppendEntries with log entries starting at nextIndex.",
      next: "Which entries does sendEntries() cut out of the log, and who calls it, when?",
    }),
  );
}

test(
  "2.4 A new leader begins after its last entry",
  simulated(Raft, sending, async (_world, peers) => {
    peers.answersHeartbeats = false;
    const term = await leadWithLog([1, 1, 2], peers);

    expect(peers).toHaveAllHeardTheLeader(term);
    for (const id of peers.ids)
      expect(sentTo(peers, id)[0].message).toSay({ term, prevLogIndex: 3, prevLogTerm: 2 });
  }),
);

test(
  "2.4 A leader sends a command to every peer",
  simulated(Raft, { ...sending, servers: [3, 5] }, async (world, peers) => {
    peers.answersHeartbeats = false;
    await peers.elect();

    const proposed = await take(world, "a");

    await awaitSent(proposed, "a", world, peers);
  }),
);

test(
  "2.4 A leader's entries stand where it says",
  simulated(Raft, sending, async (world, peers) => {
    peers.answersHeartbeats = false;
    const stored = [1, 1, 2];
    const term = await leadWithLog(stored, peers);
    await take(world, "a");
    const last = await take(world, "b");
    await awaitSent(last, "b", world, peers);

    for (const { message } of peers.all("AppendEntries")) {
      const { prevLogIndex = 0, entries = [] } = message;
      const terms = [0, ...stored, ...Array<Term>(last.index - stored.length).fill(term)];
      expect(message).toSay({ term, leaderId: "S1", prevLogTerm: terms[prevLogIndex], leaderCommit: 0 });
      const isRight = entries.every((entry, i) => entry.term === terms[prevLogIndex + 1 + i]);
      world.check(isRight && prevLogIndex + entries.length <= last.index, () => ({
        sentence: `S1 sends entries of terms ${entries.map((entry) => entry.term).join(", ")} after entry ${prevLogIndex}; its log is of terms ${terms.slice(1).join(", ")}.`,
        rule: sending.rule,
        next: "At which place of the array `log` does the entry with index nextIndex stand?",
      }));
    }
  }),
);

test(
  "2.4 A heartbeat sends again what was not answered",
  simulated(
    Raft,
    {
      ...three,
      rule: "§5.3: if packets are lost, the leader retries AppendEntries until all followers store all log entries.",
      next: "What does a heartbeat carry for a peer that has not answered?",
    },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      await peers.elect();
      const proposed = await take(world, "a");
      await awaitSent(proposed, "a", world, peers);

      // A leader may also step down when nobody answers.
      const since = world.now;
      const isSentAgain = (id: NodeId) =>
        sentTo(peers, id, since).some(({ message }) => entryIn(message, proposed) !== undefined);
      await world.runUntil(
        () => peers.ids.every(isSentAgain) || peers.status.role !== "leader",
        TIMING.commitWithin,
        () => ({
          sentence: `S1 sent entry ${proposed.index} once; nobody answered, and for ${TIMING.commitWithin.toLocaleString("en")} ms it did not send it again.`,
        }),
      );
    },
  ),
);

// 2.5 Answers.

const answers = {
  ...three,
  rule: "Figure 2, Leaders: if successful, update nextIndex and matchIndex for the follower; if it refuses, decrement nextIndex and retry.",
  next: "Which nextIndex and matchIndex does S1 have for this peer, and what does this answer do to them?",
};

/** Waits until a peer's log, which S1 repairs, begins with entries of these terms. */
async function awaitLog(
  id: NodeId,
  terms: readonly Term[],
  world: World,
  peers: ScriptedPeers,
): Promise<void> {
  const found = () => peers.log(id).entries.map(({ term }) => term);
  const isSame = () => terms.every((term, i) => found()[i] === term);
  await world.runUntil(isSame, TIMING.leaderWithin, () => ({
    sentence: `S1 leads with a log of terms ${terms.join(", ")}; ${id}'s is still of terms ${found().join(", ") || "none"} after ${TIMING.leaderWithin / 1_000} s.`,
    rule: "§5.3: the leader finds the latest entry where the two logs agree, and sends all that follows it.",
    next: answers.next,
  }));
}

test(
  "2.5 A leader sends a peer what it lacks",
  simulated(Raft, answers, async (world, peers) => {
    await leadWithLog([1, 1, 2, 2, 4], peers, { S3: [1, 1] });

    await awaitLog("S3", [1, 1, 2, 2, 4], world, peers);
  }),
);

test(
  "2.5 A leader repairs a log that is in conflict with its own",
  simulated(Raft, answers, async (world, peers) => {
    const terms = [1, 1, 4, 4, 5, 5, 6, 6, 6]; // Figure 7, without its last entry
    await leadWithLog(terms, peers, { S2: [1, 1, 4, 4], S3: [1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3] });

    await awaitLog("S2", terms, world, peers);
    await awaitLog("S3", terms, world, peers);
  }),
);

test(
  "2.5 A leader goes back as far as a refusal says",
  simulated(Raft, answers, async (world, peers) => {
    const many = (term: Term) => Array<Term>(12).fill(term);
    const terms = [1, ...many(5), ...many(6), ...many(6)];
    await leadWithLog(terms, peers, { S3: [1, ...many(2), ...many(3), ...many(4)] });

    await awaitLog("S3", terms, world, peers);

    const refused = sentTo(peers, "S3").findIndex(({ message }) => Number(message.prevLogIndex) <= 1);
    world.check(refused <= 2 * 3 + 5, () => ({
      sentence: `S1 asked S3 at ${refused} places before it found where their logs agree; S3's log has three terms in conflict, and each refusal says how far to go back.`,
      rule: "§5.3: with the follower's hint, one AppendEntries is enough for each term with conflicting entries.",
      next: "What does a refusal do to nextIndex: go back by one, or to just after its matchIndex?",
    }));
  }),
);

test(
  "2.5 A leader does not send again what a peer has",
  simulated(Raft, answers, async (world, peers) => {
    await peers.elect();
    const proposed = await take(world, "a");
    await awaitSent(proposed, "a", world, peers);
    await world.runFor(TIMING.applyWithin);

    const since = world.now;
    await world.runFor(2 * SOON);

    const again = peers
      .all("AppendEntries")
      .find(({ sentAt, message }) => sentAt > since && entryIn(message, proposed) !== undefined);
    world.check(again === undefined, () => ({
      sentence: `S1 sends ${again?.to} entry ${proposed.index} again, which ${again?.to} has confirmed long ago.`,
      rule: answers.rule,
      next: "What does a success do to nextIndex?",
    }));
  }),
);

test(
  "2.5 A refusal that comes late undoes nothing",
  simulated(Raft, answers, async (world, peers) => {
    const term = await peers.elect();
    const proposed = await take(world, "a");
    await awaitSent(proposed, "a", world, peers);
    await world.runFor(50);

    const since = world.now;
    peers.tell("S2", appendReply(term, false, 0));
    await world.runFor(2 * SOON);

    const back = sentTo(peers, "S2", since).find(({ message }) => {
      return Number(message.prevLogIndex) < proposed.index;
    });
    world.check(back === undefined, () => ({
      sentence: `S2 has confirmed entry ${proposed.index}; then an older refusal of S2's arrives, and S1 goes back to the entry after ${back?.message.prevLogIndex}.`,
      rule: "Figure 2, State: matchIndex is known to be replicated on the server, and increases monotonically.",
      next: "Can a peer lose entries of this term that it has confirmed? How far back may nextIndex go at most?",
    }));
  }),
);

test(
  "2.5 Answers that come late undo nothing, whatever they say",
  simulated(Raft, answers, async (world, peers) => {
    const term = await peers.elect();
    const first = await take(world, "a");
    const last = await take(world, "b");
    await awaitSent(last, "b", world, peers);
    await world.runFor(50);

    const since = world.now;
    peers.tell("S2", appendReply(term, true, first.index));
    peers.tell("S2", appendReply(term, false, 0));
    await world.runFor(2 * SOON);

    const back = sentTo(peers, "S2", since).find(({ message }) => {
      return Number(message.prevLogIndex) < last.index;
    });
    world.check(back === undefined, () => ({
      sentence: `S2 has confirmed entry ${last.index}; then its older answers arrive, a success for entry ${first.index} and a refusal, and S1 goes back to the entry after ${back?.message.prevLogIndex}.`,
      rule: "Figure 2, State: matchIndex is known to be replicated on the server, and increases monotonically.",
      next: "What if reply.matchIndex is less than what is known already?",
    }));
  }),
);

test(
  "2.5 A leader ignores what was said in an older term",
  simulated(Raft, answers, async (world, peers) => {
    const older = await peers.elect();
    const proposed = await take(world, "a");
    await awaitSent(proposed, "a", world, peers);
    peers.silent.add("S3");
    await bringToTerm(older + 1, world, peers);
    const term = await peers.elect();

    // In between S3 has followed somebody else, and what it said to S1 is true no more.
    peers.log("S3").entries = [];
    peers.tell("S3", appendReply(older, true, proposed.index));
    await world.runFor(TIMING.answerWithin);
    peers.silent.delete("S3");

    expect(peers.status).toSay({ role: "leader", currentTerm: term });
    await awaitLog("S3", [older], world, peers);
  }),
);

test(
  "2.5 A leader that is refused for a newer term steps down",
  simulated(
    Raft,
    {
      ...three,
      rule: "Figure 2, All Servers: if a response has a term newer than currentTerm, adopt it and be a follower.",
      next: "Why was this request refused: because of the log, or because of the term?",
    },
    async (world, peers) => {
      const term = await leadWithLog([1, 1, 2], peers);

      peers.tell("S2", appendReply(term + 3, false, 1));
      await world.runFor(TIMING.answerWithin);

      expect(peers.status).toSay({ role: "follower", currentTerm: term + 3 });
    },
  ),
);

test(
  "2.5 A leader does not flood a silent peer",
  simulated(Raft, answers, async (world, peers) => {
    await peers.elect();
    peers.silent.add("S3");
    await take(world, "a");
    await world.runFor(SOON);

    const since = world.now;
    await world.runFor(1_000);

    const sent = sentTo(peers, "S3", since).length;
    const most = 1_000 / TIMING.heartbeatIntervalMin + 1;
    world.check(sent <= most, () => ({
      sentence: `In a second S1 sent ${sent} messages to S3, which does not answer; expected no more than ${most}, one in ${TIMING.heartbeatIntervalMin} ms.`,
      rule: "§5.3: the leader retries until the follower stores all entries; with each heartbeat is often enough.",
      next: "What makes S1 send to a peer that says nothing?",
    }));
  }),
);

// 2.6 Committing.

const committing = {
  ...five,
  rule: "Figure 2, Leaders: if N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term == currentTerm: set commitIndex = N.",
  next: "Which matchIndexes does S1 have, itself included, and which index do three of the five reach?",
};

const following = {
  ...three,
  rule: "Figure 2, AppendEntries receiver, step 5: if leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry).",
  next: "Which leaderCommit came with this request, and up to which index has it compared the logs?",
};

/** Expects S1 to have handed just so many entries to its state machine. */
function expectApplied(count: number, world: World, { rule, next }: typeof following | typeof committing) {
  const applied = world.applied("S1").length;
  world.check(applied === count, () => ({
    sentence: `S1 has applied ${applied === 0 ? "nothing" : `up to entry ${applied}`}; expected ${count === 0 ? "nothing" : `up to entry ${count}`}.`,
    rule,
    next,
  }));
}

/** Gives S1 commands, and waits until it has sent the last of them. @returns where that stands */
async function takeAndSend(
  commands: readonly string[],
  world: World,
  peers: ScriptedPeers,
): Promise<Proposed> {
  let last: Proposed | undefined;
  for (const command of commands) last = await take(world, command);
  if (last === undefined) throw new RangeError("Expected one command at least.");
  await awaitSent(last, commands[commands.length - 1], world, peers);
  return last;
}

test(
  "2.6 A leader commits and applies what a majority stores",
  simulated(Raft, committing, async (world, peers) => {
    for (const id of ["S4", "S5"]) peers.silent.add(id);
    await peers.elect();
    await take(world, "a");
    const last = await take(world, "b");

    await mustApply(world, last, ["S1"], TIMING.commitWithin);

    const commands = world.applied("S1").flatMap(({ command }) => (command === null ? [] : [command]));
    world.check(commands.join() === "a,b", () => ({
      sentence: `S1 took the commands “a” and “b” and applied ${commands.map((command) => `“${command}”`).join(", ")}.`,
      rule: "Figure 2, All Servers: if commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine.",
      next: "Which entries does the loop hand over, from the first to the last?",
    }));
  }),
);

test(
  "2.6 What a minority stores is not committed, however often it says so",
  simulated(Raft, committing, async (world, peers) => {
    peers.answersHeartbeats = false;
    const term = await peers.elect();
    const { index } = await takeAndSend(["a"], world, peers);

    for (let time = 1; time <= 3; time++) peers.tell("S2", appendReply(term, true, index));
    await world.runFor(TIMING.answerWithin);

    expectApplied(0, world, committing);
  }),
);

test(
  "2.6 Half of the servers are not a majority",
  simulated(Raft, { ...committing, servers: [4, 6] }, async (world, peers) => {
    peers.answersHeartbeats = false;
    const term = await peers.elect();
    const { index } = await takeAndSend(["a"], world, peers);

    const some = peers.ids.slice(0, world.ids.length / 2 - 1);
    for (const id of some) peers.tell(id, appendReply(term, true, index));
    await world.runFor(TIMING.answerWithin);

    expectApplied(0, world, { ...committing, next: "How many servers are a majority of an even number?" });
  }),
);

test(
  "2.6 A server that is alone commits at once",
  simulated(Raft, { servers: 1 }, async (world) => {
    await world.awaitLeader();

    await mustApply(world, await take(world, "a"), ["S1"], TIMING.answerWithin);
  }),
);

test(
  "2.6 A refusal confirms nothing",
  simulated(Raft, committing, async (world, peers) => {
    peers.answersHeartbeats = false;
    const term = await peers.elect();
    const { index } = await takeAndSend(["a", "b"], world, peers);

    for (const id of peers.ids) peers.tell(id, appendReply(term, false, index - 1));
    await world.runFor(TIMING.answerWithin);

    expectApplied(0, world, { ...committing, next: "Which answers may change matchIndex?" });
  }),
);

test(
  "2.6 Entries of older terms are not committed by counting",
  simulated(
    Raft,
    {
      ...committing,
      rule: "§5.4.2: only entries of the leader's current term are committed by counting replicas; Figure 8 shows why.",
      next: "Of which term is the entry that a majority stores now, and which term does S1 lead?",
    },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      const older = [1, 2, 2];
      const term = await leadWithLog(older, peers);

      for (const id of peers.ids) peers.tell(id, appendReply(term, true, older.length));
      await world.runFor(TIMING.answerWithin);
      expectApplied(0, world, {
        ...committing,
        rule: "§5.4.2: only entries of the leader's current term are committed by counting replicas; Figure 8 shows why.",
        next: "Of which term is the entry that a majority stores, and which term does S1 lead?",
      });

      peers.answersHeartbeats = true;
      await mustApply(world, await take(world, "a"), ["S1"], TIMING.commitWithin);
    },
  ),
);

test(
  "2.6 Successes of an older term are not counted",
  simulated(Raft, committing, async (world, peers) => {
    peers.answersHeartbeats = false;
    const older = await peers.elect();
    const { index } = await takeAndSend(["a", "b", "c", "d"], world, peers);
    await peers.ask("S2", appendEntries("S2", older + 1, START, entriesOfTerms([older + 1])));
    await peers.elect();
    await takeAndSend(["e", "f", "g", "h"], world, peers);

    for (const id of peers.ids) peers.tell(id, appendReply(older, true, index));
    await world.runFor(TIMING.answerWithin);

    expectApplied(0, world, {
      ...committing,
      next: "Of which term are these answers, and which does S1 lead?",
    });
  }),
);

test(
  "2.6 What a peer confirmed in an older term is not counted",
  simulated(Raft, committing, async (world, peers) => {
    peers.answersHeartbeats = false;
    const older = await peers.elect();
    const { index } = await takeAndSend(["a", "b", "c", "d"], world, peers);
    peers.tell("S2", appendReply(older, true, index));
    // Another leader overwrites all that with one entry of its own, at S2 as well.
    await peers.ask("S3", appendEntries("S3", older + 1, START, entriesOfTerms([older + 1])));
    const term = await peers.elect();
    const last = await takeAndSend(["e", "f", "g", "h"], world, peers);

    peers.tell("S3", appendReply(term, true, last.index));
    await world.runFor(TIMING.answerWithin);

    expectApplied(0, world, {
      ...committing,
      next: "What does S1 know about S2's log when it is elected again, and from where?",
    });
  }),
);

test(
  "2.6 A leader tells its followers what is committed",
  simulated(Raft, committing, async (world, peers) => {
    await peers.elect();
    const proposed = await take(world, "a");
    await mustApply(world, proposed, ["S1"], TIMING.commitWithin);

    await world.runUntil(
      () => peers.ids.every((id) => peers.log(id).commitIndex >= proposed.index),
      TIMING.applyWithin,
      () => ({
        sentence: `S1 has committed entry ${proposed.index}, and ${TIMING.applyWithin} ms later not all peers have heard of it.`,
        rule: "Figure 2, AppendEntries arguments: leaderCommit is the leader's commitIndex.",
        next: "What does sendEntries() send as leaderCommit?",
      }),
    );
  }),
);

test(
  "2.6 A follower applies what its leader has committed",
  simulated(Raft, following, async (world, peers) => {
    await give([1, 1, 2], peers, 2);
    expectApplied(2, world, following);

    await peers.ask("S2", appendEntries("S2", S2_TERM, { index: 3, term: 2 }, [], 3));
    expectApplied(3, world, following);

    await peers.ask("S2", appendEntries("S2", S2_TERM, { index: 3, term: 2 }, [], 1));
    expectApplied(3, world, { ...following, next: "Can commitIndex go down, and what happens then?" });
  }),
);

test(
  "2.6 A follower commits no more than the request has compared",
  simulated(Raft, following, async (world, peers) => {
    await give([1, 1, 2], peers);

    await peers.ask("S3", appendEntries("S3", 7, { index: 2, term: 1 }, [], 3));

    expectApplied(2, world, following);
  }),
);

test(
  "2.6 A follower commits nothing when it refuses",
  simulated(Raft, following, async (world, peers) => {
    await give([1, 1, 2], peers);

    const answer = await peers.ask("S3", appendEntries("S3", 7, { index: 3, term: 3 }, [], 3));

    expect(answer).toSay({ success: false });
    expectApplied(0, world, { ...following, next: "Does a request that is refused get to commitUpTo()?" });
  }),
);

// 2.7 Finding the place quickly.

const hinting = {
  ...three,
  rule: "§5.3: a refusal says how far to go back, so that one AppendEntries is enough for each term in conflict.",
  next: "What does S1's log have at prevLogIndex, and where does the term of that entry begin?",
};

test(
  "2.7 A follower whose log is too short sends its leader back to it",
  simulated(Raft, hinting, async (world, peers) => {
    await give([1, 1, 1], peers);

    const answer = await peers.ask("S2", appendEntries("S2", S2_TERM, { index: 40, term: 1 }, []));

    expect(answer).toSay({ term: S2_TERM, success: false });
    world.check(Number(answer.matchIndex) <= 3, () => ({
      sentence: `S1's log has three entries; it refuses what comes after entry 40, and says that entry ${answer.matchIndex} might match.`,
      rule: hinting.rule,
      next: "What is the last index at which the two logs can agree?",
    }));
  }),
);

test(
  "2.7 A follower whose log is empty says so",
  simulated(Raft, hinting, async (_world, peers) => {
    const answer = await peers.ask("S2", appendEntries("S2", S2_TERM, { index: 7, term: 4 }, []));

    expect(answer).toSay({ term: S2_TERM, success: false, matchIndex: 0 });
  }),
);

test(
  "2.7 A refusal does not go back behind what is committed",
  simulated(Raft, hinting, async (world, peers) => {
    await give([1, 1, 2, 2, 2], peers, 2);

    for (const index of [5, 9]) {
      const answer = await peers.ask("S3", appendEntries("S3", 7, { index, term: 4 }, []));
      const hint = Number(answer.matchIndex);
      world.check(hint >= 2 && hint <= 5 && hint < index, () => ({
        sentence: `S1's log has five entries, two of them committed; it refuses what comes after entry ${index}, and says that entry ${hint} might match.`,
        rule: "A refusal's matchIndex is the highest index that might match: less than the one refused, and committed entries always match.",
        next: hinting.next,
      }));
    }
  }),
);

test(
  "2.7 A leader of an older term is refused with an index too",
  simulated(
    Raft,
    {
      ...hinting,
      rule: "A refusal's matchIndex is an index of the log: 0 or more.",
      next: "What does mightMatch() return if prevLogIndex is 0?",
    },
    async (_world, peers) => {
      await give([1, 1], peers);

      const answer = await peers.ask("S3", appendEntries("S3", 5, START, entriesOfTerms([5])));

      expect(answer).toSay({ term: S2_TERM, success: false });
    },
  ),
);

test(
  "2.7 A follower in conflict tells its leader to go back by whole terms",
  simulated(Raft, hinting, async (world, peers) => {
    const many = (term: Term) => Array<Term>(12).fill(term);
    await give([1, ...many(2), ...many(3), ...many(4)], peers);
    const leaderLog = entriesOfTerms([1, ...many(5), ...many(7), ...many(7)]);
    const termAt = (index: LogIndex): Term => (index === 0 ? 0 : leaderLog[index - 1].term);

    let index = leaderLog.length;
    let refusals = 0;
    for (;;) {
      const answer = await peers.ask("S3", appendEntries("S3", 7, { index, term: termAt(index) }, []));
      if (answer.success === true) break;
      const hint = Number(answer.matchIndex);
      world.check(hint < index, () => ({
        sentence: `S1 refuses what comes after entry ${index}, and says that entry ${hint} might match.`,
        rule: hinting.rule,
        next: "Can the entry that was just refused match?",
      }));
      index = hint;
      refusals += 1;
    }

    world.check(refusals <= 2 * 3 + 5, () => ({
      sentence: `S1 refused ${refusals} times, although only three terms of its log are in conflict with S3's.`,
      rule: hinting.rule,
      next: hinting.next,
    }));
    world.check(index <= 1, () => ({
      sentence: `S1's log agrees with S3's up to entry 1, and S1 led S3 back to entry ${index}.`,
      rule: "A refusal's matchIndex is the highest index that might match.",
      next: "Where does the loop that goes back stop?",
    }));
  }),
);

// 2.8 Whole clusters.

/** Gives a cluster's leader a command, and expects it to be applied in time. */
async function commit(world: World, command: Json, among: readonly NodeId[] = world.ids): Promise<Proposed> {
  const proposed = await take(world, command, await world.awaitLeader(among));
  await mustApply(world, proposed, among);
  return proposed;
}

function without(world: World, ...ids: readonly NodeId[]): NodeId[] {
  return world.ids.filter((id) => !ids.includes(id));
}

test(
  "2.8 Three servers apply the same commands in the same order",
  simulated(Raft, { servers: 3 }, async (world) => {
    for (const command of ["a", "b", "c", "d"]) await commit(world, command);

    for (const id of world.ids) {
      const commands = world.applied(id).flatMap(({ command }) => (command === null ? [] : [command]));
      world.check(commands.join() === "a,b,c,d", () => ({
        sentence: `The commands a, b, c and d were given in this order, and ${id} applied ${commands.join(", ")}.`,
        rule: "Figure 3, State Machine Safety: all servers apply the same entries at the same indexes.",
        next: `What did ${id} apply first that it should not have?`,
      }));
    }
  }),
);

test(
  "2.8 Clusters of 1 to 7 servers commit commands",
  simulated(Raft, { servers: [1, 2, 3, 4, 5, 6, 7], seeds: 14 }, async (world) => {
    await commit(world, "a");

    await commit(world, "b");
  }),
);

test(
  "2.8 Five commands at the same moment are all committed",
  simulated(Raft, { servers: 3 }, async (world) => {
    const leader = await world.awaitLeader();

    const proposals = ["a", "b", "c", "d", "e"].map((command) => world.submit(leader, command));
    await world.runFor(TIMING.answerWithin);

    for (const { answer } of proposals) if (answer) await mustApply(world, answer);
    const indexes = new Set(proposals.map(({ answer }) => answer?.index));
    world.check(indexes.size === 5 && !indexes.has(undefined), () => ({
      sentence: `${leader} was given five commands at one moment and gave them ${indexes.size} different places.`,
      rule: "§5.3: the leader appends each command to its log as a new entry.",
      next: "Is the index that propose() returns that of this very entry?",
    }));
  }),
);

test(
  "2.8 A follower that was cut off catches up",
  simulated(Raft, { servers: 3 }, async (world) => {
    const leader = await world.awaitLeader();
    await commit(world, "a");
    const [follower] = without(world, leader);
    world.faults.isolate(follower);
    for (const command of ["b", "c", "d"]) await commit(world, command, without(world, follower));

    world.faults.rejoin(follower);

    await agree(world, "e");
  }),
);

test(
  "2.8 Without a majority nothing is committed",
  simulated(Raft, { servers: 5 }, async (world) => {
    const leader = await world.awaitLeader();
    const { index } = await commit(world, "a");
    world.faults.isolate(...without(world, leader).slice(0, 3));
    const lost = await take(world, "b", leader);

    await world.runFor(TIMING.electionTimeoutMax);

    const early = world.ids.find((id) => world.applied(id).length >= lost.index);
    world.check(early === undefined, () => ({
      sentence: `${early} applied entry ${lost.index}, which only two of five servers can have: the last that was committed is entry ${index}.`,
      rule: committing.rule,
      next: "What made that server believe that the entry is committed?",
    }));
    world.faults.heal();
    await agree(world, "c");
  }),
);

test(
  "2.8 A leader that was cut off gives up what it could not commit",
  simulated(Raft, { servers: [3, 5] }, async (world) => {
    const old = await world.awaitLeader();
    await commit(world, "a");
    world.faults.isolate(old);
    for (const command of ["x", "y", "z"]) await take(world, command, old);
    const others = without(world, old);
    await commit(world, "b", others);

    world.faults.rejoin(old);

    await agree(world, "c");
  }),
);

test(
  "2.8 A leader that was frozen finds its successor and catches up",
  simulated(Raft, { servers: [3, 5] }, async (world) => {
    const old = await world.awaitLeader();
    world.submit(old, "a");
    world.faults.pause(old);
    await commit(world, "b", without(world, old));

    world.submit(old, "c");
    world.faults.resume(old);

    await agree(world, "d");
  }),
);

test(
  "2.8 Commands are committed though leaders stop",
  simulated(Raft, { servers: 5 }, async (world) => {
    await world.awaitLeader();
    for (const command of ["a", "b"]) {
      await agree(world, `${command}1`);
      const leader = await world.awaitLeader(world.runningIds);
      world.submit(leader, `${command}2`);
      await world.runFor(world.draws.int(0, 20));
      world.faults.stop(leader);
    }

    await agree(world, "c");
  }),
);

test(
  "2.8 Logs that have drifted far apart are soon the same again",
  simulated(Raft, { servers: 5, seeds: 2 }, async (world) => {
    // A minority stores 30 commands that cannot be committed; the others commit 30 in the meantime.
    const first = await world.awaitLeader();
    const [friend, ...others] = without(world, first);
    world.faults.partition([first, friend], others);
    for (let i = 1; i <= 30; i++) world.submit(first, `x${i}`);
    await world.runFor(500);
    const second = await world.awaitLeader(others);
    for (let i = 1; i <= 30; i++) world.submit(second, `y${i}`);
    await agree(world, "y", others);
    // Then the leader of these is left with 30 more, and the rest has to come together.
    world.faults.heal();
    const [last] = others.filter((id) => id !== second);
    world.faults.partition(
      [second, last],
      [first, friend, ...others.filter((id) => ![second, last].includes(id))],
    );
    for (let i = 1; i <= 30; i++) world.submit(second, `z${i}`);
    await agree(world, "w", without(world, second, last));

    world.faults.heal();

    await agree(world, "v");
  }),
);

test(
  "2.8 Large commands do not travel again and again",
  simulated(Raft, { servers: 3 }, async (world) => {
    await commit(world, "a");
    const before = world.counts.bytes();
    const size = 5_000;

    for (let i = 1; i <= 10; i++) await commit(world, `${i}`.padEnd(size, "."));

    const bytes = world.counts.bytes() - before;
    const most = 2 * 10 * size * 3 + 50_000;
    world.check(bytes <= most, () => ({
      sentence: `For ten commands of ${size} bytes the three servers sent ${bytes.toLocaleString("en")} bytes; expected no more than ${most.toLocaleString("en")}.`,
      rule: "§5.3: AppendEntries carries the entries from nextIndex on, which goes forward with each success.",
      next: "Which entries do AppendEntries carry that their receivers have confirmed already?",
    }));
  }),
);

test(
  "2.8 An idle leader sends nothing but heartbeats",
  simulated(Raft, { servers: 3 }, async (world) => {
    for (const command of ["a", "b", "c"]) await commit(world, command);
    await world.runFor(TIMING.applyWithin);
    const before = world.counts.messages();

    await world.runFor(1_000);

    const messages = world.counts.messages() - before;
    const most = 2 * 2 * (1_000 / TIMING.heartbeatIntervalMin + 1);
    world.check(messages <= most, () => ({
      sentence: `In a second without commands the three servers sent ${messages} messages; expected no more than ${most}.`,
      rule: "Figure 2, Leaders: heartbeats during idle periods, no more than one in 25 ms to each peer.",
      next: "Which answer makes the leader send again at once, although there is nothing new to say?",
    }));
  }),
);

test(
  "2.8 Messages that arrive twice do not multiply",
  simulated(Raft, { servers: 3 }, async (world) => {
    await commit(world, "a");
    const [commands, peers, heartbeats] = [100, 2, 4_000 / TIMING.heartbeatIntervalMin];
    const before = world.counts.messages();

    world.faults.network({ delay: [40, 60], loss: 0, duplication: 0.3, tail: { chance: 0, delay: [0, 0] } });
    for (let i = 1; i <= commands; i++) {
      world.submit(world.leader() ?? "S1", `x${i}`);
      await world.runFor(world.draws.int(5, 50));
    }

    const messages = world.counts.messages() - before;
    const most = peers * (50 * commands + 2 * heartbeats);
    world.check(messages <= most, () => ({
      sentence: `On a slow network where three messages of ten arrive twice, ${commands} commands made the three servers send ${messages.toLocaleString("en")} messages; expected no more than ${most.toLocaleString("en")}.`,
      rule: "An answer that tells the leader nothing new makes it send nothing.",
      next: "A reply arrives twice: what does the leader send each time, and what do the answers to that make it send?",
    }));
  }),
);

test(
  "2.8 Commands are committed though messages are lost",
  simulated(Raft, { servers: 5, network: "unreliable", seeds: 6 }, async (world) => {
    for (let i = 1; i <= 20; i++) {
      world.submit(world.leader() ?? "S1", `x${i}`);
      await world.runFor(world.draws.int(0, 60));
    }

    world.faults.network("lan");
    await agree(world, "a");
  }),
);

test(
  "2.8 Commands are applied once though messages come twice and late",
  simulated(Raft, { servers: 3, network: "stormy" }, async (world) => {
    for (let i = 1; i <= 20; i++) {
      world.submit(world.leader() ?? "S1", `x${i}`);
      await world.runFor(world.draws.int(0, 60));
    }

    world.faults.network("lan");
    await agree(world, "a");
  }),
);

test(
  "2.8 Whatever goes wrong, logs stay true",
  simulated(Raft, { servers: [3, 5, 4, 7], seeds: 12 }, async (world) => {
    const duration = 5_000;
    for (let at = 100; at < duration; at += world.draws.int(20, 150)) {
      const id = world.draws.pick(world.ids);
      world.after(at, () => void (world.isStopped(id) || world.submit(id, `x${at}`)));
    }

    await playSwarm(world, planSwarm(world.seed, world.ids, duration), duration);

    await agree(world, "a");
  }),
);
