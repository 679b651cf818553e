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

import { NotImplemented } from "../kit/contract";

/** The names of this server's two timers. */
const ELECTION = "election";
const HEARTBEAT = "heartbeat";

/** Election timeouts are drawn from [ELECTION_TIMEOUT_MS, 2 × ELECTION_TIMEOUT_MS). */
const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

/** One server of a Raft cluster that elects leaders: Raft §5.1 and §5.2. Its log stays empty until lab 2. */
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

    constructor(private readonly env: Env<RaftMessage>) {}

    /** Begins as a follower that waits for a leader. */
    start(): void {
        this.restartElectionTimer();
    }

    /** What this server says about itself. Given: the tests look here. */
    status(): Status {
        return { role: this.role, currentTerm: this.currentTerm, leader: this.leader };
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

    /** Waits for a leader, from now on, for a new random time. */
    private restartElectionTimer(): void {
        // 300 .. 600 ms
        this.env.setTimer(ELECTION, ELECTION_TIMEOUT_MS + this.env.random() * ELECTION_TIMEOUT_MS);
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
        let granted = false;
        if (request.term === this.currentTerm) {
            if (this.votedFor === null || this.votedFor === request.candidateId) {
                granted = true;
            }
        }
        if (granted) {
            this.votedFor = request.candidateId;
            this.restartElectionTimer();
        }
        this.env.send(from, { type: "RequestVoteReply", term: this.currentTerm, voteGranted: granted });
    }

    /** Hears from a leader, or from one that thinks it still is. */
    private onAppendEntries(from: NodeId, request: AppendEntries): void {
        const success = request.term === this.currentTerm;
        if (success) {
            this.role = "follower";
            this.leader = request.leaderId;
            this.restartElectionTimer();
        }
        this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex: 0 });
    }

    /** No leader was heard for a whole election timeout: stands for election in a new term. */
    private startElection(): void {
        // TODO 1.5. Become a candidate of the next term: vote for yourself, forget older votes and the old leader,
        // restart the election timer, and send a RequestVote to every peer. The log is empty: lastLogIndex and
        // lastLogTerm are 0.
        // Keep true: every election has a term of its own. Raft §5.2; Figure 2, Candidates.
        // About 15 lines. Try: npm test -- -t 1.5
        throw new NotImplemented("1.5");
    }

    /** Counts a vote. */
    private onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
        // TODO 1.6. If this server is a candidate and the reply grants a vote of the current term, remember who voted,
        // then call becomeLeaderIfElected(). Ignore any other reply: it may be late, or here for the second time.
        // Keep true: `votes` holds each voter once, and only voters of currentTerm. Raft §5.2.
        // About 3 lines. Try: npm test -- -t 1.6
        throw new NotImplemented("1.6");
    }

    /** A majority of the whole cluster makes a leader. */
    private becomeLeaderIfElected(): void {
        // TODO 1.6. With votes from more than half of the cluster (peers and this server), become the leader of
        // currentTerm. A leader waits for nobody: cancel the election timer. Then call this method at the end of
        // startElection() too, for a cluster of one has won with its own vote.
        // Keep true: two leaders never share a term, in clusters of an even size too. Raft §5.2, Election Safety.
        // About 5 lines. Try: npm test -- -t 1.6
        throw new NotImplemented("1.6");
    }

    /** Tells every peer that this server leads, now and again after each heartbeat interval. */
    private sendHeartbeats(): void {
        // TODO 1.7. Send an empty AppendEntries to every peer (the log is empty: all its indexes and terms are 0), then
        // set the HEARTBEAT timer, so that onTimer() comes back here after HEARTBEAT_INTERVAL_MS. The first heartbeats
        // go out at once: call this method at the end of becomeLeaderIfElected(). A leader that steps down stops them:
        // look at observeTerm() again.
        // Keep true: while a server leads, no peer that it can reach waits a whole election timeout. Raft §5.2.
        // About 12 lines. Try: npm test -- -t 1.7
        throw new NotImplemented("1.7");
    }

    /** A peer answered a heartbeat. Its term was looked at in onMessage; lab 2 has more to do here. Given. */
    private onAppendEntriesReply(_from: NodeId, _reply: AppendEntriesReply): void {}
}
