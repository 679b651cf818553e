/**
 * A store that never forgets: it keeps the result of every request, by the request's name ("C1/7"), and answers each
 * again whenever it is asked (Raft §8 wants that of the last one of each client). Nobody waits at an index: the one
 * who asked last under a name is told when something of that name is applied. Commands are lists of texts.
 */
import type {
  ClientRequest,
  Env,
  Json,
  KvMessage,
  KvOperation,
  KvResult,
  NodeId,
  RaftMessage,
  Server,
  Status,
} from "../../../../labs/kit/contract";
import { makeReplica, type Replica } from "./raft";

type Message = RaftMessage | KvMessage;
type Command = readonly [name: string, kind: string, key: string, ...values: (string | null)[]];
type Values = ReadonlyMap<string, string>;

/** What each kind of operation makes of the values: the new ones, and the result. */
const MEANING: Record<
  string,
  (values: Values, key: string, texts: readonly (string | null)[]) => [Values, KvResult]
> = {
  get: (values, key) => [values, values.get(key) ?? null],
  put: (values, key, [text]) => [withValue(values, key, text), null],
  append: (values, key, [text]) => [withValue(values, key, `${values.get(key) ?? ""}${text}`), null],
  cas: (values, key, [expected, text]) =>
    (values.get(key) ?? null) === expected ? [withValue(values, key, text), true] : [values, false],
};

export class KvServer implements Server<Message> {
  private readonly replica: Replica;
  private values: Values = new Map();
  private readonly results = new Map<string, KvResult>();
  private readonly askers = new Map<string, { readonly client: NodeId; readonly sequence: number }>();

  constructor(private readonly env: Env<Message>) {
    this.replica = makeReplica(env, (_index, _term, command) => this.carryOut(command));
  }

  start(): void {
    this.replica.start();
  }

  onTimer(name: string): void {
    this.replica.onTimer(name);
  }

  status(): Status {
    return this.replica.status();
  }

  onMessage(from: NodeId, message: Message): void {
    if (message.type === "ClientRequest") this.onRequest(from, message);
    else if (message.type !== "ClientReply") this.replica.onMessage(from, message);
  }

  private onRequest(client: NodeId, { clientId, sequence, operation }: ClientRequest): void {
    const name = `${clientId}/${sequence}`;
    if (this.results.has(name)) {
      this.tell(client, sequence, name);
      return;
    }
    this.askers.set(name, { client, sequence });
    const command: Command = [name, operation.kind, operation.key, ...textsOf(operation)];
    if (this.replica.append(command) !== null) return;
    this.askers.delete(name);
    const { leader } = this.status();
    this.env.send(client, { type: "ClientReply", sequence, ok: false, result: null, leader });
  }

  private carryOut(entry: Json): void {
    if (entry === null) return;
    const [name, kind, key, ...texts] = entry as Command;
    if (!this.results.has(name)) {
      const [values, result] = MEANING[kind](this.values, key, texts);
      this.values = values;
      this.results.set(name, result);
    }
    const asker = this.askers.get(name);
    this.askers.delete(name);
    if (asker !== undefined) this.tell(asker.client, asker.sequence, name);
  }

  private tell(client: NodeId, sequence: number, name: string): void {
    const result = this.results.get(name) ?? null;
    this.env.send(client, { type: "ClientReply", sequence, ok: true, result });
  }
}

function textsOf(operation: KvOperation): (string | null)[] {
  if (operation.kind === "get") return [];
  return operation.kind === "cas" ? [operation.expected, operation.value] : [operation.value];
}

function withValue(values: Values, key: string, text: string | null): Values {
  return new Map([...values, [key, text ?? ""]]);
}
