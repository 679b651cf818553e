import { ContractBreach } from "../../labs/kit/host/contract-breach";
import { installGuards } from "../../labs/kit/host/guards";
import type { LocalHost } from "../../labs/kit/host/local-host";
import { refuseAsync, STACK_DEPTH_MAX, step } from "../../labs/kit/host/steps";
import { setLineMap } from "../../labs/kit/host/student-line";
import type { LocalBranches } from "../../labs/kit/search/branches";
import { type Evaluate, KIT, Program } from "../submission/program";
import { ANSWER, ORDER } from "../wire/format";
import { readOrder } from "../wire/orders";
import { writeOutcome, writeReaction } from "../wire/reactions";
import { Reader, WireFault } from "../wire/reader";
import { ItemReader } from "../wire/stimuli";
import { Writer } from "../wire/writer";
import { absence } from "./absence";
import { FOREIGN, parameterNames, STANDARD, withGlobals } from "./globals";
import { GroupRule } from "./group-rule";
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

const CONSOLE_METHODS =
  "assert clear count countReset debug dir dirxml error group groupCollapsed groupEnd info log table time timeEnd timeLog trace warn";

/** What a program prints while it is graded goes nowhere. */
const SILENT_CONSOLE = Object.freeze(
  Object.fromEntries(CONSOLE_METHODS.split(" ").map((name) => [name, () => {}])),
);

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
  private readonly searches = new Map<number, LocalBranches>();
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
    // Student code finds the real eval, which refuses to work here: no parameter can have its name.
    const realEval = outside.evaluate("eval", "node:cell");
    const ours = [SILENT_CONSOLE, structuredClone, ContractBreach, step, refuseAsync, KIT];
    freezeIntrinsics([...standard, realEval, ...ours]);
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
    const { reader, writer, items } = this;
    writer.byte(ANSWER.reactions);
    while (!reader.isAtEnd) {
      items.next();
      if (items.events === 0) {
        this.worlds.delete(items.world);
        this.searches.delete(items.world);
        continue;
      }
      if (items.alike === undefined) this.reactToGroup(this.host(items.world));
      else this.tryAll(this.search(items.world, items.alike));
      if (writer.length < ANSWER_BYTES) continue;
      this.flush();
      writer.byte(ANSWER.reactions);
    }
    if (writer.length > 1) this.flush(); // an answer without a reaction is none
  }

  /** Lets servers handle a group of events, up to the first that may not come to pass after all. */
  private reactToGroup(host: LocalHost): void {
    const { writer, items } = this;
    const countAt = writer.length;
    writer.byte(0);
    const before = new GroupRule(items.shortest);
    for (let i = 0; i < items.events; i++) {
      const stimulus = items.event(); // to be read, whatever becomes of it
      if (i > 0 && before.isInTheWay(stimulus)) continue;
      const reaction = host.react(stimulus);
      writeReaction(writer, reaction);
      writer.bytes[countAt] = i + 1;
      before.note(stimulus.node, reaction);
    }
  }

  /** Tries what a search wants to know. */
  private tryAll(branches: LocalBranches): void {
    const { writer, items } = this;
    for (let i = 0; i < items.events; i++) writeOutcome(writer, branches.try(items.attempt()));
  }

  private search(world: number, alike: readonly string[]): LocalBranches {
    const known = this.searches.get(world);
    if (known !== undefined) return known;
    const search = this.host(world).branches(alike);
    this.searches.set(world, search);
    return search;
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
  for (const name of [...all, ...FOREIGN]) globals.set(name, absence(name));
  for (const name of STANDARD) {
    const value: unknown = Reflect.get(globalThis, name);
    if (value === undefined) globals.delete(name);
    else globals.set(name, value);
  }
  globals.set("NaN", Number.NaN);
  globals.set("Infinity", Number.POSITIVE_INFINITY);
  globals.set("undefined", undefined);
  globals.set("console", SILENT_CONSOLE);
  globals.set("process", absence("process", { env: Object.freeze({}) }));
  globals.set("structuredClone", structuredClone);
  globals.set("globalThis", Object.freeze(Object.fromEntries(globals)));
  return globals;
}
