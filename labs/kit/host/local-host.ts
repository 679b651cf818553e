import type {
  Client,
  ClientEnv,
  Env,
  Json,
  KvOperation,
  NodeId,
  Proposed,
  Server,
  StateMachine,
  Status,
} from "../contract";
import { LocalBranches } from "../search/branches";
import { renamingsOf } from "../search/renaming";
import { ContractBreach } from "./contract-breach";
import { installGuards } from "./guards";
import type { AnyMessage, Effect, Host, Reaction, Stimulus, Trouble } from "./reaction";
import { RecordingEnv } from "./recording-env";
import { StatusReader } from "./status-reader";
import { enterHandler, leaveHandler, stepsTaken } from "./steps";
import { isPromise, promiseTrouble, troubleOf } from "./trouble";
import { describeShortly, isCount } from "./values";

/** A server as the world calls it. */
type AnyServer = Server<AnyMessage> & { propose?(command: Json): Proposed | null };
/** What runs at a node: a server, or a client of the key-value store. */
type Resident = Partial<AnyServer> & Partial<Pick<Client<AnyMessage>, "invoke">>;

/** Makes what runs at the nodes. Called again for every node and every restart. */
export interface Factory {
  server(env: Env<AnyMessage>, machine: StateMachine): Server<AnyMessage>;
  /** From lab 4. */
  client?(env: ClientEnv<AnyMessage>): Client<AnyMessage>;
}

/** A student's class, as the labs export it. Its message type is its own business: everything is checked at run time. */
export type ServerClass = new (env: never, machine: never) => Server<never>;

/** A student's client class. */
export type ClientClass = new (env: never) => Client<never>;

const METHODS = {
  start: "start",
  message: "onMessage",
  timer: "onTimer",
  propose: "propose",
  invoke: "invoke",
} as const;
const SERVER_METHODS = ["start", "onMessage", "onTimer", "status"] as const;
const CLIENT_METHODS = ["start", "invoke", "onMessage", "onTimer"] as const;

/** Runs the servers of one world in this process. */
export class LocalHost implements Host {
  private readonly servers: (Running | undefined)[] = [];
  private readonly reaction = new ReusedReaction();

  constructor(private readonly factory: Factory) {
    installGuards();
  }

  /** A host for the servers, and clients if there are any, of a student's classes. */
  static of(serverClass: ServerClass, clientClass?: ClientClass): LocalHost {
    const make = (made: new (...args: never[]) => unknown, ...args: unknown[]): unknown =>
      Reflect.construct(made, args);
    return new LocalHost({
      server: (env, machine) => make(serverClass, env, machine) as Server<AnyMessage>,
      client: clientClass && ((env) => make(clientClass, env) as Client<AnyMessage>),
    });
  }

  /** What runs at a node. */
  running(node: number): Running {
    const running = this.servers[node];
    if (running === undefined) throw new Error(`Node ${node} was never started in this host.`);
    return running;
  }

  /** Lets what ran at a node before run there again. */
  putBack(node: number, running: Running): void {
    this.servers[node] = running;
  }

  react(stimulus: Stimulus): Reaction {
    const { reaction } = this;
    const running = stimulus.kind === "start" ? this.prepare(stimulus) : this.running(stimulus.node);
    const { env } = running;
    const where = running.places[stimulus.kind];
    env.effectCount = 0;
    env.handed = 0;
    env.clock = stimulus.now;
    env.method = METHODS[stimulus.kind];
    env.isActive = true;
    reaction.effects = env.effects;
    reaction.trouble = undefined;
    reaction.answer = null;
    let refused: ContractBreach | undefined;
    let promise: unknown;
    enterHandler(where);
    try {
      const returned = this.dispatch(running, stimulus);
      if (returned !== undefined && isPromise(returned)) promise = returned;
      else if (stimulus.kind === "propose") reaction.answer = readAnswer(returned, where);
      if (!env.isClient) this.readStatus(running);
    } catch (error) {
      reaction.trouble = troubleOf(error, where);
    } finally {
      reaction.steps = stepsTaken();
      refused = leaveHandler();
      env.isActive = false;
    }
    if (promise !== undefined) {
      const trouble = promiseTrouble(where, promise); // no longer in the handler: it has to use the promise
      reaction.trouble ??= trouble;
    }
    const breach = env.breach ?? refused;
    if (breach !== undefined) reaction.trouble = breach.trouble;
    reaction.effectCount = env.effectCount;
    return reaction;
  }

  another(): LocalHost {
    return new LocalHost(this.factory);
  }

  branches(alike: readonly NodeId[]): LocalBranches {
    return new LocalBranches(this.another(), renamingsOf(alike));
  }

  lateTrouble(): Trouble | undefined {
    return this.servers.find((running) => running?.env.breach !== undefined)?.env.breach?.trouble;
  }

  private prepare(stimulus: Stimulus): Running {
    const { boot } = stimulus;
    const id = boot?.ids[stimulus.node];
    if (boot === undefined || id === undefined)
      throw new Error("A start needs to say how the server is set up.");
    const running = new Running(new RecordingEnv(id, boot), boot.ids);
    this.servers[stimulus.node] = running;
    return running;
  }

  private dispatch(running: Running, stimulus: Stimulus): unknown {
    const { resident } = running;
    switch (stimulus.kind) {
      case "start":
        return this.start(running);
      case "message":
        return resident?.onMessage?.(running.ids[stimulus.from], stimulus.message as AnyMessage);
      case "timer":
        return resident?.onTimer?.(stimulus.timer);
      case "propose":
        if (typeof resident?.propose !== "function") throw lacking(running.env.self, ["propose"]);
        return resident.propose(stimulus.command as Json);
      case "invoke":
        running.env.hasOpenOperation = true;
        return resident?.invoke?.(stimulus.command as KvOperation);
    }
  }

  private start(running: Running): unknown {
    const { env } = running;
    env.method = "constructor";
    const { client } = this.factory;
    const resident: Resident = !env.isClient
      ? this.factory.server(env.facade, env.machine)
      : ((client?.(env.clientFacade) ?? {}) as Resident);
    const required: readonly (keyof Resident)[] = env.isClient ? CLIENT_METHODS : SERVER_METHODS;
    const missing = required.filter((method) => typeof resident[method] !== "function");
    if (missing.length > 0) throw lacking(env.self, missing);
    running.resident = resident;
    env.method = "start";
    return resident.start?.();
  }

  private readStatus(running: Running): void {
    const { env, resident } = running;
    env.method = "status";
    this.reaction.read(resident?.status?.() as Status, env.self);
  }
}

function lacking(self: NodeId, methods: readonly string[]): ContractBreach {
  return new ContractBreach(
    {
      where: self,
      rule: "a class with all the methods of the skeleton",
      found: `none of: ${methods.join(", ")}`,
      next: "Keep the methods of the skeleton; see labs/kit/contract/server.ts.",
    },
    false,
  );
}

/** Reads what a server says to a proposal. */
function readAnswer(answer: unknown, where: string): Proposed | null {
  if (answer === null) return null;
  if (typeof answer === "object" && answer !== undefined) {
    const { index, term } = answer as Partial<Proposed>;
    if (isCount(index) && index > 0 && isCount(term)) return { index, term };
  }
  throw new ContractBreach(
    {
      where,
      rule: "{ index, term } from a leader (whole numbers, index from 1), null from any other server",
      found: answer === undefined ? "nothing returned" : describeShortly(answer),
      next: "propose() returns where the command stands in the log, or null.",
    },
    false,
  );
}

/** One server or client and all that belongs to it in this host. */
export class Running {
  resident: Resident | undefined;
  /** How its handlers are called in messages: "S2.onMessage". */
  readonly places: Readonly<Record<Stimulus["kind"], string>>;

  constructor(
    readonly env: RecordingEnv,
    readonly ids: readonly NodeId[],
  ) {
    const { self } = env;
    const place = (kind: Stimulus["kind"]): string => `${self}.${METHODS[kind]}`;
    this.places = {
      start: place("start"),
      message: place("message"),
      timer: place("timer"),
      propose: place("propose"),
      invoke: place("invoke"),
    };
  }
}

/** One reaction object for a host's whole life: a new one for each event would be most of what the host allocates. */
class ReusedReaction extends StatusReader implements Reaction {
  effects: readonly Effect[] = [];
  effectCount = 0;
  trouble: Trouble | undefined;
  steps = 0;
  answer: Proposed | null = null;
}
