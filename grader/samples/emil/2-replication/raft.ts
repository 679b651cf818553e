import type {
	AppendEntries,
	AppendEntriesReply,
	Env,
	Json,
	LogEntry,
	LogIndex,
	NodeId,
	Proposed,
	RaftMessage,
	RequestVote,
	RequestVoteReply,
	Role,
	Server,
	StateMachine,
	Status,
	Term,
} from "../kit/contract";

const ELECTION = "election";
const HEARTBEAT = "heartbeat";

const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

// nextIndex[] and matchIndex[] of Figure 2
interface Progress {
	nextIndex: LogIndex;
	matchIndex: LogIndex;
}

// Follows Figure 2 of the paper, one method for each box.
export class Raft implements Server<RaftMessage> {
	private role: Role = "follower";

	private currentTerm: Term = 0;

	private votedFor: NodeId | null = null;

	private leader: NodeId | undefined;

	private readonly votes = new Set<NodeId>();

	private readonly log: LogEntry[] = [];

	private commitIndex: LogIndex = 0;

	private lastApplied: LogIndex = 0;

	private readonly progress = new Map<NodeId, Progress>();

	constructor(
		private readonly env: Env<RaftMessage>,
		private readonly machine: StateMachine,
	) {}

	start(): void {
		this.resetTimer();
	}

	status(): Status {
		const { role, currentTerm, leader, commitIndex } = this;
		return { role, currentTerm, leader, commitIndex };
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

	propose(command: Json): Proposed | null {
		if (this.role !== "leader") return null;
		this.log.push({ term: this.currentTerm, command });
		const index = this.lastLogIndex;
		this.updateCommitIndex();
		for (const peer of this.env.peers) this.replicateTo(peer);
		return { index, term: this.currentTerm };
	}

	private get lastLogIndex(): LogIndex {
		return this.log.length;
	}

	private termAt(index: LogIndex): Term | undefined {
		return index === 0 ? 0 : this.log[index - 1]?.term;
	}

	private isUpToDate(request: RequestVote): boolean {
		const lastLogTerm = this.termAt(this.lastLogIndex) ?? 0;
		if (request.lastLogTerm !== lastLogTerm) return request.lastLogTerm > lastLogTerm;
		return request.lastLogIndex >= this.lastLogIndex;
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
		const voteGranted = request.term === this.currentTerm && voteIsFree && this.isUpToDate(request);
		if (voteGranted) {
			this.votedFor = request.candidateId;
			this.resetTimer();
		}
		this.env.send(from, { type: "RequestVoteReply", term: this.currentTerm, voteGranted });
	}

	private onAppendEntries(from: NodeId, request: AppendEntries): void {
		const isCurrent = request.term === this.currentTerm;
		if (isCurrent) {
			this.role = "follower";
			this.leader = request.leaderId;
			this.resetTimer();
		}
		const success = isCurrent && this.store(request);
		const matchIndex = success ? lastIndexOf(request) : this.mightMatch(request);
		this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex });
	}

	private store(request: AppendEntries): boolean {
		const { prevLogIndex, prevLogTerm, entries, leaderCommit } = request;
		// 2. Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm
		if (this.termAt(prevLogIndex) !== prevLogTerm) return false;
		for (let i = 0; i < entries.length; i++) {
			const index = prevLogIndex + 1 + i;
			if (this.termAt(index) === entries[i].term) continue;
			// 3. conflict: delete it and all that follow, 4. append the new ones
			this.log.splice(index - 1, this.log.length, ...entries.slice(i));
			break;
		}
		// 5.
		if (leaderCommit > this.commitIndex)
			this.setCommitIndex(Math.min(leaderCommit, lastIndexOf(request)));
		return true;
	}

	private mightMatch({ prevLogIndex }: AppendEntries): LogIndex {
		if (prevLogIndex > this.lastLogIndex) return this.lastLogIndex;
		const conflictTerm = this.termAt(prevLogIndex);
		let index = prevLogIndex;
		while (index > this.commitIndex && this.termAt(index) === conflictTerm) index -= 1;
		return index;
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
				lastLogIndex: this.lastLogIndex,
				lastLogTerm: this.termAt(this.lastLogIndex) ?? 0,
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
		this.beginProgress();
		this.sendHeartbeats();
	}

	private sendHeartbeats(): void {
		for (const peer of this.env.peers) this.replicateTo(peer);
		this.env.setTimer(HEARTBEAT, HEARTBEAT_INTERVAL_MS);
	}

	private beginProgress(): void {
		this.progress.clear();
		for (const peer of this.env.peers)
			this.progress.set(peer, { nextIndex: this.lastLogIndex + 1, matchIndex: 0 });
	}

	private replicateTo(peer: NodeId): void {
		const progress = this.progress.get(peer);
		if (progress === undefined) return;
		const prevLogIndex = progress.nextIndex - 1;
		this.env.send(peer, {
			type: "AppendEntries",
			term: this.currentTerm,
			leaderId: this.env.self,
			prevLogIndex,
			prevLogTerm: this.termAt(prevLogIndex) ?? 0,
			entries: this.log.slice(prevLogIndex),
			leaderCommit: this.commitIndex,
		});
	}

	private onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {
		const progress = this.progress.get(from);
		if (this.role !== "leader" || reply.term !== this.currentTerm || progress === undefined) return;
		if (reply.success) {
			progress.matchIndex = Math.max(progress.matchIndex, reply.matchIndex);
			progress.nextIndex = Math.max(progress.nextIndex, progress.matchIndex + 1);
			this.updateCommitIndex();
		} else if (reply.matchIndex + 1 < progress.nextIndex) {
			progress.nextIndex = Math.max(progress.matchIndex, reply.matchIndex) + 1;
			this.replicateTo(from);
		}
	}

	private updateCommitIndex(): void {
		const n = this.env.peers.length + 1;
		for (let index = this.lastLogIndex; index > this.commitIndex; index--) {
			let count = 1;
			for (const { matchIndex } of this.progress.values()) {
				if (matchIndex >= index) count++;
			}
			if (count > n / 2) {
				this.setCommitIndex(index);
				return;
			}
		}
	}

	private setCommitIndex(index: LogIndex): void {
		this.commitIndex = Math.max(this.commitIndex, index);
		while (this.lastApplied < this.commitIndex) {
			this.lastApplied += 1;
			this.machine.apply({ index: this.lastApplied, ...this.log[this.lastApplied - 1] });
		}
	}
}

function lastIndexOf({ prevLogIndex, entries }: AppendEntries): LogIndex {
	return prevLogIndex + entries.length;
}
