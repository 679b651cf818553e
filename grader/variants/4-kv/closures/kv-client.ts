/**
 * A client without a favourite: it goes through the servers in an order that it draws anew for each round, takes hints
 * for what they are worth (the named server is next), and gives each server 150 ms.
 */
import type {
  Client,
  ClientEnv,
  ClientRequest,
  KvMessage,
  KvOperation,
  NodeId,
} from "../../../../labs/kit/contract";

const PATIENCE_MS = 150;
const BREAK_MS = 40;

type State = { readonly name: "idle" } | { readonly name: "asking"; readonly request: ClientRequest };

export class KvClient implements Client<KvMessage> {
  private state: State = { name: "idle" };
  private operations = 0;
  private round: NodeId[] = [];
  private favourite: NodeId | undefined;

  constructor(private readonly env: ClientEnv<KvMessage>) {}

  start(): void {}

  invoke(operation: KvOperation): void {
    this.operations += 1;
    const request = {
      type: "ClientRequest",
      clientId: this.env.self,
      sequence: this.operations,
      operation,
    } as const;
    this.state = { name: "asking", request };
    this.ask();
  }

  onTimer(): void {
    this.ask();
  }

  onMessage(from: NodeId, message: KvMessage): void {
    const { state } = this;
    if (state.name === "idle" || message.type !== "ClientReply") return;
    if (message.sequence !== state.request.sequence) return;
    if (!message.ok) {
      if (message.leader !== from) this.favourite = message.leader;
      this.env.setTimer("again", BREAK_MS);
      return;
    }
    this.favourite = from;
    this.state = { name: "idle" };
    this.env.cancelTimer("again");
    this.env.complete(message.result);
  }

  private ask(): void {
    if (this.state.name === "idle") return;
    const server = this.favourite ?? this.draw();
    this.favourite = undefined;
    this.env.send(server, this.state.request);
    this.env.setTimer("again", PATIENCE_MS);
  }

  /** The next server of the round. */
  private draw(): NodeId {
    if (this.round.length === 0) {
      const { peers } = this.env;
      this.round = peers
        .map((server) => ({ server, place: this.env.random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ server }) => server);
    }
    return this.round.pop() as NodeId;
  }
}
