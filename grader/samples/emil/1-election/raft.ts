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
} from "../kit/contract";

const ELECTION = "election";
const HEARTBEAT = "heartbeat";

const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

// Follows Figure 2 of the paper, one method for each box.
export class Raft implements Server<RaftMessage> {
	private role: Role = "follower";

	private currentTerm: Term = 0;

	private votedFor: NodeId | null = null;

	private leader: NodeId | undefined;

	private readonly votes = new Set<NodeId>();

	constructor(private readonly env: Env<RaftMessage>) {}

	start(): void {
		this.resetTimer();
	}

	status(): Status {
		return { role: this.role, currentTerm: this.currentTerm, leader: this.leader };
	}

	onTimer(name: string): void {
		if (name === ELECTION) this.becomeCandidate();
		if (name === HEARTBEAT) this.sendHeartbeats();
	}

	onMessage(from: NodeId, message: RaftMessage): void {
		this.checkTerm(message.term);
		switch (message.type) {
			case "RequestVote":
				this.onRequestVote(from, message);
				break;
			case "RequestVoteReply":
				this.onRequestVoteReply(from, message);
				break;
			case "AppendEntries":
				this.onAppendEntries(from, message);
				break;
			case "AppendEntriesReply":
				this.onAppendEntriesReply(from, message);
				break;
		}
	}

	private resetTimer(): void {
		const timeout = ELECTION_TIMEOUT_MS * (1 + this.env.random());
		this.env.setTimer(ELECTION, timeout);
	}

	private checkTerm(term: Term): void {
		if (term <= this.currentTerm) return;
		const wasLeader = this.role === "leader";
		this.currentTerm = term;
		this.role = "follower";
		this.votedFor = null;
		this.leader = undefined;
		if (wasLeader) {
			this.env.cancelTimer(HEARTBEAT);
			this.resetTimer();
		}
	}

	private onRequestVote(from: NodeId, request: RequestVote): void {
		const voteIsFree = this.votedFor === null || this.votedFor === request.candidateId;
		const voteGranted = request.term === this.currentTerm && voteIsFree;
		if (voteGranted) {
			this.votedFor = request.candidateId;
			this.resetTimer();
		}
		this.env.send(from, { type: "RequestVoteReply", term: this.currentTerm, voteGranted });
	}

	private onAppendEntries(from: NodeId, request: AppendEntries): void {
		// Someone is out there: no need to stand for election yet.
		this.resetTimer();
		const success = request.term === this.currentTerm;
		if (success) {
			this.role = "follower";
			this.leader = request.leaderId;
		}
		this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex: 0 });
	}

	private becomeCandidate(): void {
		this.role = "candidate";
		this.currentTerm += 1;
		this.votedFor = this.env.self;
		this.leader = undefined;
		this.votes.clear();
		this.votes.add(this.env.self);
		this.resetTimer();
		for (const peer of this.env.peers) {
			this.env.send(peer, {
				type: "RequestVote",
				term: this.currentTerm,
				candidateId: this.env.self,
				lastLogIndex: 0,
				lastLogTerm: 0,
			});
		}
		this.checkMajority();
	}

	private onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
		if (this.role !== "candidate" || reply.term !== this.currentTerm || !reply.voteGranted) return;
		this.votes.add(from);
		this.checkMajority();
	}

	private checkMajority(): void {
		const clusterSize = this.env.peers.length + 1;
		if (this.votes.size * 2 <= clusterSize) return;
		this.role = "leader";
		this.leader = this.env.self;
		this.env.cancelTimer(ELECTION);
		this.sendHeartbeats();
	}

	private sendHeartbeats(): void {
		for (const peer of this.env.peers) {
			this.env.send(peer, {
				type: "AppendEntries",
				term: this.currentTerm,
				leaderId: this.env.self,
				prevLogIndex: 0,
				prevLogTerm: 0,
				entries: [],
				leaderCommit: 0,
			});
		}
		this.env.setTimer(HEARTBEAT, HEARTBEAT_INTERVAL_MS);
	}

	private onAppendEntriesReply(_from: NodeId, _reply: AppendEntriesReply): void {}
}
