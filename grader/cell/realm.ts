import { ContractBreach } from "../../labs/kit/host/contract-breach";
import { installGuards } from "../../labs/kit/host/guards";
import type { LocalHost } from "../../labs/kit/host/local-host";
import { refuse, refuseAsync, STACK_DEPTH_MAX, step } from "../../labs/kit/host/steps";
import { setLineMap } from "../../labs/kit/host/student-line";
import { type Evaluate, KIT, Program } from "../submission/program";
import { ANSWER, ORDER } from "../wire/format";
import { readOrder } from "../wire/orders";
import { writeReaction } from "../wire/reactions";
import { Reader, WireFault } from "../wire/reader";
import { ItemReader } from "../wire/stimuli";
import { Writer } from "../wire/writer";
import { absence } from "./absence";
import { FOREIGN, parameterNames, STANDARD, withGlobals } from "./globals";
import { freezeIntrinsics } from "./lockdown";
import { structuredClone } from "./structured-clone";

/** What the process around the realm does for it. None of this is ever within a student's reach. */
export interface Outside {
  /** Compiles a script in this realm and runs it. */
  evaluate(source: string, name: string): unknown;
  /** Sends one frame, without its header. */
  send(bytes: Uint8Array): void;
}

/** Answers are sent in frames of about this size. */
const ANSWER_BYTES = 1 << 18;

const NOTHING = (): void => {};
const SILENT_CONSOLE = [
  "log",
  "info",
  "warn",
  "error",
  "debug",
  "trace",
  "dir",
  "table",
  "group",
  "groupEnd",
  "assert",
];

/**
 * Everything in the cell that is not the process itself: the host of the student's servers, the language that they
 * find, and the two ends of the wire. It shares a realm with the student's code, whose objects are frozen by then, so
 * that nothing of any other realm can be reached from there.
 */
export class Realm {
  private readonly reader = new Reader({ freezes: true });
  private readonly items = new ItemReader(this.reader);
  private readonly writer = new Writer();
  private readonly worlds = new Map<number, LocalHost>();
  private readonly globals: ReadonlyMap<string, unknown>;
  private program: Program | undefined;
  private input = new Uint8Array(1 << 16);

  /** @param all the names that the realm's own global object has */
  constructor(
    private readonly outside: Outside,
    all: readonly string[],
  ) {
    installGuards();
    this.globals = globalsFor(all);
    Date.prototype.constructor = this.globals.get("Date") as DateConstructor;
    Error.stackTraceLimit = STACK_DEPTH_MAX;
    const standard = STANDARD.map((name): unknown => this.globals.get(name));
    freezeIntrinsics([...standard, structuredClone, ContractBreach, step, refuseAsync, KIT]);
  }

  /** @returns where to put the next frame, which has so many bytes */
  room(size: number): Uint8Array {
    if (size > this.input.length) this.input = new Uint8Array(size * 2);
    return this.input;
  }

  /** Does what the frame in {@link room} asks for, and answers. */
  handle(size: number): void {
    const { reader, writer } = this;
    reader.open(this.input.subarray(0, size));
    writer.clear();
    switch (reader.byte()) {
      case ORDER.load:
        this.load();
        break;
      case ORDER.stimuli:
        this.react();
        break;
      default:
        throw new WireFault("There is no such order.");
    }
  }

  private load(): void {
    const { code, name, lines, entry } = readOrder(this.reader);
    setLineMap(name, lines);
    const names = parameterNames(this.globals);
    const enclose = this.outside.evaluate(withGlobals(names, code), name) as (
      ...values: unknown[]
    ) => Evaluate;
    this.program = new Program(enclose(...names.map((global) => this.globals.get(global))), entry);
    const problem = this.program.problem();
    this.writer.byte(problem === undefined ? ANSWER.loaded : ANSWER.refused);
    if (problem !== undefined) this.writer.string(problem);
    this.flush();
  }

  private react(): void {
    const { reader, writer } = this;
    writer.byte(ANSWER.reactions);
    while (!reader.isAtEnd) {
      const { world, stimulus } = this.items.next();
      if (stimulus === undefined) {
        this.worlds.delete(world);
        continue;
      }
      writeReaction(writer, this.host(world).react(stimulus));
      if (writer.length < ANSWER_BYTES) continue;
      this.flush();
      writer.byte(ANSWER.reactions);
    }
    this.flush();
  }

  private host(world: number): LocalHost {
    const known = this.worlds.get(world);
    if (known !== undefined) return known;
    if (this.program === undefined) throw new Error("No program was loaded.");
    const host = this.program.makeHost();
    this.worlds.set(world, host);
    return host;
  }

  private flush(): void {
    this.outside.send(this.writer.bytes.subarray(0, this.writer.length));
    this.writer.clear();
  }
}

/** The names that a student's code finds, and what they mean there. */
function globalsFor(all: readonly string[]): Map<string, unknown> {
  const globals = new Map<string, unknown>();
  for (const name of [...all, ...FOREIGN]) globals.set(name, absence(name, refuse));
  for (const name of STANDARD) {
    const value: unknown = Reflect.get(globalThis, name);
    if (value === undefined) globals.delete(name);
    else globals.set(name, value);
  }
  globals.set("console", Object.freeze(Object.fromEntries(SILENT_CONSOLE.map((name) => [name, NOTHING]))));
  globals.set("process", absence("process", refuse, { env: Object.freeze({}) }));
  globals.set("structuredClone", structuredClone);
  globals.set("globalThis", Object.freeze(Object.fromEntries(globals)));
  return globals;
}
