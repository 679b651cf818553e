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
} from '../kit/contract';
import { Raft } from './raft';

// what stands in the log
type Command = {
  readonly clientId: NodeId;
  readonly sequence: number;
  readonly operation: KvOperation;
};

// the last operation of a client that was carried out
interface Session {
  readonly sequence: number;
  readonly result: KvResult;
}

// a request that this server has put into the log and will answer
interface Waiting {
  readonly term: Term;
  readonly clientId: NodeId;
  readonly sequence: number;
}

// one server of a key-value store that a Raft log keeps equal everywhere
export class KvServer implements Server<RaftMessage | KvMessage>, StateMachine {
  private readonly raft: Raft;

  // keys and values
  private readonly store = new Map<string, string>();

  // for each client, the last of its operations that was carried out
  private readonly sessions = new Map<NodeId, Session>();

  // the requests in the log that this server has to answer, by the index at which they stand
  private readonly waiting = new Map<LogIndex, Waiting>();

  constructor(private readonly env: Env<RaftMessage | KvMessage>) {
    this.raft = new Raft(env, this);
  }

  start(): void {
    this.raft.start();
  }

  onTimer(name: string): void {
    this.raft.onTimer(name);
  }

  status(): Status {
    return this.raft.status();
  }

  // a message arrived, from another server or from a client
  onMessage(from: NodeId, message: RaftMessage | KvMessage): void {
    if (message.type === 'ClientRequest') this.onClientRequest(from, message);
    else if (message.type !== 'ClientReply') this.raft.onMessage(from, message);
  }

  // a client asks for an operation, for the first time or once more
  private onClientRequest(from: NodeId, request: ClientRequest): void {
    const { clientId, sequence, operation } = request;
    const session = this.sessions.get(clientId);
    if (session !== undefined && sequence <= session.sequence) {
      if (sequence === session.sequence) this.answer(from, session);
      return;
    }
    if (operation.kind === 'get' && this.raft.status().role === 'leader') {
      // a read changes nothing, so it does not have to go through the log
      const result = this.store.get(operation.key) ?? null;
      this.answer(from, { sequence, result });
      return;
    }
    const command: Command = { clientId, sequence, operation };
    const proposed = this.raft.propose(command);
    if (proposed === null) {
      const { leader } = this.raft.status();
      this.env.send(from, { type: 'ClientReply', sequence, ok: false, result: null, leader });
      return;
    }
    this.waiting.set(proposed.index, { term: proposed.term, clientId, sequence });
  }

  // raft hands over a committed entry
  apply({ index, term, command }: AppliedEntry): void {
    if (command === null) return; // a leader's own entry: no client has asked for it
    const session = this.carryOutOnce(command as Command);
    const waiting = this.waiting.get(index);
    this.waiting.delete(index);
    if (waiting?.term === term) this.answer(waiting.clientId, session);
  }

  // does what a client asked for, to the store, and says what came of it
  private execute(operation: KvOperation): KvResult {
    const { store } = this;
    const { key } = operation;
    const value = store.get(key) ?? null;
    switch (operation.kind) {
      case 'get':
        return value;
      case 'put':
        store.set(key, operation.value);
        return null;
      case 'append':
        store.set(key, (value ?? '') + operation.value);
        return null;
      case 'cas': {
        const isExpected = value === operation.expected;
        if (isExpected) store.set(key, operation.value);
        return isExpected;
      }
    }
  }

  // carries out a command, unless that was done before
  private carryOutOnce({ clientId, sequence, operation }: Command): Session {
    let session = this.sessions.get(clientId);
    if (session === undefined || sequence > session.sequence) {
      session = { sequence, result: this.execute(operation) };
      this.sessions.set(clientId, session);
    }
    return session;
  }

  // tells a client what came of its operation
  private answer(clientId: NodeId, { sequence, result }: Session): void {
    this.env.send(clientId, { type: 'ClientReply', sequence, ok: true, result });
  }
}
