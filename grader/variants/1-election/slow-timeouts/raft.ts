/**
 * The slowest that is allowed, 1 to 2 s without a leader and a heartbeat each 100 ms; and functional: `step` maps an
 * immutable state and an input to the next state and a list of actions, without effects. The class only remembers
 * the state and carries the actions out. The rules are those of Raft Figure 2; timing matters for availability only,
 * never for safety (§5.6), and the timeout is still far longer than the heartbeat interval.
 */
import type { Env, NodeId, RaftMessage, Role, Server, Status, Term } from "../../../../labs/kit/contract";

interface State {
  readonly self: NodeId;
  readonly peers: readonly NodeId[];
  readonly role: Role;
  readonly currentTerm: Term;
  readonly votedFor: NodeId | null;
  readonly leader: NodeId | undefined;
  readonly votes: readonly NodeId[];
}

type Input =
  | { readonly kind: "booted" }
  | { readonly kind: "electionTimeout" }
  | { readonly kind: "heartbeatDue" }
  | { readonly kind: "received"; readonly from: NodeId; readonly message: RaftMessage };

type Action =
  | { readonly do: "send"; readonly to: NodeId; readonly message: RaftMessage }
  | { readonly do: "waitForLeader" }
  | { readonly do: "stopWaiting" }
  | { readonly do: "scheduleHeartbeat" }
  | { readonly do: "stopHeartbeats" };

type Outcome = readonly [State, readonly Action[]];

const WAIT_FOR_LEADER: Action = { do: "waitForLeader" };

const send = (to: NodeId, message: RaftMessage): Action => ({ do: "send", to, message });

const broadcast = (state: State, message: RaftMessage): readonly Action[] =>
  state.peers.map((peer) => send(peer, message));

/** Does `first`, then `second` from the state in which that ended. */
const chain = (first: Outcome, second: (state: State) => Outcome): Outcome => {
  const [middle, before] = first;
  const [end, after] = second(middle);
  return [end, [...before, ...after]];
};

/** The whole algorithm. */
function step(state: State, input: Input): Outcome {
  switch (input.kind) {
    case "booted":
      return [state, [WAIT_FOR_LEADER]];
    case "electionTimeout":
      return state.role === "leader" ? [state, []] : chain(stand(state), winIfMajority);
    case "heartbeatDue":
      return state.role === "leader" ? [state, heartbeats(state)] : [state, []];
    case "received":
      return chain(observe(state, input.message.term), (current) =>
        receive(current, input.from, input.message),
      );
  }
}

function stand(state: State): Outcome {
  const { self } = state;
  const currentTerm = state.currentTerm + 1;
  return [
    { ...state, role: "candidate", currentTerm, votedFor: self, leader: undefined, votes: [self] },
    [
      WAIT_FOR_LEADER,
      ...broadcast(state, {
        type: "RequestVote",
        term: currentTerm,
        candidateId: self,
        lastLogIndex: 0,
        lastLogTerm: 0,
      }),
    ],
  ];
}

function winIfMajority(state: State): Outcome {
  if (2 * state.votes.length <= state.peers.length + 1) return [state, []];
  const elected: State = { ...state, role: "leader", leader: state.self };
  return [elected, [{ do: "stopWaiting" }, ...heartbeats(elected)]];
}

function heartbeats(state: State): readonly Action[] {
  const message: RaftMessage = {
    type: "AppendEntries",
    term: state.currentTerm,
    leaderId: state.self,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
    leaderCommit: 0,
  };
  return [...broadcast(state, message), { do: "scheduleHeartbeat" }];
}

/** A newer term starts with a free vote and no known leader. */
function observe(state: State, term: Term): Outcome {
  if (term <= state.currentTerm) return [state, []];
  const newcomer: State = {
    ...state,
    role: "follower",
    currentTerm: term,
    votedFor: null,
    leader: undefined,
    votes: [],
  };
  return [newcomer, state.role === "leader" ? [{ do: "stopHeartbeats" }, WAIT_FOR_LEADER] : []];
}

/** `message.term` is not newer than the state's any more. */
function receive(state: State, from: NodeId, message: RaftMessage): Outcome {
  const isCurrent = message.term === state.currentTerm;
  switch (message.type) {
    case "RequestVote": {
      const { candidateId } = message;
      const voteGranted = isCurrent && (state.votedFor === null || state.votedFor === candidateId);
      const answer = send(from, { type: "RequestVoteReply", term: state.currentTerm, voteGranted });
      return voteGranted
        ? [{ ...state, votedFor: candidateId }, [WAIT_FOR_LEADER, answer]]
        : [state, [answer]];
    }
    case "RequestVoteReply": {
      const isNews = isCurrent && message.voteGranted && !state.votes.includes(from);
      if (state.role !== "candidate" || !isNews) return [state, []];
      return winIfMajority({ ...state, votes: [...state.votes, from] });
    }
    case "AppendEntries": {
      const answer = send(from, {
        type: "AppendEntriesReply",
        term: state.currentTerm,
        success: isCurrent,
        matchIndex: 0,
      });
      return isCurrent
        ? [{ ...state, role: "follower", leader: message.leaderId }, [WAIT_FOR_LEADER, answer]]
        : [state, [answer]];
    }
    default:
      return [state, []];
  }
}

/** The shell: the only part that touches the world. */
export class Raft implements Server<RaftMessage> {
  private state: State;

  constructor(private readonly env: Env<RaftMessage>) {
    this.state = {
      self: env.self,
      peers: env.peers,
      role: "follower",
      currentTerm: 0,
      votedFor: null,
      leader: undefined,
      votes: [],
    };
  }

  start(): void {
    this.feed({ kind: "booted" });
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    this.feed({ kind: "received", from, message });
  }

  onTimer(name: string): void {
    if (name === "electionTimeout" || name === "heartbeatDue") this.feed({ kind: name });
  }

  status(): Status {
    const { role, currentTerm, leader } = this.state;
    return { role, currentTerm, leader };
  }

  private feed(input: Input): void {
    const [next, actions] = step(this.state, input);
    this.state = next;
    for (const action of actions) this.perform(action);
  }

  private perform(action: Action): void {
    const { env } = this;
    if (action.do === "send") env.send(action.to, action.message);
    else if (action.do === "waitForLeader") env.setTimer("electionTimeout", 1_000 + 1_000 * env.random());
    else if (action.do === "stopWaiting") env.cancelTimer("electionTimeout");
    else if (action.do === "scheduleHeartbeat") env.setTimer("heartbeatDue", 100);
    else env.cancelTimer("heartbeatDue");
  }
}
