/**
 * Pre-vote that waits once more: a server that misses the leader asks whether it could win, and looks at the answers only
 * when its next wait is over. So up to two waits pass before it stands, which the handout allows, and a leader heard
 * in between ends the poll. Otherwise as `pre-vote` (Ongaro's dissertation §9.6). A grader once failed it.
 */
import type {
  AppendEntries,
  Env,
  NodeId,
  PreVote,
  PreVoteReply,
  RaftMessage,
  RequestVote,
  RequestVoteReply,
  Role,
  Server,
  Status,
  Term,
} from "../../../../labs/kit/contract";

type Message = RaftMessage | PreVote | PreVoteReply;

const TIMEOUT_MIN = 1200;
const TIMEOUT_MAX = 1900;
const BEAT_EVERY = 50;
const EMPTY_LOG = { lastLogIndex: 0, lastLogTerm: 0 } as const;

export class Raft implements Server<Message> {
  readonly #env: Env<Message>;
  #role: Role = "follower";
  #term: Term = 0;
  #votedFor: NodeId | undefined;
  #leader: NodeId | undefined;
  /** When #leader, if it is another server, was last heard. */
  #leaderHeardAt = 0;
  /** While this server polls its peers: those in favour of its standing in the next term. */
  #preVotes: Set<NodeId> | undefined;
  /** Those who voted for this server in its present term. */
  #votes = new Set<NodeId>();
  /** While leading: those who answered a heartbeat since the last quorum check. */
  #answered = new Set<NodeId>();

  constructor(env: Env<Message>) {
    this.#env = env;
  }

  start(): void {
    this.#waitForLeader();
  }

  status(): Status {
    return { role: this.#role, currentTerm: this.#term, leader: this.#leader };
  }

  onTimer(name: string): void {
    if (name === "wait") this.#poll();
    else if (name === "beat") this.#beat();
    else if (name === "quorum") this.#checkQuorum();
  }

  onMessage(from: NodeId, message: Message): void {
    // A pre-vote speaks of a term in which nobody stands yet: it must not reach #catchUp.
    if (message.type !== "PreVote" && message.type !== "PreVoteReply") this.#catchUp(message.term);
    if (message.type === "PreVote") this.#onPreVote(from, message);
    else if (message.type === "PreVoteReply") this.#onPreVoteReply(from, message);
    else if (message.type === "RequestVote") this.#onRequestVote(from, message);
    else if (message.type === "RequestVoteReply") this.#onRequestVoteReply(from, message);
    else if (message.type === "AppendEntries") this.#onAppendEntries(from, message);
    else if (message.type === "AppendEntriesReply") this.#onAppendEntriesReply(from, message.term);
  }

  /** The first round. A candidate whose election failed keeps its term and role while it polls again. */
  #poll(): void {
    if (this.#preVotes && this.#isMajority(this.#preVotes)) {
      this.#stand();
      return;
    }
    this.#waitForLeader();
    this.#preVotes = new Set([this.#env.self]);
    this.#broadcast({ type: "PreVote", term: this.#term + 1, candidateId: this.#env.self, ...EMPTY_LOG });
    this.#standIfWelcome();
  }

  #onPreVote(from: NodeId, { term }: PreVote): void {
    const voteGranted = term >= this.#term && !this.#hasLeader();
    this.#env.send(from, { type: "PreVoteReply", term, voteGranted });
  }

  #onPreVoteReply(from: NodeId, reply: PreVoteReply): void {
    if (!reply.voteGranted || reply.term !== this.#term + 1) return;
    this.#preVotes?.add(from);
  }

  #hasLeader(): boolean {
    if (this.#role === "leader") return true;
    return this.#leader !== undefined && this.#env.now() - this.#leaderHeardAt < TIMEOUT_MIN;
  }

  #standIfWelcome(): void {
    if (this.#preVotes && this.#isMajority(this.#preVotes)) this.#stand();
  }

  /** The second round: a real election. */
  #stand(): void {
    this.#term++;
    this.#role = "candidate";
    this.#votedFor = this.#env.self;
    this.#leader = undefined;
    this.#votes = new Set([this.#env.self]);
    this.#waitForLeader();
    this.#broadcast({ type: "RequestVote", term: this.#term, candidateId: this.#env.self, ...EMPTY_LOG });
    this.#leadIfElected();
  }

  #onRequestVote(from: NodeId, { term, candidateId }: RequestVote): void {
    const voteGranted = term === this.#term && (this.#votedFor ?? candidateId) === candidateId;
    if (voteGranted) {
      this.#votedFor = candidateId;
      this.#waitForLeader();
    }
    this.#env.send(from, { type: "RequestVoteReply", term: this.#term, voteGranted });
  }

  #onRequestVoteReply(from: NodeId, { term, voteGranted }: RequestVoteReply): void {
    if (this.#role !== "candidate" || term !== this.#term || !voteGranted) return;
    this.#votes.add(from);
    this.#leadIfElected();
  }

  #leadIfElected(): void {
    if (!this.#isMajority(this.#votes)) return;
    this.#role = "leader";
    this.#leader = this.#env.self;
    this.#preVotes = undefined;
    this.#env.cancelTimer("wait");
    this.#awaitAnswers();
    this.#beat();
  }

  #awaitAnswers(): void {
    this.#answered = new Set([this.#env.self]);
    this.#env.setTimer("quorum", TIMEOUT_MAX);
  }

  #beat(): void {
    const emptyLog = { prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
    this.#broadcast({ type: "AppendEntries", term: this.#term, leaderId: this.#env.self, ...emptyLog });
    this.#env.setTimer("beat", BEAT_EVERY);
  }

  #onAppendEntries(from: NodeId, { term, leaderId }: AppendEntries): void {
    const success = term === this.#term;
    if (success) {
      this.#becomeFollower();
      this.#leader = leaderId;
      this.#leaderHeardAt = this.#env.now();
      this.#waitForLeader();
    }
    this.#env.send(from, { type: "AppendEntriesReply", term: this.#term, success, matchIndex: 0 });
  }

  #onAppendEntriesReply(from: NodeId, term: Term): void {
    if (this.#role === "leader" && term === this.#term) this.#answered.add(from);
  }

  #checkQuorum(): void {
    if (this.#isMajority(this.#answered)) this.#awaitAnswers();
    else this.#becomeFollower();
  }

  #catchUp(term: Term): void {
    if (term <= this.#term) return;
    this.#term = term;
    this.#votedFor = undefined;
    this.#preVotes = undefined;
    this.#becomeFollower();
  }

  /** Within the same term: the vote stays given. */
  #becomeFollower(): void {
    const led = this.#role === "leader";
    this.#role = "follower";
    this.#leader = undefined;
    if (!led) return;
    this.#env.cancelTimer("beat");
    this.#env.cancelTimer("quorum");
    this.#waitForLeader();
  }

  /** Starts a whole new wait, which ends any poll under way. */
  #waitForLeader(): void {
    this.#preVotes = undefined;
    this.#env.setTimer("wait", TIMEOUT_MIN + this.#env.random() * (TIMEOUT_MAX - TIMEOUT_MIN));
  }

  #isMajority(servers: ReadonlySet<NodeId>): boolean {
    return servers.size > (this.#env.peers.length + 1) / 2;
  }

  #broadcast(message: Message): void {
    for (const peer of this.#env.peers) this.#env.send(peer, message);
  }
}
