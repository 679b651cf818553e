import type { Json, LogIndex, NodeId, Term } from "./values";

/** The three roles of Raft §5.1, Figure 4. */
export type Role = "follower" | "candidate" | "leader";

/** What a server says about itself. Plain data, computed without effects. */
export interface Status {
  readonly role: Role;
  readonly currentTerm: Term;
  /** The leader of `currentTerm`, as far as this server knows. */
  readonly leader?: NodeId | undefined;
  /** From lab 2: the highest log index known to be committed. */
  readonly commitIndex?: LogIndex | undefined;
}

/**
 * A server is a deterministic state machine: events come in through these methods, everything it does goes out
 * through its {@link Env}. The world calls one method at a time and never waits for anything: a method must not
 * return a promise.
 */
export interface Server<Message> {
  /** Called once after the constructor, at every (re)boot. The constructor itself has no effects. */
  start(): void;
  /** Called for each message that arrives. Keep the message if you like, but do not change it. */
  onMessage(from: NodeId, message: Message): void;
  /** Called when a timer set with `env.setTimer(name, delay)` has run out. */
  onTimer(name: string): void;
  /** Called after each of the above, to see where the server stands. */
  status(): Status;
}

/** From lab 2: where a command stands in the leader's log, as `propose(command)` says. */
export interface Proposed {
  readonly index: LogIndex;
  readonly term: Term;
}

/** From lab 2: a committed entry on its way to the state machine. */
export interface AppliedEntry {
  readonly index: LogIndex;
  readonly term: Term;
  readonly command: Json;
}

/**
 * From lab 2: what a server feeds its committed entries to: all of them, in log order, each once (Raft Figure 2,
 * lastApplied). In labs 2 and 3 the tests hand in the state machine; in lab 4 the key-value store is it.
 */
export interface StateMachine {
  apply(entry: AppliedEntry): void;
}
