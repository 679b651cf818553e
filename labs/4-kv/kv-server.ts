import type {
  AppliedEntry,
  ClientRequest,
  Env,
  KvMessage,
  KvOperation,
  KvResult,
  LogIndex,
  NodeId,
  RaftMessage,
  Server,
  StateMachine,
  Status,
  Term,
} from "../kit/contract";
import { NotImplemented } from "../kit/contract";
import { Raft } from "./raft";

/** What stands in the log: an operation, and who asked for it. */
type Command = {
  readonly clientId: NodeId;
  readonly sequence: number;
  readonly operation: KvOperation;
};

/** The last operation of a client that was carried out. Part of the state that all servers share. */
interface Session {
  readonly sequence: number;
  readonly result: KvResult;
}

/** A request that this server has put into the log and will answer. */
interface Waiting {
  readonly term: Term;
  readonly clientId: NodeId;
  readonly sequence: number;
}

/** One server of a key-value store that a Raft log keeps equal everywhere: Raft §8. */
export class KvServer implements Server<RaftMessage | KvMessage>, StateMachine {
  private readonly raft: Raft;

  /** Keys and values. Only apply() changes them, so that all servers go through the same states. */
  private readonly store = new Map<string, string>();

  /** For each client, the last of its operations that was carried out: each is carried out once. */
  private readonly sessions = new Map<NodeId, Session>();

  /** The requests in the log that this server has to answer, by the index at which they stand. */
  private readonly waiting = new Map<LogIndex, Waiting>();

  constructor(private readonly env: Env<RaftMessage | KvMessage>) {
    this.raft = new Raft(env, this);
  }

  /** Given. */
  start(): void {
    this.raft.start();
  }

  /** Given: all timers are Raft's. */
  onTimer(name: string): void {
    this.raft.onTimer(name);
  }

  /** Given. */
  status(): Status {
    return this.raft.status();
  }

  /** A message arrived, from another server or from a client. Given. */
  onMessage(from: NodeId, message: RaftMessage | KvMessage): void {
    if (message.type === "ClientRequest") this.onClientRequest(from, message);
    else if (message.type !== "ClientReply") this.raft.onMessage(from, message);
  }

  /** A client asks for an operation, for the first time or once more. */
  private onClientRequest(from: NodeId, request: ClientRequest): void {
    // TODO 4.3. Give Raft the command { clientId, sequence, operation }: propose(). If this server does not lead, reply
    // at once, with ok: false, result: null, and the leader's name if status() knows it. If it leads, keep in `waiting`
    // where the command stands, and reply nothing yet: task 4.4 does, once the entry is applied. Task 4.5 comes back
    // here for requests that were carried out before.
    // Keep true: what stands in the log may still be lost, so ok: true is never said here of a new request. A get goes
    // through the log too: this server may have been replaced and not know it. Raft §8.
    // About 14 lines, 5 of them in task 4.5. Try: npm test -- -t 4.3
    throw new NotImplemented("4.3");
  }

  /** Raft hands over a committed entry: every server gets the same ones, in the same order. */
  apply({ index, term, command }: AppliedEntry): void {
    // TODO 4.4. Carry out the operation of the command (a Command; null is a leader's own entry: nothing to do). Then,
    // if a request waits at this index, take it out of `waiting`, and answer its client with the result, but only if
    // the entry is of the term in which the request was proposed: else another command has come to stand in its place.
    // A request that was lost so gets no answer: its client will ask again.
    // Keep true: all servers go through the same states. What is done hangs on the entries alone, not on role, clock
    // or chance, and every server does it, not only the one that answers. Raft §8; Figure 2, All Servers.
    // About 5 lines. Try: npm test -- -t 4.4
    throw new NotImplemented("4.4");
  }

  /** Does what a client asked for, to the store, and says what came of it. */
  private execute(operation: KvOperation): KvResult {
    // TODO 4.4. get: the key's value, null if it is missing. put: write, null. append: add to the end of the value (a
    // missing key counts as empty), null. cas: if the key's value is `expected` (null: the key is missing), write and
    // return true; else change nothing and return false. An empty text is a value: it is not a missing key.
    // Keep true: the change and the result hang on the store and the operation alone. Raft §8.
    // About 18 lines. Try: npm test -- -t 4.4
    throw new NotImplemented("4.4");
  }

  /** Carries out a command, unless that was done before: a client that gets no answer asks again. For apply. */
  private carryOutOnce({ clientId, sequence, operation }: Command): Session {
    // TODO 4.5. If the client has no session yet, or the sequence is greater than its session's: execute the operation,
    // and keep sequence and result as the client's session. If not, it was carried out before: execute nothing, and
    // leave the session as it is. Return the client's session. Then use this in apply(), instead of execute(). And let
    // onClientRequest() look at the session before it proposes: the request of the session is answered at once, by any
    // server, with the result that it had the first time; an older one is ignored.
    // Keep true: a request may stand in the log twice, and is carried out once. Sessions change in apply() only, and
    // so they are equal on all servers: whoever leads next knows them. Raft §8.
    // About 6 lines. Try: npm test -- -t 4.5
    throw new NotImplemented("4.5");
  }

  /** Tells a client what came of its operation. Given. */
  private answer(clientId: NodeId, { sequence, result }: Session): void {
    this.env.send(clientId, { type: "ClientReply", sequence, ok: true, result });
  }
}
