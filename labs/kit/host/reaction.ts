import type {
  AppliedEntry,
  Json,
  KvOperation,
  KvResult,
  LogEntry,
  LogIndex,
  Millis,
  NodeId,
  Proposed,
  Role,
  Status,
  Term,
} from "../contract";
import type { Branches } from "../search/branches";

/**
 * The seam between a world and the place where servers run. A world says what happens (a {@link Stimulus}) and gets
 * back what the server did ({@link Reaction}), both as data: in one process that is a function call, across
 * processes the same data is the wire format. Nodes are numbers here: S1 is 0, S2 is 1, …
 */
export interface Host {
  /** Lets one server handle one event. The reaction is valid until the next call. */
  react(stimulus: Stimulus): Reaction;

  /** What a server did between two events, where nothing may happen: a promise came true. Undefined if all is well. */
  lateTrouble(): Trouble | undefined;

  /** The world is done with: its servers are of no more use. */
  close?(): void;

  /** Another host for the same program, for a run of its own. */
  another?(): Host | undefined;

  /**
   * The same program's servers, as a search needs them: none of their states is gone for good.
   * @param alike servers that are the same but for their names: states are compared by all the names that they could have
   * @param names all servers and clients
   */
  branches?(alike: readonly NodeId[], names: readonly NodeId[]): Branches | undefined;
}

/** What happens to a server. */
export interface Stimulus {
  readonly node: number;
  readonly kind: "start" | "message" | "timer" | "propose" | "invoke";
  /** The server's own clock. */
  readonly now: Millis;
  /** For a message: its sender. */
  readonly from: number;
  /** For a message: what the sender handed over. Frozen. */
  readonly message: AnyMessage | undefined;
  /** For a timer: its name. */
  readonly timer: string;
  /** For a proposal: the command. For an invocation: the operation. Frozen. */
  readonly command: Json | undefined;
  /** For a start: how the server is set up. */
  readonly boot: Boot | undefined;
}

/** What a server is given when it (re)boots. */
export interface Boot {
  /** All the nodes of the world, in order. */
  readonly ids: readonly NodeId[];
  /** Which of them are this server's peers; for a client: the servers. */
  readonly peers: readonly NodeId[];
  /** The clients of the world, to whom servers can send besides. */
  readonly clients: readonly NodeId[];
  /** The key of its random numbers: another one in each life. */
  readonly randomKey: number;
  /** What its disk holds. */
  readonly disk: ReadonlyMap<string, Json>;
}

/**
 * A message of any kind, a student's own included. The fields of Figure 2 have these types in every message that has
 * passed the MessageShape oracle; a student's own types of message may have any plain data in them.
 */
export interface AnyMessage {
  readonly type: string;
  readonly term?: Term;
  readonly candidateId?: NodeId;
  readonly lastLogIndex?: LogIndex;
  readonly lastLogTerm?: Term;
  readonly voteGranted?: boolean;
  readonly leaderId?: NodeId;
  readonly prevLogIndex?: LogIndex;
  readonly prevLogTerm?: Term;
  readonly entries?: readonly LogEntry[];
  readonly leaderCommit?: LogIndex;
  readonly success?: boolean;
  readonly matchIndex?: LogIndex;
  readonly clientId?: NodeId;
  readonly sequence?: number;
  readonly operation?: KvOperation;
  readonly ok?: boolean;
  readonly result?: KvResult;
}

/** Something a handler did, in the order in which it did it. */
export type Effect =
  | SendEffect
  | { readonly kind: "setTimer"; readonly name: string; readonly delay: Millis }
  | { readonly kind: "cancelTimer"; readonly name: string }
  | {
      readonly kind: "write";
      readonly changes: { readonly [key: string]: Json | undefined };
      readonly bytes: number;
    }
  | { readonly kind: "log"; readonly text: string }
  | ApplyEffect
  | { readonly kind: "complete"; readonly result: KvResult };

export interface SendEffect {
  readonly kind: "send";
  readonly to: number;
  readonly bytes: number;
  /** The world's own copy. */
  readonly message: AnyMessage;
  /** What the sender handed over, frozen: the receiver gets this. */
  readonly original: AnyMessage;
}

/** An entry was handed to the state machine (labs 2 and 3). */
export interface ApplyEffect {
  readonly kind: "apply";
  readonly entry: AppliedEntry;
  readonly bytes: number;
}

/** What came of a stimulus. */
export interface Reaction {
  /** What the server did: the first `effectCount` of these, in order. */
  readonly effects: readonly Effect[];
  readonly effectCount: number;
  readonly role: Role;
  readonly currentTerm: Term;
  readonly leader: Status["leader"];
  readonly commitIndex: Status["commitIndex"];
  /** What the server answered to a proposal: null if it does not lead. */
  readonly answer: Proposed | null;
  /** Set if the server did not come through: the effects are those made until then. */
  readonly trouble: Trouble | undefined;
  /** Rounds of loops and calls of functions that the handler took. 0 where the server's code does not count them. */
  readonly steps: number;
}

/** Why a server did not come through an event. */
export type Trouble =
  /** A stub of the skeleton was reached. */
  | { readonly kind: "not-written"; readonly task: string }
  /** The contract was broken. `where` names the call and field, `line` the student's file and line if known. */
  | {
      readonly kind: "contract";
      readonly rule: string;
      readonly found: string;
      readonly where: string;
      readonly next: string;
      readonly line?: string | undefined;
    }
  /** The student's code threw an error. */
  | { readonly kind: "threw"; readonly error: string; readonly line?: string | undefined };
