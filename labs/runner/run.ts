import type { Conditions, Disappointment, NetworkName } from "../kit";
import {
  type ClientClass,
  Failure,
  LocalHost,
  namesOfNodes,
  ScriptedPeers,
  type ServerClass,
  World,
} from "../kit";
import { clientTalk } from "./client-talk";
import { LoopCounter } from "./loop-counter";
import { countedClass } from "./student-files";
import { Watchdog } from "./watchdog";

/** Steps that a promise of the world takes to settle, with some to spare. */
const TURNS_OF_LEFTOVERS = 10;

/** The student's classes: that of the servers and, in lab 4, that of the clients. */
export interface Classes {
  readonly server: ServerClass;
  readonly client?: ClientClass | undefined;
}

/** How a test's cluster is set up. */
export interface Setup {
  /** How many servers; of a list, seed 1 takes the first number, seed 2 the second, and so on in turn. */
  readonly servers: number | readonly number[];
  /** Without: "lan"; with scripted peers: "calm". */
  readonly network?: NetworkName | Conditions | undefined;
  /** Clients of the key-value store. Without: none, or one with `scripted: "client"`. */
  readonly clients?: number | undefined;
  /** True: only S1 is real, and the test plays its peers and clients. "client": only C1 is, and it plays the servers. */
  readonly scripted?: boolean | "client" | undefined;
  /**
   * True: no timer of a correct server runs out in this test, and nothing else leads to a later task. A stub of a later
   * task that is reached all the same is a mistake, not something that is still to be written.
   */
  readonly quiet?: boolean | undefined;
  /** The rule that the test is about. It is told when one of the test's own expectations fails. */
  readonly rule?: string | undefined;
  /** The next thing to look at when one of the test's own expectations fails: a question. */
  readonly next?: string | undefined;
}

/** What a test does in its world. Without scripted peers, it leaves the second argument alone. */
export type Body = (world: World, peers: ScriptedPeers) => Promise<void>;

/** One run of a test: its world as it was at the end, and what went wrong. */
export interface Run {
  readonly world: World;
  readonly failure: Failure | undefined;
  /** The handler that never returned, if one did not. */
  readonly stuckIn: string | undefined;
}

/** Runs a test's body on one seed, in a world of its own. */
export async function runOnce(classes: Classes, setup: Setup, body: Body, seed: number): Promise<Run> {
  const run = await runWatched(classes, setup, body, seed, new Watchdog());
  if (run.stuckIn === undefined) return run;
  // The same seed runs into the same loop again: this time somebody counts, and can say which loop it is.
  const loops = new LoopCounter();
  const server = countedClass(classes.server, loops);
  if (server === undefined) return run;
  const counted = { server, client: classes.client && countedClass(classes.client, loops) };
  const second = await runWatched(counted, setup, body, seed, new Watchdog(loops));
  return second; // if it came through this time, the first was only slow
}

/** Runs a test's body on one seed, under somebody's eyes. @param without parts of the run that are left out */
export async function runWatched(
  { server, client }: Classes,
  setup: Setup,
  body: Body,
  seed: number,
  watchdog: Watchdog,
  without?: ReadonlySet<string>,
): Promise<Run> {
  const { scripted = false, clients = scripted === "client" ? 1 : 0 } = setup;
  const subject = scripted === "client" ? "C1" : "S1";
  const { network = scripted ? "calm" : "lan" } = setup;
  const servers = serversOf(setup, seed);
  const world = new World({
    seed,
    servers,
    clients,
    network,
    host: LocalHost.of(server, client),
    scripted: scripted ? namesOfNodes(servers, clients).filter((id) => id !== subject) : [],
    driver: watchdog.drive,
    without,
  });
  try {
    await body(world, new ScriptedPeers(world, subject));
    await leftovers();
  } catch (error) {
    disappoint(world, setup, error);
  }
  return { world, failure: world.failure, stuckIn: watchdog.stuckIn };
}

/** Lets whatever a body has begun and not awaited come to its end, so that its failure is not lost. */
async function leftovers(): Promise<void> {
  for (let turn = 0; turn < TURNS_OF_LEFTOVERS; turn++) await undefined;
}

function serversOf({ servers }: Setup, seed: number): number {
  if (typeof servers === "number") return servers;
  const size = servers[(seed - 1) % servers.length];
  if (size === undefined) throw new RangeError("`servers` needs at least one number of servers.");
  return size;
}

/** Sees to it that what a body threw is the world's failure. An error of the test itself, which is none, goes on. */
function disappoint(world: World, { rule, next }: Setup, error: unknown): void {
  if (error instanceof Failure && world.failure !== undefined) return;
  const found = matcherResult(error);
  if (found === undefined) throw error;
  const { sentence, wrong } = found;
  try {
    const evidence = world.clients.length > 0 && wrong === undefined ? clientTalk(world) : undefined;
    world.fail({ sentence, rule, next, evidence, wrong });
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
  }
}

/** What a jest matcher had to say, without its colours, and the event of which it speaks, if it names one. */
function matcherResult(error: unknown): Pick<Disappointment, "sentence" | "wrong"> | undefined {
  if (!(error instanceof Error)) return undefined;
  const result: unknown = Reflect.get(error, "matcherResult");
  if (typeof result !== "object" || result === null) return undefined;
  const wrong: unknown = Reflect.get(result, "wrong");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const sentence = error.message.replace(/\u001b\[\d*m/g, "");
  return { sentence, wrong: typeof wrong === "number" ? wrong : undefined };
}
