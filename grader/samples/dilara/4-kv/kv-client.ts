import type {
  Client,
  ClientEnv,
  ClientReply,
  ClientRequest,
  KvMessage,
  KvOperation,
  NodeId,
} from '../kit/contract';

// the name of this client's timer
const RETRY = 'retry';

// after this a request, or its answer, counts as lost
const ANSWER_TIMEOUT_MS = 250;

// after a server has said that it does not lead
const RETRY_DELAY_MS = 30;

// a client of the key-value store
export class KvClient implements Client<KvMessage> {
  // number of the operation that was invoked last
  private sequence = 0;

  // the request that waits for its answer; undefined while this client has nothing to do
  private request: ClientRequest | undefined;

  // the server to ask
  private server: NodeId;

  // how far this client has come on its round through env.peers
  private turn = 0;

  // who leads, as the server that was asked last has said
  private hint: NodeId | undefined;

  constructor(private readonly env: ClientEnv<KvMessage>) {
    this.server = env.peers[0];
  }

  // a client does nothing of its own accord
  start(): void {}

  // the user wants something done
  invoke(operation: KvOperation): void {
    this.sequence += 1;
    this.request = {
      type: 'ClientRequest',
      clientId: this.env.self,
      sequence: this.sequence,
      operation,
    };
    this.ask();
  }

  // sends the request to the server that seems to lead, and waits for a while
  private ask(): void {
    if (this.request === undefined) return;
    this.env.send(this.server, this.request);
    this.env.setTimer(RETRY, ANSWER_TIMEOUT_MS);
  }

  // no answer in time, or a server that does not lead
  onTimer(_name: string): void {
    this.server = this.hint ?? this.nextServer();
    this.hint = undefined;
    this.ask();
  }

  // the next server on the round through env.peers
  private nextServer(): NodeId {
    const { peers } = this.env;
    this.turn = (this.turn + 1) % peers.length;
    return peers[this.turn];
  }

  // a server answered
  onMessage(_from: NodeId, message: KvMessage): void {
    if (message.type !== 'ClientReply' || message.sequence !== this.request?.sequence) return;
    this.onReply(message);
  }

  // the answer to the open request
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
