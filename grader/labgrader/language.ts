import { ScriptedPeers } from "../../labs/kit";
import {
  type Block,
  type Body,
  DEFAULT_SEEDS,
  DEFAULT_SERVERS,
  type ScriptedBody,
  type Suite,
  type TestCase,
  type TestOptions,
} from "./suite";

/** True: S1 is the only real node; "client": C1 is. */
type Scripted = true | "client";

const TITLE = /^(\d+\.\d+[a-z]*)\s+(\S.*)$/;

/** What is being collected while a suite's file is loaded. */
interface Collection {
  readonly blocks: Block[];
  readonly tests: TestCase[];
}

let collection: Collection | undefined;

/** Groups tests. Hooks inside belong to the group. */
export function describe(title: string, body: () => void): void {
  const { blocks } = collecting(`describe("${title}")`);
  blocks.push({ title, before: [], after: [], beforeEach: [], afterEach: [] });
  body();
  blocks.pop();
}

/**
 * Adds a test. Its title is its number and a sentence: "1.3a A server votes once per term".
 * @param body lets time pass in `world` and fails with `world.check` or `world.fail`; with `scripted: true` it plays
 *   S1's peers (and clients) through its second argument, with `scripted: "client"` the servers that C1 talks to
 */
export function it(
  title: string,
  options: TestOptions & { readonly scripted: Scripted },
  body: ScriptedBody,
): void;
export function it(title: string, options: TestOptions, body: Body): void;
export function it(
  title: string,
  options: TestOptions & { readonly scripted?: Scripted },
  body: ScriptedBody,
): void {
  const { blocks, tests } = collecting(`it("${title}")`);
  const [, number, sentence] = TITLE.exec(title) ?? [];
  if (number === undefined || sentence === undefined) {
    throw new SyntaxError(
      `A test's title is its number and a sentence, like "1.3a A server votes once"; found "${title}".`,
    );
  }
  if (tests.some((test) => test.number === number))
    throw new SyntaxError(`Two tests have the number ${number}.`);
  if (!(Number.isFinite(options.points) && options.points >= 0)) {
    throw new SyntaxError(`Test ${number} needs points, 0 or more; found ${options.points}.`);
  }
  const {
    points,
    seeds = DEFAULT_SEEDS,
    visibility = "hidden",
    servers = DEFAULT_SERVERS,
    clients = options.scripted === "client" ? 1 : 0,
    network,
    needs = [],
  } = options;
  const subject = options.scripted && (options.scripted === "client" ? "C1" : "S1");
  tests.push({
    number,
    title: sentence,
    path: blocks.map((block) => block.title),
    points,
    seeds,
    visibility,
    servers: typeof servers === "number" ? [servers] : servers,
    clients,
    network,
    subject,
    isQuiet: options.quiet === true,
    needs,
    eventsMax: options.eventsMax,
    bytesMax: options.bytesMax,
    body: (world) => body(world, new ScriptedPeers(world, subject)),
    blocks: [...blocks],
  });
}

/** Runs once, before the first test of the group. */
export function before(hook: () => Promise<void> | void): void {
  innermost("before").before.push(hook);
}

/** Runs once, after the last test of the group. */
export function after(hook: () => Promise<void> | void): void {
  innermost("after").after.push(hook);
}

/** Runs before each run of each test of the group, with its world. */
export function beforeEach(hook: Body): void {
  innermost("beforeEach").beforeEach.push(hook);
}

/** Runs after each run of each test of the group that passed so far, with its world. */
export function afterEach(hook: Body): void {
  innermost("afterEach").afterEach.push(hook);
}

/** Collects the tests that `load` declares. */
export function collectSuite(title: string, load: () => void): Suite {
  if (collection !== undefined) throw new Error("A suite is already being collected.");
  const current: Collection = { blocks: [], tests: [] };
  collection = current;
  try {
    load();
  } finally {
    collection = undefined;
  }
  if (current.tests.length === 0)
    throw new Error(`The suite “${title}” declares no test. Does its file call it(…)?`);
  return { title, tests: current.tests };
}

function collecting(what: string): Collection {
  if (collection === undefined)
    throw new Error(`${what} stands outside of a suite. Run its file with labgrader.`);
  return collection;
}

function innermost(hook: string): Block {
  const block = collecting(hook).blocks.at(-1);
  if (block === undefined) throw new Error(`${hook}(…) belongs inside a describe(…).`);
  return block;
}
