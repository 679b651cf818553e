import type {
  Client,
  ClientEnv,
  ClientReply,
  ClientRequest,
  KvMessage,
  KvOperation,
  NodeId,
} from "../../labs/kit/contract";

//| import { NotImplemented } from "../kit/contract";

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

  /** A client does nothing of its own accord. Given. */
  start(): void {}

  /** The user wants something done. */
  invoke(operation: KvOperation): void {
    //#region task 4.1
    this.sequence += 1;
    this.request = { type: "ClientRequest", clientId: this.env.self, sequence: this.sequence, operation };
    this.ask();
    //| // TODO 4.1. Give the operation the next sequence number (the first is 1), keep its ClientRequest, and ask().
    //| // Keep true: (clientId, sequence) names one operation for ever; a retry keeps its number. Raft §8.
    //| // About 3 lines. Try: npm test -- -t 4.1
    //| throw new NotImplemented("4.1");
    //#endregion
  }

  /** Sends the request to the server that seems to lead, and waits for a while. */
  private ask(): void {
    //#region task 4.1
    if (this.request === undefined) return;
    this.env.send(this.server, this.request);
    this.env.setTimer(RETRY, ANSWER_TIMEOUT_MS);
    //| // TODO 4.1. Send the request, if there is one, to this.server, and set the RETRY timer to ANSWER_TIMEOUT_MS.
    //| // Keep true: while an operation is open, the timer runs: any message may be lost. Raft §8.
    //| // About 3 lines. Try: npm test -- -t 4.1
    //| throw new NotImplemented("4.1");
    //#endregion
  }

  /** No answer in time, or a server that does not lead: time to ask again. */
  onTimer(_name: string): void {
    //#region task 4.2
    this.server = this.hint ?? this.nextServer();
    this.hint = undefined;
    this.ask();
    //| // TODO 4.2. Ask again. The server that was asked last may be dead, cut off, or no leader any more: from now on ask
    //| // the one that it named, if it named one, else nextServer(). Forget the hint: it may be wrong, and counts once.
    //| // Keep true: no server is asked again and again in vain. Raft §8. About 3 lines. Try: npm test -- -t 4.2
    //| throw new NotImplemented("4.2");
    //#endregion
  }

  /** The next server on the round through env.peers. A hint does not move the round: it may name a dead server. Given. */
  private nextServer(): NodeId {
    const { peers } = this.env;
    this.turn = (this.turn + 1) % peers.length;
    return peers[this.turn];
  }

  /** A server answered: now, or long ago. Given: tells replies to this operation from those to earlier ones. */
  onMessage(_from: NodeId, message: KvMessage): void {
    if (message.type !== "ClientReply" || message.sequence !== this.request?.sequence) return;
    this.onReply(message);
  }

  /** The answer to the open request. */
  private onReply(reply: ClientReply): void {
    //#region task 4.2
    if (reply.ok) {
      this.request = undefined;
      this.env.cancelTimer(RETRY);
      this.env.complete(reply.result);
    } else {
      this.hint = reply.leader;
      this.env.setTimer(RETRY, RETRY_DELAY_MS);
    }
    //| // TODO 4.2. ok: the operation is done. Forget the request, stop the timer, and complete the operation with the
    //| // result. Not ok: the server does not lead. Remember its hint, if it gives one, and let the RETRY timer run out
    //| // after RETRY_DELAY_MS: at once would be too soon, for an election may be under way.
    //| // Keep true: each operation is completed once; what is not known to have happened may happen yet, so that it
    //| // is asked for again with the same number. Raft §8. About 8 lines. Try: npm test -- -t 4.2
    //| throw new NotImplemented("4.2");
    //#endregion
  }
}
