/**
 * Says more than it must: each message carries diagnostics, requests are numbered and replies echo the number, and a
 * deposed leader sends its peers a StepDown notice, which is no request and changes nothing. Nobody depends on any of
 * it, so a peer that leaves it out is served as well. One timer ticks each 10 ms and all waiting is counted in ticks,
 * and a candidate repeats its request, in the same term, to those that are silent: requests are idempotent, so that
 * is harmless (Raft §5.1, §5.5). The rules for terms and votes are those of Figure 2.
 */
import type {
  Env,
  Millis,
  NodeId,
  RaftMessage,
  Role,
  Server,
  Status,
  Term,
} from "../../../../labs/kit/contract";

/** What this implementation adds to Raft's messages. All of it is optional: a peer may be of another make. */
interface Extras {
  /** A request's number. */
  readonly seq?: number;
  /** In a reply: the number of the request, or null if it had none. */
  readonly echo?: number | null;
  readonly diagnostics?: {
    readonly electionRound: number;
    readonly lastHeard: { readonly leader: NodeId | null; readonly at: Millis | null };
    readonly waited: { readonly ticks: number; readonly of: number };
  };
}

/** "I have stopped leading; my term is now `term`." */
interface StepDown {
  readonly type: "StepDown";
  readonly term: Term;
}

type Message = (RaftMessage & Extras) | StepDown;

const TICK_MS = 10;
/** 30 to 60 ticks. A wait may begin just before a tick, so 30 ticks last 290 ms at least. */
const ELECTION_TICKS = 30;
const HEARTBEAT_TICKS = 5;
const REPEAT_TICKS = 10;

export class Raft implements Server<Message> {
  private role: Role = "follower";
  private term: Term = 0;
  private votedFor: NodeId | null = null;
  private lead: NodeId | null = null;
  private leadHeardAt: Millis | null = null;

  /** Each peer's answer, and this server's own, to the candidacy in `term`. */
  private readonly answers = new Map<NodeId, boolean>();

  private elapsed = 0;
  private electionTicks = ELECTION_TICKS;
  private electionRound = 0;
  private lastSeq = 0;

  constructor(private readonly env: Env<Message>) {}

  start(): void {
    this.resetElection();
    this.env.setTimer("tick", TICK_MS);
  }

  onTimer(name: string): void {
    if (name !== "tick") return;
    this.env.setTimer("tick", TICK_MS);
    this.elapsed++;
    if (this.role === "leader") {
      if (this.elapsed >= HEARTBEAT_TICKS) this.heartbeat();
    } else if (this.elapsed >= this.electionTicks) {
      this.campaign();
    } else if (this.role === "candidate" && this.elapsed % REPEAT_TICKS === 0) {
      this.requestVotes();
    }
  }

  onMessage(from: NodeId, message: Message): void {
    switch (message.type) {
      case "RequestVote": {
        this.observe(message.term);
        const free = this.votedFor === null || this.votedFor === message.candidateId;
        const voteGranted = message.term === this.term && free;
        if (voteGranted) {
          this.votedFor = message.candidateId;
          this.resetElection();
        }
        const reply = { type: "RequestVoteReply", term: this.term, voteGranted } as const;
        this.env.send(from, { ...reply, ...this.echoing(message.seq) });
        return;
      }
      case "AppendEntries": {
        this.observe(message.term);
        const success = message.term === this.term;
        if (success) {
          this.role = "follower";
          this.lead = message.leaderId;
          this.leadHeardAt = this.env.now();
          this.resetElection();
        }
        const reply = { type: "AppendEntriesReply", term: this.term, success, matchIndex: 0 } as const;
        this.env.send(from, { ...reply, ...this.echoing(message.seq) });
        return;
      }
      case "RequestVoteReply":
        this.observe(message.term);
        if (this.role !== "candidate" || message.term !== this.term) return;
        this.answers.set(from, message.voteGranted || this.answers.get(from) === true);
        this.winIfElected();
        return;
      case "AppendEntriesReply":
        this.observe(message.term);
        return;
      default:
        return; // a notice, such as StepDown, or a type that is not known here: its term counts for nothing
    }
  }

  status(): Status {
    return { role: this.role, currentTerm: this.term, leader: this.lead ?? undefined };
  }

  private observe(term: Term): void {
    if (term <= this.term) return;
    const deposed = this.role === "leader";
    this.term = term;
    this.role = "follower";
    this.votedFor = null;
    this.lead = null;
    if (!deposed) return;
    this.resetElection();
    for (const peer of this.env.peers) this.env.send(peer, { type: "StepDown", term });
  }

  private campaign(): void {
    this.term++;
    this.electionRound++;
    this.role = "candidate";
    this.votedFor = this.env.self;
    this.lead = null;
    this.answers.clear();
    this.answers.set(this.env.self, true);
    this.resetElection();
    this.requestVotes();
    this.winIfElected();
  }

  /** Asks those who have not answered yet; the first time, that is everyone. */
  private requestVotes(): void {
    for (const peer of this.env.peers) {
      if (this.answers.has(peer)) continue;
      this.env.send(peer, {
        type: "RequestVote",
        term: this.term,
        candidateId: this.env.self,
        lastLogIndex: 0,
        lastLogTerm: 0,
        ...this.numbered(),
      });
    }
  }

  private winIfElected(): void {
    const granted = [...this.answers.values()].filter(Boolean).length;
    if (granted * 2 <= this.env.peers.length + 1) return;
    this.role = "leader";
    this.lead = this.env.self;
    this.heartbeat();
  }

  private heartbeat(): void {
    this.elapsed = 0;
    const log = { prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
    const heartbeat = { type: "AppendEntries", term: this.term, leaderId: this.env.self, ...log } as const;
    for (const peer of this.env.peers) this.env.send(peer, { ...heartbeat, ...this.numbered() });
  }

  private resetElection(): void {
    this.elapsed = 0;
    this.electionTicks = ELECTION_TICKS + Math.floor(this.env.random() * (ELECTION_TICKS + 1));
  }

  private numbered(): Extras {
    return { seq: ++this.lastSeq, diagnostics: this.diagnostics() };
  }

  private echoing(seq: number | undefined): Extras {
    return { echo: seq ?? null, diagnostics: this.diagnostics() };
  }

  private diagnostics(): Extras["diagnostics"] {
    const { electionRound, lead: leader, leadHeardAt: at, elapsed: ticks, electionTicks: of } = this;
    return { electionRound, lastHeard: { leader, at }, waited: { ticks, of } };
  }
}
