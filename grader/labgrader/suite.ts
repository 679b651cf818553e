import type { NetworkName, ScriptedPeers, World } from "../../labs/kit";

/** Who may see a test's result: the words of Gradescope. */
export type Visibility = "visible" | "hidden" | "after_due_date" | "after_published";

/** What a test is worth, and the world it runs in. */
export interface TestOptions {
  /** Points for passing on every seed. */
  readonly points: number;
  /** Runs, each with a seed of its own. Without: {@link DEFAULT_SEEDS}. */
  readonly seeds?: number;
  readonly visibility?: Visibility;
  /** Cluster size; of several, the runs take them in turn. Without: 3. */
  readonly servers?: number | readonly number[];
  readonly network?: NetworkName;
  /** Clients of the key-value store. Without: none. */
  readonly clients?: number;
  /** Numbers of tests without whose tasks this one makes no sense: it is not run while they are not written. */
  readonly needs?: readonly string[];
  /**
   * True: no timer of a correct server runs out in this test, and nothing else leads to a later task. A stub of a later
   * task that is reached all the same is a mistake, not something that is still to be written.
   */
  readonly quiet?: true;
  /** Events that one run may have, and bytes that its servers may send and write, if more than usual. */
  readonly eventsMax?: number;
  readonly bytesMax?: number;
}

/** The one real node of a test that plays all the others: a server, or a client. */
export type Subject = "S1" | "C1";

export const DEFAULT_SEEDS = 20;
export const DEFAULT_SERVERS = 3;

/** A test's body. */
export type Body = (world: World) => Promise<void>;

/** A test's body with `scripted`: only S1 (or C1, with "client") is real, and `peers` plays the others. */
export type ScriptedBody = (world: World, peers: ScriptedPeers) => Promise<void>;

/** One test, as the suite states it. */
export interface TestCase {
  /** "1.3a": the number of its task, and a letter. */
  readonly number: string;
  /** The sentence without the number. */
  readonly title: string;
  /** Titles of the describe blocks around it. */
  readonly path: readonly string[];
  readonly points: number;
  readonly seeds: number;
  readonly visibility: Visibility;
  readonly servers: readonly number[];
  readonly clients: number;
  readonly network: NetworkName | undefined;
  /** The only real node, if the test plays the others. */
  readonly subject: Subject | undefined;
  readonly isQuiet: boolean;
  readonly needs: readonly string[];
  readonly eventsMax: number | undefined;
  readonly bytesMax: number | undefined;
  readonly body: Body;
  /** Hooks of the blocks around it, outermost first. */
  readonly blocks: readonly Block[];
}

/** Work around tests. `beforeEach` and `afterEach` surround each run (one seed of one test) and get its world. */
export interface Block {
  readonly title: string;
  readonly before: (() => Promise<void> | void)[];
  readonly after: (() => Promise<void> | void)[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
}

/** A lab's tests in the order in which they are written. The list is fixed before any of them runs. */
export interface Suite {
  readonly title: string;
  readonly tests: readonly TestCase[];
}
