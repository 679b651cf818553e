import type { Client, ClientEnv, ClientRequest, KvMessage, KvOperation, NodeId } from "../kit/contract";

const SILENCE = "silence";
const PAUSE = "pause";
const SILENCE_MS = 300;
const PAUSE_MS = 40;

/** Asks until it knows. The number goes with the operation, not with the message. */
export class KvClient implements Client<KvMessage> {
  private count = 0;
  private open: ClientRequest | undefined;
  /** Servers to ask, the most promising first; each one asked goes to the end. */
  private readonly queue: NodeId[];

  constructor(private readonly env: ClientEnv<KvMessage>) {
    this.queue = [...env.peers];
  }

  start(): void {}

  invoke(operation: KvOperation): void {
    this.count += 1;
    this.open = { type: "ClientRequest", clientId: this.env.self, sequence: this.count, operation };
    this.ask();
  }

  onTimer(name: string): void {
    if (name === SILENCE) this.toTheEnd(this.queue[0]);
    this.ask();
  }

  onMessage(from: NodeId, message: KvMessage): void {
    if (this.open === undefined || message.type !== "ClientReply") return;
    if (message.sequence !== this.open.sequence) return;
    this.env.cancelTimer(SILENCE);
    if (message.ok) {
      this.open = undefined;
      this.env.cancelTimer(PAUSE);
      this.env.complete(message.result);
    } else {
      this.toTheEnd(from);
      if (message.leader !== undefined) this.toTheFront(message.leader);
      this.env.setTimer(PAUSE, PAUSE_MS);
    }
  }

  private ask(): void {
    if (this.open === undefined) return;
    this.env.send(this.queue[0], this.open);
    this.env.setTimer(SILENCE, SILENCE_MS);
  }

  private toTheEnd(server: NodeId): void {
    this.queue.push(...this.queue.splice(this.queue.indexOf(server), 1));
  }

  private toTheFront(server: NodeId): void {
    const i = this.queue.indexOf(server);
    if (i > 0) this.queue.unshift(...this.queue.splice(i, 1));
  }
}
