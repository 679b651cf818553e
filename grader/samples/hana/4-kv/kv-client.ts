import type {
  Client,
  ClientEnv,
  ClientReply,
  ClientRequest,
  KvMessage,
  KvOperation,
  NodeId,
} from "../kit/contract"

const RETRY = "retry"

const ANSWER_TIMEOUT_MS = 250

const RETRY_DELAY_MS = 30

export class KvClient implements Client<KvMessage> {
  private sequence = 0

  private request: ClientRequest | undefined

  private server: NodeId

  private turn = 0

  private hint: NodeId | undefined

  constructor(private readonly env: ClientEnv<KvMessage>) {
    this.server = env.peers[0]
  }

  start(): void {}

  invoke(operation: KvOperation): void {
    this.sequence += 1
    this.request = {
      type: "ClientRequest",
      clientId: this.env.self,
      sequence: this.sequence,
      operation,
    }
    this.ask()
  }

  private ask(): void {
    if (this.request === undefined) return
    this.env.send(this.server, this.request)
    this.env.setTimer(RETRY, ANSWER_TIMEOUT_MS)
  }

  onTimer(_name: string): void {
    this.server = this.hint ?? this.nextServer()
    this.hint = undefined
    this.ask()
  }

  private nextServer(): NodeId {
    const { peers } = this.env
    this.turn = (this.turn + 1) % peers.length
    return peers[this.turn]
  }

  onMessage(_from: NodeId, message: KvMessage): void {
    if (message.type !== "ClientReply" || message.sequence !== this.request?.sequence) return
    this.onReply(message)
  }

  private onReply(reply: ClientReply): void {
    if (reply.ok) {
      // done: forget the question before the answer, the next one may come at once
      this.request = undefined
      this.env.cancelTimer(RETRY)
      this.env.complete(reply.result)
    } else {
      this.hint = reply.leader
      this.env.setTimer(RETRY, RETRY_DELAY_MS)
    }
  }
}
