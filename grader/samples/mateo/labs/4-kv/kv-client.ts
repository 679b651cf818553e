import type {
  Client,
  ClientEnv,
  ClientReply,
  ClientRequest,
  KvMessage,
  KvOperation,
  NodeId,
} from "../kit/contract";

/** The name of this client's timer: asks again when it runs out. */
const RETRY = "retry";

/** After this a request, or its answer, counts as lost. */
const ANSWER_TIMEOUT_MS = 250;

/** After a server has said that it does not lead: an election may be under way. */
const RETRY_DELAY_MS = 30;

/** A client of the key-value store. It carries out one operation at a time, however often it has to ask: Raft §8. */
export class KvClient implements Client<KvMessage> {
  /** Number of the operation that was invoked last. A retry keeps it. */
  private sequence = 0;

  /** The request that waits for its answer; undefined while this client has nothing to do. */
  private request: ClientRequest | undefined;

  /** The server to ask: the leader, as far as this client knows. */
  private server: NodeId;

  /** How far this client has come on its round through env.peers. */
  private turn = 0;

  /** Who leads, as the server that was asked last has said. It may be wrong. */
  private hint: NodeId | undefined;

  constructor(private readonly env: ClientEnv<KvMessage>) {
    this.server = env.peers[0];
  }

  /** A client does nothing of its own accord. */
  start(): void {}

  /** The user wants something done. */
  invoke(operation: KvOperation): void {
    this.sequence += 1;
    this.request = {
      type: "ClientRequest",
      clientId: this.env.self,
      sequence: this.sequence,
      operation,
    };
    this.ask();
  }

  /** Sends the request to the server that seems to lead, and waits for a while. */
  private ask(): void {
    if (this.request === undefined) return;
    this.env.send(this.server, this.request);
    this.env.setTimer(RETRY, ANSWER_TIMEOUT_MS);
  }

  /** No answer in time, or a server that does not lead: time to ask again. */
  onTimer(_name: string): void {
    this.server = this.hint ?? this.nextServer();
    this.hint = undefined;
    this.ask();
  }

  /** The next server on the round through env.peers. A hint does not move the round: it may name a dead server. */
  private nextServer(): NodeId {
    const { peers } = this.env;
    this.turn = (this.turn + 1) % peers.length;
    return peers[this.turn];
  }

  /** A server answered: now, or long ago. */
  onMessage(_from: NodeId, message: KvMessage): void {
    if (message.type !== "ClientReply" || message.sequence !== this.request?.sequence) return;
    this.onReply(message);
  }

  /** The answer to the open request. */
  private onReply(reply: ClientReply): void {
    if (reply.ok) {
      this.request = undefined;
      this.env.cancelTimer(RETRY);
      this.env.complete(reply.result);
    } else {
      this.hint = reply.leader;
      this.env.setTimer(RETRY, RETRY_DELAY_MS);
    }
  }
}
