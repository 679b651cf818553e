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

import { NotImplemented } from "../kit/contract";

/** The names of this server's two timers. */
const ELECTION = "election";
const HEARTBEAT = "heartbeat";

/** Election timeouts are drawn from [ELECTION_TIMEOUT_MS, 2 × ELECTION_TIMEOUT_MS). */
const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

/** What a leader knows about a peer's log. */
interface Progress {
    /** The index of the first entry to send next: a guess, at least `matchIndex + 1`. */
    nextIndex: LogIndex;
    /** The peer's log is known to equal the leader's up to here. It never goes back while this server leads the term. */
    matchIndex: LogIndex;
}

/** One server of a Raft cluster that elects leaders and replicates a log: Raft §5.1 to §5.4. */
export class Raft implements Server<RaftMessage> {
    private role: Role = "follower";

    /** The latest term this server has seen. It never goes back. */
    private currentTerm: Term = 0;

    /** Who got this server's vote of `currentTerm`. Once set, it does not change within the term. */
    private votedFor: NodeId | null = null;

    /** The leader of `currentTerm`, once it has been heard from. */
    private leader: NodeId | undefined;

    /** While a candidate: the servers that voted for this one in `currentTerm`, itself included. */
    private readonly votes = new Set<NodeId>();

    /** The log. The entry with index 1 is `log[0]`. Two logs that agree on an entry's term agree on all before it. */
    private readonly log: LogEntry[] = [];

    /** The highest index known to be committed. It never goes back: lastApplied <= commitIndex. */
    private commitIndex: LogIndex = 0;

    /** The highest index handed to the state machine. */
    private lastApplied: LogIndex = 0;

    /** While the leader: each peer's progress. Begins anew in each term that this server leads. */
    private readonly progress = new Map<NodeId, Progress>();

    constructor(
        private readonly env: Env<RaftMessage>,
        private readonly machine: StateMachine,
    ) {}

    /** Begins as a follower that waits for a leader. */
    start(): void {
        this.restartElectionTimer();
    }

    /** What this server says about itself. Given: the tests look here. */
    status(): Status {
        const { role, currentTerm, leader, commitIndex } = this;
        return { role, currentTerm, leader, commitIndex };
    }

    /** A timer ran out: time to stand for election, or to send heartbeats. Given. */
    onTimer(name: string): void {
        if (name === ELECTION) this.startElection();
        if (name === HEARTBEAT) this.sendHeartbeats();
    }

    /** A message arrived. Given: first the rule for all servers, then one method for each type. */
    onMessage(from: NodeId, message: RaftMessage): void {
        this.observeTerm(message.term);
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

    /**
     * Somebody wants `command` to be replicated.
     * @returns where it stands in the log, or null if this server does not lead
     */
    propose(command: Json): Proposed | null {
        if (this.role !== "leader") return null;
        this.log.push({ term: this.currentTerm, command });
        // TODO send it to the peers, 2.4
        return { index: this.lastLogIndex, term: this.currentTerm };
    }

    /** The index of the last log entry; 0 while the log is empty. Given. */
    private get lastLogIndex(): LogIndex {
        return this.log.length;
    }

    /** The term of the entry at an index; 0 before the first entry, and undefined beyond the last. Given. */
    private termAt(index: LogIndex): Term | undefined {
        return index === 0 ? 0 : this.log[index - 1]?.term;
    }

    /** True if a candidate's log is at least as up to date as this server's. For onRequestVote. */
    private isUpToDate(request: RequestVote): boolean {
        const lastLogTerm = this.termAt(this.lastLogIndex) ?? 0;
        if (request.lastLogTerm !== lastLogTerm) return request.lastLogTerm > lastLogTerm;
        return request.lastLogIndex >= this.lastLogIndex;
    }

    /** Waits for a leader, from now on, for a new random time. */
    private restartElectionTimer(): void {
        const timeout = ELECTION_TIMEOUT_MS * (1 + this.env.random());
        this.env.setTimer(ELECTION, timeout);
    }

    /** The rule for all servers: a newer term ends whatever this server was doing in the old one. */
    private observeTerm(term: Term): void {
        if (term <= this.currentTerm) return;
        const wasLeader = this.role === "leader";
        this.currentTerm = term;
        this.role = "follower";
        this.votedFor = null;
        this.leader = undefined;
        if (wasLeader) {
            this.env.cancelTimer(HEARTBEAT);
            this.restartElectionTimer();
        }
    }

    /** Answers a candidate. */
    private onRequestVote(from: NodeId, request: RequestVote): void {
        const voteIsFree = this.votedFor === null || this.votedFor === request.candidateId;
        const voteGranted = request.term === this.currentTerm && voteIsFree && this.isUpToDate(request);
        if (voteGranted) {
            this.votedFor = request.candidateId;
            this.restartElectionTimer();
        }
        this.env.send(from, { type: "RequestVoteReply", term: this.currentTerm, voteGranted });
    }

    /** Hears from a leader, or from one that thinks it still is. */
    private onAppendEntries(from: NodeId, request: AppendEntries): void {
        const isCurrent = request.term === this.currentTerm;
        if (isCurrent) {
            this.role = "follower";
            this.leader = request.leaderId;
            this.restartElectionTimer();
        }
        const success = isCurrent && this.store(request);
        const matchIndex = success ? lastIndexOf(request) : 0; // 2.7
        this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex });
    }

    /**
     * Brings this server's log in line with what the leader of currentTerm sends. For onAppendEntries.
     * @returns false if this log has no entry of prevLogTerm at prevLogIndex: nothing was changed then
     */
    private store(request: AppendEntries): boolean {
        if (this.termAt(request.prevLogIndex) !== request.prevLogTerm) {
            return false;
        }
        let index = request.prevLogIndex;
        for (const entry of request.entries) {
            index += 1;
            if (this.termAt(index) === entry.term) continue; // have it already
            this.log.length = index - 1;
            this.log.push(entry);
        }
        // TODO commitUpTo, 2.6
        return true;
    }

    /** What a refusal tells the leader: the highest index at which the logs might agree. For onAppendEntries. */
    private mightMatch({ prevLogIndex }: AppendEntries): LogIndex {
        // TODO 2.7. If the log ends before prevLogIndex, it is the last index. If not, its entry there is of another term
        // than the leader's: then go back over all entries of that term, for the leader has most likely none of them, but
        // not into what is committed, where all logs agree. Then use it in onAppendEntries() for the matchIndex of a
        // refusal. A request of an older term is refused too, even one with prevLogIndex 0: return 0 then.
        // Keep true: what is returned is less than a prevLogIndex that did not match, and never less than 0.
        // Raft §5.3, the paragraph on reducing the number of rejected AppendEntries. About 5 lines.
        // Try: npm test -- -t 2.7
        throw new NotImplemented("2.7");
    }

    /** No leader was heard for a whole election timeout: stands for election in a new term. */
    private startElection(): void {
        this.role = "candidate";
        this.currentTerm += 1;
        this.votedFor = this.env.self;
        this.leader = undefined;
        this.votes.clear();
        this.votes.add(this.env.self);
        this.restartElectionTimer();
        for (const peer of this.env.peers) {
            this.env.send(peer, {
                type: "RequestVote",
                term: this.currentTerm,
                candidateId: this.env.self,
                lastLogIndex: this.lastLogIndex,
                lastLogTerm: this.termAt(this.lastLogIndex) ?? 0,
            });
        }
        this.becomeLeaderIfElected();
    }

    /** Counts a vote. */
    private onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
        if (this.role !== "candidate" || reply.term !== this.currentTerm || !reply.voteGranted) return;
        this.votes.add(from);
        this.becomeLeaderIfElected();
    }

    /** A majority of the whole cluster makes a leader. */
    private becomeLeaderIfElected(): void {
        const clusterSize = this.env.peers.length + 1;
        if (this.votes.size * 2 <= clusterSize) return;
        this.role = "leader";
        this.leader = this.env.self;
        this.env.cancelTimer(ELECTION);
        this.sendHeartbeats();
    }

    /** Tells every peer that this server leads, now and again after each heartbeat interval. */
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

    /** A new leader knows nothing of its peers' logs. For becomeLeaderIfElected, before the first heartbeats. */
    private beginProgress(): void {
        // TODO 2.4. Give every peer a nextIndex just after this server's last entry, and a matchIndex of 0: what was
        // known in an earlier term of this server's is out of date. Then call it in becomeLeaderIfElected(), before the
        // first heartbeats.
        // Keep true: matchIndex < nextIndex. Raft §5.3; Figure 2, volatile state on leaders. About 3 lines.
        // Try: npm test -- -t 2.4
        throw new NotImplemented("2.4");
    }

    /** Sends a peer what it lacks, or an empty AppendEntries if that is nothing. For sendHeartbeats, propose and others. */
    private sendEntries(peer: NodeId): void {
        // TODO 2.4. Send the peer an AppendEntries with all entries from its nextIndex on, which may be none, with the
        // index and term of the entry before them, and with commitIndex. Then call it for each peer: in sendHeartbeats()
        // instead of the empty message, so that a heartbeat also repeats what may have been lost, and in propose(), so
        // that a command goes out at once.
        // Keep true: prevLogIndex and prevLogTerm describe the entry just before `entries`.
        // Raft §5.3; Figure 2, Leaders. About 12 lines. Try: npm test -- -t 2.4
        throw new NotImplemented("2.4");
    }

    /** A peer answered an AppendEntries. Its term was looked at in onMessage. */
    private onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {
        // TODO 2.5. Ignore a reply that is not of the term which this server leads now. Success: the peer's log is known
        // to match up to reply.matchIndex, and what comes next begins after it. Refusal: go back to just after
        // reply.matchIndex, but never to or below what is known to match, and send again at once if that is further back
        // than before. Replies arrive late, twice and in any order: an old one must undo nothing. Task 2.6 will add a
        // call on success.
        // Keep true: matchIndex never goes back; matchIndex < nextIndex.
        // Raft §5.3; Figure 2, Leaders. About 10 lines. Try: npm test -- -t 2.5
        throw new NotImplemented("2.5");
    }

    /** Commits what a majority stores. For onAppendEntriesReply and propose. */
    private advanceCommitIndex(): void {
        // TODO 2.6. Write commitUpTo() below first. Then find the highest index that a majority of the whole cluster
        // stores, this server included, and commitUpTo() it, if the entry there is of currentTerm. Entries of earlier
        // terms are committed with it, never by counting who stores them: Figure 8 shows why. Call it in
        // onAppendEntriesReply() on success, and in propose(), for a cluster of one needs nobody else.
        // Keep true: a committed entry is in the log of every later leader (Leader Completeness).
        // Raft §5.3, §5.4.2; Figure 2, Leaders. About 4 lines. Try: npm test -- -t 2.6
        throw new NotImplemented("2.6");
    }

    /** Entries up to `index` are committed: the state machine gets those that it has not had yet. */
    private commitUpTo(index: LogIndex): void {
        // TODO 2.6. Raise commitIndex, never lower it, and hand each newly committed entry to the state machine, as
        // { index, term, command }, in the order of the log. Then let followers commit what their leader has committed:
        // store() calls this before its last return, with leaderCommit, but never with more than lastIndexOf(request),
        // for beyond that nothing has been compared.
        // Keep true: lastApplied <= commitIndex <= lastLogIndex; every entry is applied once.
        // Raft §5.3; Figure 2, All Servers. About 5 lines. Try: npm test -- -t 2.6
        throw new NotImplemented("2.6");
    }
}

/** The index of the last entry that a request is about. Given. */
function lastIndexOf({ prevLogIndex, entries }: AppendEntries): LogIndex {
    return prevLogIndex + entries.length;
}
