/**
 * Pre-vote as a pure function: each event maps one frozen state to the next and to what there is to send, and a single
 * timer serves for waiting, polling and heartbeats. The shell around it is a dozen lines. Written from the handout
 * alone by somebody who had not seen the reference; correct for the reasons of Raft §5.2 and dissertation §9.6.
 */
import type {
  Env,
  Millis,
  NodeId,
  PreVote,
  PreVoteReply,
  RaftMessage,
  Role,
  Server,
  Status,
  Term,
} from "../../../../labs/kit/contract";

type Message = RaftMessage | PreVote | PreVoteReply;

/** Everything a server knows: never changed, only replaced. */
interface State {
  readonly role: Role;
  readonly term: Term;
  readonly vote: NodeId | null;
  readonly leader: NodeId | undefined;
  /** Voters of `term`, while a candidate. */
  readonly votes: readonly NodeId[];
  /** Who would vote for this server in term + 1; null outside of a pre-vote. */
  readonly preVotes: readonly NodeId[] | null;
  readonly heardAt: Millis;
}

interface Cluster {
  readonly self: NodeId;
  readonly peers: readonly NodeId[];
}

type Effect =
  | { readonly kind: "send"; readonly to: NodeId; readonly message: Message }
  | { readonly kind: "alarm"; readonly after: "wait" | "beat" };

type Step = readonly [State, ...Effect[]];

const ALARM = "alarm";
const SHORTEST_WAIT = 350;
const SPREAD = 400;
const BEAT = 60;
const STICKY = 250;

const wait: Effect = { kind: "alarm", after: "wait" };
const beat: Effect = { kind: "alarm", after: "beat" };
const send = (to: NodeId, message: Message): Effect => ({ kind: "send", to, message });
const broadcast = (c: Cluster, message: Message): Effect[] => c.peers.map((to) => send(to, message));
const isMajority = (c: Cluster, who: readonly NodeId[]) => 2 * who.length > c.peers.length + 1;
const joined = (who: readonly NodeId[], id: NodeId) => (who.includes(id) ? who : [...who, id]);
const withEffects = (first: readonly Effect[], [state, ...rest]: Step): Step => [state, ...first, ...rest];

const initial: State = {
  role: "follower",
  term: 0,
  vote: null,
  leader: undefined,
  votes: [],
  preVotes: null,
  heardAt: Number.NEGATIVE_INFINITY,
};

/** The rule for all servers; pre-votes never come here. */
function adopt(s: State, term: Term): Step {
  if (term <= s.term) return [s];
  const next: State = {
    ...s,
    term,
    role: "follower",
    vote: null,
    leader: undefined,
    votes: [],
    preVotes: null,
  };
  return s.role === "leader" ? [next, wait] : [next];
}

function heartbeats(c: Cluster, s: State): Effect[] {
  const index = { prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
  return [...broadcast(c, { type: "AppendEntries", term: s.term, leaderId: c.self, ...index }), beat];
}

function lead(c: Cluster, s: State): Step {
  const next: State = { ...s, role: "leader", leader: c.self, preVotes: null };
  return [next, ...heartbeats(c, next)];
}

const ballot = (c: Cluster, term: Term) => ({ term, candidateId: c.self, lastLogIndex: 0, lastLogTerm: 0 });

function stand(c: Cluster, s: State): Step {
  const term = s.term + 1;
  const next: State = {
    ...s,
    term,
    role: "candidate",
    vote: c.self,
    leader: undefined,
    votes: [c.self],
    preVotes: null,
  };
  const asked = [...broadcast(c, { type: "RequestVote", ...ballot(c, term) }), wait];
  return isMajority(c, next.votes) ? withEffects(asked, lead(c, next)) : [next, ...asked];
}

function sound(c: Cluster, s: State): Step {
  const next: State = { ...s, preVotes: [c.self] };
  const asked = [...broadcast(c, { type: "PreVote", ...ballot(c, s.term + 1) }), wait];
  return isMajority(c, [c.self]) ? stand(c, next) : [next, ...asked];
}

function onAlarm(c: Cluster, s: State): Step {
  return s.role === "leader" ? [s, ...heartbeats(c, s)] : sound(c, s);
}

function onMessage(c: Cluster, s: State, from: NodeId, m: Message, now: Millis): Step {
  switch (m.type) {
    case "PreVote": {
      const isCalm = s.role === "leader" || now - s.heardAt < STICKY;
      const voteGranted = m.term > s.term && !isCalm;
      return [s, send(from, { type: "PreVoteReply", term: m.term, voteGranted })];
    }
    case "PreVoteReply": {
      if (s.preVotes === null || !m.voteGranted || m.term !== s.term + 1) return [s];
      const next: State = { ...s, preVotes: joined(s.preVotes, from) };
      return isMajority(c, next.preVotes ?? []) ? stand(c, next) : [next];
    }
    case "RequestVote": {
      const voteGranted = m.term === s.term && (s.vote ?? from) === from;
      const reply = send(from, { type: "RequestVoteReply", term: s.term, voteGranted });
      return voteGranted ? [{ ...s, vote: from, preVotes: null }, reply, wait] : [s, reply];
    }
    case "RequestVoteReply": {
      if (s.role !== "candidate" || !m.voteGranted || m.term !== s.term) return [s];
      const next: State = { ...s, votes: joined(s.votes, from) };
      return isMajority(c, next.votes) ? lead(c, next) : [next];
    }
    case "AppendEntries": {
      const success = m.term === s.term;
      const reply = send(from, { type: "AppendEntriesReply", term: s.term, success, matchIndex: 0 });
      if (!success) return [s, reply];
      return [{ ...s, role: "follower", leader: from, preVotes: null, votes: [], heardAt: now }, reply, wait];
    }
    default:
      return [s];
  }
}

const KNOWN = ["RequestVote", "RequestVoteReply", "AppendEntries", "AppendEntriesReply"];

/** The shell: hands events to the functions above, and carries out what they ask for. */
export class Raft implements Server<Message> {
  private state = initial;

  constructor(private readonly env: Env<Message>) {}

  start(): void {
    this.carryOut([this.state, wait]);
  }

  onTimer(_name: string): void {
    this.carryOut(onAlarm(this.env, this.state));
  }

  onMessage(from: NodeId, message: Message): void {
    if (KNOWN.includes(message.type)) this.carryOut(adopt(this.state, message.term));
    this.carryOut(onMessage(this.env, this.state, from, message, this.env.now()));
  }

  status(): Status {
    const { role, term: currentTerm, leader } = this.state;
    return { role, currentTerm, leader };
  }

  private carryOut([state, ...effects]: Step): void {
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === "send") this.env.send(effect.to, effect.message);
      else
        this.env.setTimer(ALARM, effect.after === "beat" ? BEAT : SHORTEST_WAIT + SPREAD * this.env.random());
    }
  }
}
