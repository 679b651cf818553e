import type { Env, NodeId, Server, StateMachine, Status } from "../contract";
import { ContractBreach } from "./contract-breach";
import { installGuards } from "./guards";
import type { AnyMessage, Effect, Host, Reaction, Stimulus, Trouble } from "./reaction";
import { RecordingEnv } from "./recording-env";
import { StatusReader } from "./status-reader";
import { enterHandler, leaveHandler, stepsTaken } from "./steps";
import { isPromise, promiseTrouble, troubleOf } from "./trouble";

/** Makes one server. Called again for every server and every restart. */
export type ServerFactory = (env: Env<AnyMessage>, machine: StateMachine) => Server<AnyMessage>;

/** A student's class, as the labs export it. Its message type is its own business: everything is checked at run time. */
export type ServerClass = new (env: never, machine: never) => Server<never>;

const METHODS = { start: "start", message: "onMessage", timer: "onTimer" } as const;
const REQUIRED = ["start", "onMessage", "onTimer", "status"] as const;

/**
 * Lab 1 looks at what a server sends and says; what it applies is lab 2's business. A new one for each server, for two
 * could talk through it.
 */
const unusedMachine = (): StateMachine => ({ apply: () => {} });

/** Runs the servers of one world in this process. */
export class LocalHost implements Host {
  private readonly servers: (Running | undefined)[] = [];
  private readonly reaction = new ReusedReaction();

  constructor(private readonly make: ServerFactory) {
    installGuards();
  }

  /** A host for the servers of a student's class. */
  static of(serverClass: ServerClass): LocalHost {
    return new LocalHost((env, machine) => {
      const made: unknown = Reflect.construct(serverClass, [env, machine]);
      return made as Server<AnyMessage>;
    });
  }

  react(stimulus: Stimulus): Reaction {
    const { reaction } = this;
    const running = stimulus.kind === "start" ? this.prepare(stimulus) : this.servers[stimulus.node];
    if (running === undefined) throw new Error(`Node ${stimulus.node} was never started in this host.`);
    const { env } = running;
    const where = running.places[stimulus.kind];
    env.effectCount = 0;
    env.handed = 0;
    env.clock = stimulus.now;
    env.method = METHODS[stimulus.kind];
    env.isActive = true;
    reaction.effects = env.effects;
    reaction.trouble = undefined;
    let refused: ContractBreach | undefined;
    let promise: unknown;
    enterHandler(where);
    try {
      const returned = this.dispatch(running, stimulus);
      if (returned !== undefined && isPromise(returned)) promise = returned;
      this.readStatus(running);
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
    switch (stimulus.kind) {
      case "start":
        return this.start(running);
      case "message":
        return running.server?.onMessage(running.ids[stimulus.from], stimulus.message as AnyMessage);
      case "timer":
        return running.server?.onTimer(stimulus.timer);
    }
  }

  private start(running: Running): unknown {
    const { env } = running;
    env.method = "constructor";
    const server = this.make(env.facade, unusedMachine());
    const missing = REQUIRED.filter((method) => typeof server[method] !== "function");
    if (missing.length > 0) {
      throw new ContractBreach(
        {
          where: env.self,
          rule: "a class that implements Server",
          found: `none of: ${missing.join(", ")}`,
          next: "Keep the methods of the skeleton; see labs/kit/contract/server.ts.",
        },
        false,
      );
    }
    running.server = server;
    env.method = "start";
    return server.start();
  }

  private readStatus(running: Running): void {
    const { env, server } = running;
    env.method = "status";
    this.reaction.read(server?.status() as Status, env.self);
  }
}

/** One server and all that belongs to it in this host. */
class Running {
  server: Server<AnyMessage> | undefined;
  /** How its handlers are called in messages: "S2.onMessage". */
  readonly places: { readonly start: string; readonly message: string; readonly timer: string };

  constructor(
    readonly env: RecordingEnv,
    readonly ids: readonly NodeId[],
  ) {
    const { self } = env;
    this.places = { start: `${self}.start`, message: `${self}.onMessage`, timer: `${self}.onTimer` };
  }
}

/** One reaction object for a host's whole life: a new one for each event would be most of what the host allocates. */
class ReusedReaction extends StatusReader implements Reaction {
  effects: readonly Effect[] = [];
  effectCount = 0;
  trouble: Trouble | undefined;
  steps = 0;
}
