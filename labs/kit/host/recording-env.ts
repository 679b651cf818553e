import type { Disk, Env, Json, Millis, NodeId } from "../contract";
import { drawAt } from "../random/keyed";
import { ContractBreach } from "./contract-breach";
import { findFault, freezeDeep, HandOver } from "./hand-over";
import type { AnyMessage, Boot, Effect } from "./reaction";

/** Effects that one handler may have; a server that makes more is in a loop. */
export const EFFECTS_MAX = 10_000;
const DELAY_MAX: Millis = 1e9;

/** The env of one server: checks each call against the contract and records it as an {@link Effect}. */
export class RecordingEnv implements Env<AnyMessage> {
  readonly peers: readonly NodeId[];
  readonly disk: Disk;

  /** What the handler did so far: the first `effectCount` of these. The array is used again for each event. */
  readonly effects: Effect[] = [];
  effectCount = 0;
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
    this.peers = Object.freeze([...boot.peers]);
    this.stored = new Map(boot.disk);
    for (const value of boot.disk.values()) freezeDeep(value);
    for (const peer of boot.peers) this.indexes.set(peer, boot.ids.indexOf(peer));
    this.disk = Object.freeze({
      read: (key: string) => this.stored.get(key),
      write: (changes: Readonly<Record<string, Json | undefined>>) => this.write(changes),
    });
  }

  // Arrow functions, so that a student may write `const { send, peers } = env`.

  readonly now = (): Millis => {
    return this.clock;
  };

  readonly random = (): number => {
    return drawAt(this.boot.randomKey, this.draws++);
  };

  readonly send = (to: NodeId, message: AnyMessage): void => {
    const index = this.indexes.get(to);
    if (index === undefined)
      this.refuse(
        "env.send",
        `one of this server's peers (${this.peers.join(", ")})`,
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
    this.record({ kind: "send", to: index, bytes: this.handOver.bytes, message: copy, original: message });
  };

  readonly setTimer = (name: string, delay: Millis): void => {
    if (typeof name !== "string")
      this.refuse(
        "env.setTimer",
        "a name (a string)",
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

  readonly cancelTimer = (name: string): void => {
    if (typeof name !== "string")
      this.refuse(
        "env.cancelTimer",
        "a name (a string)",
        this.quote(name),
        "Use the name the timer was set with.",
      );
    this.record({ kind: "cancelTimer", name });
  };

  readonly log = (text: string): void => {
    this.record({ kind: "log", text: String(text).slice(0, 1_000) });
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
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) this.stored.delete(key);
      else this.stored.set(key, value);
    }
    const removed = Object.entries(changes).filter(([, value]) => value === undefined);
    this.record({
      kind: "write",
      changes: { ...copy, ...Object.fromEntries(removed) },
      bytes: this.diskHandOver.bytes,
    });
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
      where: `${this.self}, env.${kind === "write" ? "disk.write" : kind}`,
      rule: "a server that does all its work before its handler returns",
      found: "a call after the handler had returned",
      next: "Remove async, await and promises: to go on later, set a timer or wait for the next message.",
    });
  }

  private refuseEffect({ kind }: Effect): never {
    const call = kind === "write" ? "env.disk.write" : `env.${kind}`;
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
