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
} from "../kit/contract"
import { NotImplemented } from "../kit/contract"
import { Raft } from "./raft"

type Command = {
  readonly clientId: NodeId
  readonly sequence: number
  readonly operation: KvOperation
}

interface Session {
  readonly sequence: number
  readonly result: KvResult
}

interface Waiting {
  readonly term: Term
  readonly clientId: NodeId
  readonly sequence: number
}

export class KvServer implements Server<RaftMessage | KvMessage>, StateMachine {
  private readonly raft: Raft

  private readonly store = new Map<string, string>()

  private readonly sessions = new Map<NodeId, Session>()

  private readonly waiting = new Map<LogIndex, Waiting>()

  constructor(private readonly env: Env<RaftMessage | KvMessage>) {
    this.raft = new Raft(env, this)
  }

  start(): void {
    this.raft.start()
  }

  onTimer(name: string): void {
    this.raft.onTimer(name)
  }

  status(): Status {
    return this.raft.status()
  }

  onMessage(from: NodeId, message: RaftMessage | KvMessage): void {
    if (message.type === "ClientRequest") this.onClientRequest(from, message)
    else if (message.type !== "ClientReply") this.raft.onMessage(from, message)
  }

  private onClientRequest(from: NodeId, request: ClientRequest): void {
    const { clientId, sequence, operation } = request
    const command: Command = { clientId, sequence, operation }
    const proposed = this.raft.propose(command)
    if (proposed === null) {
      const { leader } = this.raft.status()
      this.env.send(from, { type: "ClientReply", sequence, ok: false, result: null, leader })
      return
    }
    this.waiting.set(proposed.index, { term: proposed.term, clientId, sequence })
  }

  apply({ index, term, command }: AppliedEntry): void {
    if (command === null) return // a leader's own entry: no client has asked for it
    const { sequence, operation } = command as Command
    const result = this.execute(operation) // TODO 4.5: carryOutOnce
    const waiting = this.waiting.get(index)
    this.waiting.delete(index)
    if (waiting?.term === term) this.answer(waiting.clientId, { sequence, result })
  }

  private execute(operation: KvOperation): KvResult {
    const { store } = this
    const { key } = operation
    const value = store.get(key) ?? null
    switch (operation.kind) {
      case "get":
        return value
      case "put":
        store.set(key, operation.value)
        return null
      case "append":
        store.set(key, (value ?? "") + operation.value)
        return null
      case "cas": {
        const isExpected = value === operation.expected
        if (isExpected) store.set(key, operation.value)
        return isExpected
      }
    }
  }

  private carryOutOnce({ clientId, sequence, operation }: Command): Session {
    // TODO 4.5. If the client has no session yet, or the sequence is greater than its session's: execute the operation,
    // and keep sequence and result as the client's session. If not, it was carried out before: execute nothing, and
    // leave the session as it is. Return the client's session. Then use this in apply(), instead of execute(). And let
    // onClientRequest() look at the session before it proposes: the request of the session is answered at once, by any
    // server, with the result that it had the first time; an older one is ignored.
    // Keep true: a request may stand in the log twice, and is carried out once. Sessions change in apply() only, and
    // so they are equal on all servers: whoever leads next knows them. Raft §8.
    // About 6 lines. Try: npm test -- -t 4.5
    throw new NotImplemented("4.5")
  }

  private answer(clientId: NodeId, { sequence, result }: Session): void {
    this.env.send(clientId, { type: "ClientReply", sequence, ok: true, result })
  }
}
