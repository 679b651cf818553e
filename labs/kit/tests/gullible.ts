import type { Env, NodeId, Server, Status } from "../contract";
import { LocalHost } from "../host/local-host";
import type { AnyMessage } from "../host/reaction";

/** What is wrong with a {@link Gullible} server. */
export type Flaw = "votes for everybody" | "throws in term 1" | "throws in term 3" | "none";

/** A server that elects leaders and does nothing else, with a flaw or without. */
class Gullible implements Server<AnyMessage> {
  private term = 0;
  private votedFor: NodeId | undefined;
  private role: Status["role"] = "follower";
  private readonly votes = new Set<NodeId>();

  constructor(
    private readonly env: Env<AnyMessage>,
    private readonly flaw: Flaw,
  ) {}

  start(): void {
    this.wait();
  }

  onTimer(name: string): void {
    if (name === "heartbeat") {
      this.lead();
      return;
    }
    this.term += 1;
    if (this.flaw === `throws in term ${this.term}`) throw new Error(`${this.term} is too much`);
    this.role = "candidate";
    this.votedFor = this.env.self;
    this.votes.clear();
    this.votes.add(this.env.self);
    for (const peer of this.env.peers)
      this.env.send(peer, {
        type: "RequestVote",
        term: this.term,
        candidateId: this.env.self,
        lastLogIndex: 0,
        lastLogTerm: 0,
      });
    this.wait();
  }

  onMessage(from: NodeId, { type, term = 0, voteGranted }: AnyMessage): void {
    if (term > this.term) {
      this.term = term;
      this.role = "follower";
      this.votedFor = undefined;
      this.env.cancelTimer("heartbeat");
      this.wait();
    }
    if (type === "RequestVote") {
      const isFree = this.votedFor === undefined || this.votedFor === from;
      const isGranted = term === this.term && (isFree || this.flaw === "votes for everybody");
      if (isGranted) this.votedFor = from;
      this.env.send(from, { type: "RequestVoteReply", term: this.term, voteGranted: isGranted });
    } else if (type === "RequestVoteReply" && voteGranted === true && term === this.term) {
      this.votes.add(from);
      if (this.role === "candidate" && this.votes.size * 2 > this.env.peers.length + 1) this.lead();
    } else if (type === "AppendEntries" && term === this.term) this.wait();
  }

  status(): Status {
    return { role: this.role, currentTerm: this.term };
  }

  private lead(): void {
    this.role = "leader";
    this.env.cancelTimer("election");
    this.env.setTimer("heartbeat", 50);
    for (const peer of this.env.peers)
      this.env.send(peer, {
        type: "AppendEntries",
        term: this.term,
        leaderId: this.env.self,
        prevLogIndex: 0,
        prevLogTerm: 0,
        entries: [],
        leaderCommit: 0,
      });
  }

  private wait(): void {
    this.env.setTimer("election", 150 + 150 * this.env.random());
  }
}

/** A host for servers with a flaw. */
export function gullible(flaw: Flaw): LocalHost {
  return new LocalHost({ server: (env) => new Gullible(env, flaw) });
}
