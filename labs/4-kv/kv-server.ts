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

  /** A client asks for an operation. */
  private onClientRequest(from: NodeId, request: ClientRequest): void {
    // TODO 4.3. If this very operation was carried out already (task 4.5), answer what came of it; an older one of
    // the same client was answered long ago: ignore it. Else hand { clientId, sequence, operation } to Raft. If this
    // server does not lead, say so (ok: false), with the leader's name if you know it. If it does, remember at which
    // index and in which term the request stands, and do not answer yet.
    // Keep true: ok: true is said only of what was applied. Reads go through the log too: who leads may have been
    // deposed without knowing it. Raft §8. About 14 lines. Try: npm test -- -t 4.3
    throw new NotImplemented("4.3");
  }

  /** Raft hands over a committed entry: every server gets the same ones, in the same order. */
  apply({ index, term, command }: AppliedEntry): void {
    // TODO 4.4. Carry the operation out (execute), and answer the client if this server has put this entry into
    // the log: at this index and in this term. If another entry has come to stand at the index instead, the request is
    // lost: its client will ask again. Task 4.5 adds: carry it out only if it was not yet, and remember the result.
    // Keep true: apply() looks at nothing but the entries before: no clock, no chance, no role. Raft §8; Figure 2.
    // About 10 lines. Try: npm test -- -t 4.4
    throw new NotImplemented("4.4");
  }

  /** Does what a client asked for. */
  private execute(operation: KvOperation): KvResult {
    // TODO 4.4. get: the key's value, null if it is missing. put: write. append: add to the end; a missing key counts as
    // empty. cas: write if the value is the expected one (null: the key is missing); true if it wrote.
    // Keep true: the result and the change hang on the store and the operation alone. Raft §8.
    // About 18 lines. Try: npm test -- -t 4.4
    throw new NotImplemented("4.4");
  }

  /** Tells a client what came of its operation. */
  private answer(clientId: NodeId, { sequence, result }: Session): void {
    // TODO 4.5. Send the client a ClientReply with ok: true. Then see to it that nothing happens twice: apply() carries
    // an operation out only if its sequence is greater than that of the client's session, and keeps sequence and
    // result there; an operation that comes a second time gets the result that it had the first time.
    // Keep true: sessions belong to the state that apply() makes: they are equal on all servers. Raft §8.
    // About 1 line here, 4 elsewhere. Try: npm test -- -t 4.5
    throw new NotImplemented("4.5");
  }
}
