import type {
  AppliedEntry,
  ClientEnv,
  Disk,
  Env,
  Json,
  KvResult,
  Millis,
  NodeId,
  StateMachine,
} from "../contract";
import { drawAt } from "../random/keyed";
import { ContractBreach } from "./contract-breach";
import { findFault, freezeDeep, HandOver } from "./hand-over";
import type { AnyMessage, Boot, Effect } from "./reaction";
import { describeShortly, isCount } from "./values";

/** Effects that one handler may have; a server that makes more is in a loop. */
export const EFFECTS_MAX = 10_000;
/** Bytes that one handler may hand over, in all its messages and writes. */
export const HANDLER_BYTES_MAX = 4_000_000;
const DELAY_MAX: Millis = 1e9;
const NAME_LENGTH_MAX = 200;
const LOG_LENGTH_MAX = 1_000;

/** What a server has outside of itself that changes: enough to take it back to an earlier state. */
export interface EnvState {
  readonly stored: ReadonlyMap<string, Json>;
  readonly hasOpenOperation: boolean;
}

/** Records what one server does: checks each call of its env against the contract and notes it as an {@link Effect}. */
export class RecordingEnv {
  /** What the server gets to see of this: the contract's methods and nothing else. */
  readonly facade: Env<AnyMessage>;
  /** The same for a client. */
  readonly clientFacade: ClientEnv<AnyMessage>;
  /** The state machine that a server of labs 2 and 3 applies its entries to. */
  readonly machine: StateMachine;
  /** True at a client of the key-value store. */
  readonly isClient: boolean;
  /** True while a client works on an operation. */
  hasOpenOperation = false;

  /** What the handler did so far: the first `effectCount` of these. The array is used again for each event. */
  readonly effects: Effect[] = [];
  effectCount = 0;
  /** Bytes that the running handler has handed over so far. */
  handed = 0;
  /** The first breach of the contract, kept even if the student's code catches the error. */
  breach: ContractBreach | undefined;
  /** The server's clock, set by the host before each event. */
  clock: Millis = 0;
  /** The method that is running: "onMessage". */
  method = "constructor";
  /** False between handlers: what a server does then comes from a promise, and the world has moved on. */
  isActive = true;

  private draws = 0;
  private readonly handOver = new HandOver();
  private readonly diskHandOver = new HandOver(new WeakMap());
  private readonly indexes = new Map<NodeId, number>();
  private readonly stored: Map<string, Json>;

  constructor(
    readonly self: NodeId,
    private readonly boot: Boot,
  ) {
    this.stored = new Map(boot.disk);
    for (const value of boot.disk.values()) freezeDeep(value);
    this.isClient = boot.clients.includes(self);
    const others = this.isClient ? boot.peers : [...boot.peers, ...boot.clients];
    for (const other of others) this.indexes.set(other, boot.ids.indexOf(other));
    const disk: Disk = Object.freeze({
      read: (key: string) => this.stored.get(key),
      write: (changes: Readonly<Record<string, Json | undefined>>) => this.write(changes),
    });
    const peers = Object.freeze([...boot.peers]);
    const { now, random, send, setTimer, cancelTimer, log, complete, apply } = this;
    this.facade = Object.freeze({ self, peers, now, random, send, setTimer, cancelTimer, disk, log });
    this.clientFacade = Object.freeze({ ...this.facade, complete });
    this.machine = Object.freeze({ apply });
  }

  save(): EnvState {
    return { stored: new Map(this.stored), hasOpenOperation: this.hasOpenOperation };
  }

  restore({ stored, hasOpenOperation }: EnvState): void {
    this.stored.clear();
    for (const [key, value] of stored) this.stored.set(key, value);
    this.hasOpenOperation = hasOpenOperation;
    this.breach = undefined;
  }

  /** The next random number is the first one again. */
  restartDraws(): void {
    this.draws = 0;
  }

  /** What a server holds of this env, by name. */
  atoms(): ReadonlyMap<unknown, string> {
    const atoms = new Map<unknown, string>();
    for (const [name, object] of Object.entries({
      env: this.facade,
      clientEnv: this.clientFacade,
      machine: this.machine,
      disk: this.facade.disk,
      peers: this.facade.peers,
    })) {
      atoms.set(object, name);
      for (const [field, value] of Object.entries(object))
        if (typeof value === "function") atoms.set(value, `${name}.${field}`);
    }
    return atoms;
  }

  // Arrow functions, so that a student may write `const { send, peers } = env`.

  private readonly now = (): Millis => {
    return this.clock;
  };

  private readonly random = (): number => {
    return drawAt(this.boot.randomKey, this.draws++);
  };

  private readonly send = (to: NodeId, message: AnyMessage): void => {
    const index = this.indexes.get(to);
    if (index === undefined)
      this.refuse(
        "env.send",
        `one of ${this.isClient ? "the servers" : `this server's peers${this.boot.clients.length > 0 ? " or a client" : ""}`} (${[...this.indexes.keys()].join(", ")})`,
        `${this.quote(to)} as receiver`,
        "A server does not send to itself: call the method instead.",
      );
    const copy = this.handOver.take(message);
    if (copy === undefined) this.refusePlain("env.send", message);
    if (typeof copy?.type !== "string")
      this.refuse(
        "env.send",
        "a message with a `type`",
        this.quote(Object(copy) === copy ? copy.type : copy),
        "See labs/kit/contract/messages.ts.",
      );
    const { bytes, isReworded } = this.handOver;
    this.charge(bytes);
    // The receiver gets what a wire would bring it.
    const original = isReworded ? freezeDeep(copy) : message;
    this.record({ kind: "send", to: index, bytes, message: copy, original });
  };

  private readonly setTimer = (name: string, delay: Millis): void => {
    if (typeof name !== "string" || name.length > NAME_LENGTH_MAX)
      this.refuse(
        "env.setTimer",
        `a name (a string of at most ${NAME_LENGTH_MAX} characters)`,
        this.quote(name),
        "onTimer(name) gets this name back.",
      );
    if (typeof delay !== "number" || !(delay >= 0 && delay <= DELAY_MAX))
      this.refuse(
        `env.setTimer("${name}")`,
        `a delay of 0 to ${DELAY_MAX.toLocaleString("en")} milliseconds`,
        this.quote(delay),
        "Look at how the delay is computed. To stop a timer, use env.cancelTimer(name).",
      );
    this.record({ kind: "setTimer", name, delay });
  };

  private readonly cancelTimer = (name: string): void => {
    if (typeof name !== "string" || name.length > NAME_LENGTH_MAX)
      this.refuse(
        "env.cancelTimer",
        `a name (a string of at most ${NAME_LENGTH_MAX} characters)`,
        this.quote(name),
        "Use the name the timer was set with.",
      );
    this.record({ kind: "cancelTimer", name });
  };

  private readonly log = (text: string): void => {
    this.record({ kind: "log", text: String(text).slice(0, LOG_LENGTH_MAX) });
  };

  private readonly complete = (result: KvResult): void => {
    if (result !== null && typeof result !== "boolean" && typeof result !== "string")
      this.refuse(
        "env.complete",
        "a result: a string, true, false or null",
        describeShortly(result),
        "See KvResult in labs/kit/contract/kv.ts.",
      );
    if (!this.hasOpenOperation)
      this.refuse(
        "env.complete",
        "one result for each operation",
        "a second one, or one without an operation",
        "After complete() the operation is over: late replies to it are to be ignored.",
      );
    this.hasOpenOperation = false;
    if (typeof result === "string") this.charge(result.length);
    this.record({ kind: "complete", result });
  };

  private readonly apply = (entry: AppliedEntry): void => {
    const { index, term, command } = Object(entry) as Partial<AppliedEntry>;
    if (!isCount(index) || index < 1 || !isCount(term) || command === undefined)
      this.refuse(
        "machine.apply",
        "an entry { index, term, command }",
        `{ index: ${describeShortly(index)}, term: ${describeShortly(term)}, command: ${describeShortly(command)} }`,
        "Hand over the log's entry with its index.",
      );
    const copy = this.handOver.take({ index, term, command });
    if (copy === undefined) this.refusePlain("machine.apply", entry);
    const { bytes } = this.handOver;
    this.charge(bytes);
    this.record({ kind: "apply", entry: copy as AppliedEntry, bytes });
  };

  private write(changes: Readonly<Record<string, Json | undefined>>): void {
    const copy = this.diskHandOver.take(changes);
    if (copy === undefined) this.refusePlain("env.disk.write", changes);
    if (typeof changes !== "object" || changes === null || Array.isArray(changes))
      this.refuse(
        "env.disk.write",
        "an object { key: value, … }",
        this.quote(changes),
        "Give each value a key, by which read(key) finds it again.",
      );
    const removed = Object.entries(changes).filter(([, value]) => value === undefined);
    const bytes = removed.reduce((sum, [key]) => sum + key.length, this.diskHandOver.bytes);
    this.charge(bytes);
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) this.stored.delete(key);
      else this.stored.set(key, value);
    }
    this.record({ kind: "write", changes: { ...copy, ...Object.fromEntries(removed) }, bytes });
  }

  private charge(bytes: number): void {
    this.handed += bytes;
    if (this.handed > HANDLER_BYTES_MAX)
      this.refuse(
        "env",
        `at most ${HANDLER_BYTES_MAX.toLocaleString("en")} bytes of one handler`,
        "more",
        "Is there a loop that sends without end, or more in a message than its receiver needs?",
      );
  }

  private record(effect: Effect): void {
    if (!this.isActive) {
      this.noteLate(effect);
      return;
    }
    if (this.method === "constructor" || this.method === "status") this.refuseEffect(effect);
    if (this.effectCount >= EFFECTS_MAX) {
      this.refuse(
        "env",
        `at most ${EFFECTS_MAX.toLocaleString("en")} effects of one handler`,
        "one more",
        "Is there a loop that sends or sets timers without end?",
      );
    }
    this.effects[this.effectCount++] = effect;
  }

  /** Not thrown: nobody would catch it. The world asks for it when it next comes to itself. */
  private noteLate({ kind }: Effect): void {
    this.breach ??= new ContractBreach({
      where: `${this.self}, ${callOf(kind)}`,
      rule: "a server that does all its work before its handler returns",
      found: "a call after the handler had returned",
      next: "Remove async, await and promises: to go on later, set a timer or wait for the next message.",
    });
  }

  private refuseEffect({ kind }: Effect): never {
    const call = callOf(kind);
    const next =
      this.method === "status"
        ? "status() only says where the server stands."
        : "Move it to start(), which is called right after.";
    this.refuse(
      call,
      `a ${this.method === "status" ? "status()" : "constructor"} without effects`,
      `a call of ${call}`,
      next,
    );
  }

  private refusePlain(call: string, value: unknown): never {
    const fault = findFault(value);
    const at = fault.path === "" ? call : `${call}, field ${fault.path}`;
    this.refuse(
      at,
      "plain data (null, booleans, finite numbers, strings, arrays and plain objects)",
      fault.found,
      "Send a copy that holds only the values its receiver needs.",
    );
  }

  private refuse(where: string, rule: string, found: string, next: string): never {
    const breach = new ContractBreach({ where: `${this.self}.${this.method}, ${where}`, rule, found, next });
    this.breach ??= breach;
    throw breach;
  }

  private quote(value: unknown): string {
    if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
    if (typeof value === "function") return "a function";
    return typeof value === "object" && value !== null ? "an object" : String(value);
  }
}

/** The call that makes an effect. */
function callOf(kind: Effect["kind"]): string {
  if (kind === "write") return "env.disk.write";
  return kind === "apply" ? "machine.apply" : `env.${kind}`;
}
