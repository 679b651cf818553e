// The store: a Raft log of commands, and a table that every server builds from it.
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
} from "../kit/contract";
import { Raft } from "./raft";

type Command = Pick<ClientRequest, "clientId" | "sequence" | "operation">;

/** Keys and values, and for every client what its last operation came to. No time, no chance, no roles in here. */
class Table {
  private readonly values = new Map<string, string>();
  private readonly last = new Map<NodeId, { sequence: number; result: KvResult }>();

  /** What a request came to, if it has been carried out. "old": a later one of the same client has, too. */
  lookUp(clientId: NodeId, sequence: number): { result: KvResult } | "old" | undefined {
    const last = this.last.get(clientId);
    if (last === undefined || sequence > last.sequence) return undefined;
    return sequence === last.sequence ? last : "old";
  }

  run({ clientId, sequence, operation }: Command): void {
    if (this.lookUp(clientId, sequence) !== undefined) return;
    this.last.set(clientId, { sequence, result: this.execute(operation) });
  }

  private execute(operation: KvOperation): KvResult {
    const before = this.values.get(operation.key) ?? null;
    if (operation.kind === "get") return before;
    if (operation.kind === "cas" && operation.expected !== before) return false;
    const head = operation.kind === "append" ? (before ?? "") : "";
    this.values.set(operation.key, head + operation.value);
    return operation.kind === "cas" ? true : null;
  }
}

export class KvServer implements Server<RaftMessage | KvMessage>, StateMachine {
  private readonly raft: Raft;
  private readonly table = new Table();
  /** Entries of this server's own, by index: the term in which it proposed them. */
  private readonly mine = new Map<LogIndex, number>();

  constructor(private readonly env: Env<RaftMessage | KvMessage>) {
    this.raft = new Raft(env as Env<RaftMessage>, this);
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

  onMessage(from: NodeId, message: RaftMessage | KvMessage): void {
    if (message.type === "ClientReply") return;
    if (message.type === "ClientRequest") this.onRequest(message);
    else this.raft.onMessage(from, message);
  }

  private onRequest({ clientId, sequence, operation }: ClientRequest): void {
    const known = this.table.lookUp(clientId, sequence);
    if (known !== undefined) {
      if (known !== "old") this.reply(clientId, sequence, known.result);
      return;
    }
    const proposed = this.raft.propose({ clientId, sequence, operation });
    if (proposed !== null) {
      this.mine.set(proposed.index, proposed.term);
      return;
    }
    const { leader } = this.raft.status();
    this.env.send(clientId, { type: "ClientReply", sequence, ok: false, result: null, leader });
  }

  apply({ index, term, command }: AppliedEntry): void {
    if (command === null) return; // no client's
    const { clientId, sequence } = command as Command;
    this.table.run(command as Command);
    const isMine = this.mine.get(index) === term;
    this.mine.delete(index);
    const known = this.table.lookUp(clientId, sequence);
    if (isMine && known !== undefined && known !== "old") this.reply(clientId, sequence, known.result);
  }

  private reply(to: NodeId, sequence: number, result: KvResult): void {
    this.env.send(to, { type: "ClientReply", sequence, ok: true, result });
  }
}
