/**
 * All of a server's state lies in a WeakMap of the module, as private fields did before the language had them: the object
 * itself shows nothing. Raft §5.1 and §5.2, in functions over that state. A search that trusted the object would take
 * all states of a server for one.
 */
import type {
  AppendEntries,
  AppendEntriesReply,
  Env,
  NodeId,
  RaftMessage,
  RequestVote,
  RequestVoteReply,
  Role,
  Server,
  Status,
  Term,
} from "../../../../labs/kit/contract";

const WAIT = "wait";
const BEAT = "beat";
const BEAT_EVERY = 60;

interface State {
  readonly env: Env<RaftMessage>;
  role: Role;
  term: Term;
  votedFor: NodeId | undefined;
  leader: NodeId | undefined;
  voters: ReadonlySet<NodeId>;
}

const states = new WeakMap<Raft, State>();

function of(server: Raft): State {
  const state = states.get(server);
  if (state === undefined) throw new Error("A server has state from its constructor on.");
  return state;
}

function wait({ env }: State): void {
  env.setTimer(WAIT, 280 + 280 * env.random());
}

function follow(state: State, term: Term, leader?: NodeId): void {
  if (term > state.term) state.votedFor = undefined;
  if (state.role === "leader") {
    state.env.cancelTimer(BEAT);
    wait(state);
  }
  Object.assign(state, { role: "follower", term, leader, voters: new Set() });
}

function stand(state: State): void {
  const { env } = state;
  const term = state.term + 1;
  Object.assign(state, { role: "candidate", term, votedFor: env.self, leader: undefined });
  wait(state);
  for (const peer of env.peers)
    env.send(peer, { type: "RequestVote", term, candidateId: env.self, lastLogIndex: 0, lastLogTerm: 0 });
  count(state, new Set([env.self]));
}

function count(state: State, voters: ReadonlySet<NodeId>): void {
  state.voters = voters;
  if (voters.size <= (state.env.peers.length + 1) / 2) return;
  state.role = "leader";
  state.leader = state.env.self;
  state.env.cancelTimer(WAIT);
  beat(state);
}

function beat({ env, term }: State): void {
  for (const peer of env.peers)
    env.send(peer, {
      type: "AppendEntries",
      term,
      leaderId: env.self,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: [],
      leaderCommit: 0,
    });
  env.setTimer(BEAT, BEAT_EVERY);
}

function answerCandidate(state: State, from: NodeId, { term, candidateId }: RequestVote): RequestVoteReply {
  const voteGranted = term === state.term && (state.votedFor ?? candidateId) === from;
  if (voteGranted) {
    state.votedFor = from;
    wait(state);
  }
  return { type: "RequestVoteReply", term: state.term, voteGranted };
}

function answerLeader(state: State, { term, leaderId }: AppendEntries): AppendEntriesReply {
  const success = term === state.term;
  if (success) {
    follow(state, term, leaderId);
    wait(state);
  }
  return { type: "AppendEntriesReply", term: state.term, success, matchIndex: 0 };
}

export class Raft implements Server<RaftMessage> {
  constructor(env: Env<RaftMessage>) {
    const nobody = { votedFor: undefined, leader: undefined };
    states.set(this, { env, role: "follower", term: 0, ...nobody, voters: new Set() });
  }

  start(): void {
    wait(of(this));
  }

  onTimer(name: string): void {
    if (name === WAIT) stand(of(this));
    else beat(of(this));
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    const state = of(this);
    if (message.term > state.term) follow(state, message.term);
    if (message.type === "RequestVote") state.env.send(from, answerCandidate(state, from, message));
    else if (message.type === "AppendEntries") state.env.send(from, answerLeader(state, message));
    else if (message.type === "RequestVoteReply" && message.voteGranted)
      if (state.role === "candidate" && message.term === state.term)
        count(state, new Set([...state.voters, from]));
  }

  status(): Status {
    const { role, term, leader } = of(this);
    return { role, currentTerm: term, leader };
  }
}
