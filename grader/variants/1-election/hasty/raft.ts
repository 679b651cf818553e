/**
 * The fastest that is allowed: 250 to 450 ms without a leader, a heartbeat each 25 ms. And no methods: the constructor
 * builds closures over local variables and hands them out as the server's functions. Raft's safety does not depend on
 * timing (§5.6), and the timeout is still ten heartbeats long; terms and votes follow Figure 2.
 */
import type { Env, NodeId, RaftMessage, Role, Server, Status, Term } from "../../../../labs/kit/contract";

const PATIENCE = { min: 250, max: 450 } as const;
const PULSE = 25;

export class Raft implements Server<RaftMessage> {
  readonly start: () => void;
  readonly onMessage: (from: NodeId, message: RaftMessage) => void;
  readonly onTimer: (name: string) => void;
  readonly status: () => Status;

  constructor(env: Env<RaftMessage>) {
    const { self, peers } = env;

    let role: Role = "follower";
    let currentTerm: Term = 0;
    let votedFor: NodeId | null = null;
    let leader: NodeId | undefined;
    let votes: Record<NodeId, boolean> = {};

    const sendToAll = (message: RaftMessage) => {
      for (const peer of peers) env.send(peer, message);
    };

    const bePatient = () =>
      env.setTimer("patience", PATIENCE.min + env.random() * (PATIENCE.max - PATIENCE.min));

    const pulse = () => {
      sendToAll({
        type: "AppendEntries",
        term: currentTerm,
        leaderId: self,
        prevLogIndex: 0,
        prevLogTerm: 0,
        entries: [],
        leaderCommit: 0,
      });
      env.setTimer("pulse", PULSE);
    };

    const recordVote = (voter: NodeId, granted: boolean) => {
      // A vote counts for the whole term, whatever else its voter says after it.
      votes[voter] ||= granted;
      const inFavour = Object.values(votes).filter((vote) => vote).length;
      if (inFavour <= (peers.length + 1) / 2) return;
      role = "leader";
      leader = self;
      env.cancelTimer("patience");
      pulse();
    };

    const standForElection = () => {
      role = "candidate";
      currentTerm += 1;
      votedFor = self;
      leader = undefined;
      votes = {};
      bePatient();
      sendToAll({
        type: "RequestVote",
        term: currentTerm,
        candidateId: self,
        lastLogIndex: 0,
        lastLogTerm: 0,
      });
      recordVote(self, true);
    };

    const catchUpWith = (term: Term) => {
      if (term <= currentTerm) return;
      if (role === "leader") {
        env.cancelTimer("pulse");
        bePatient();
      }
      role = "follower";
      currentTerm = term;
      votedFor = null;
      leader = undefined;
    };

    const voteFor = (candidate: NodeId): boolean => {
      votedFor ??= candidate;
      if (votedFor !== candidate) return false;
      bePatient();
      return true;
    };

    const follow = (sender: NodeId): boolean => {
      role = "follower";
      leader = sender;
      bePatient();
      return true;
    };

    this.start = bePatient;

    this.status = () => ({ role, currentTerm, leader });

    this.onTimer = (name) => {
      if (name === "patience") standForElection();
      else if (name === "pulse") pulse();
    };

    this.onMessage = (from, message) => {
      catchUpWith(message.term);
      const isCurrent = message.term === currentTerm;
      switch (message.type) {
        case "RequestVote": {
          const voteGranted = isCurrent && voteFor(message.candidateId);
          env.send(from, { type: "RequestVoteReply", term: currentTerm, voteGranted });
          break;
        }
        case "RequestVoteReply":
          if (isCurrent && role === "candidate") recordVote(from, message.voteGranted);
          break;
        case "AppendEntries": {
          const success = isCurrent && follow(message.leaderId);
          env.send(from, { type: "AppendEntriesReply", term: currentTerm, success, matchIndex: 0 });
          break;
        }
        case "AppendEntriesReply":
          break;
      }
    };
  }
}
