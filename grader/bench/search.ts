import { LocalHost, World } from "../../labs/kit";
import { Exploration } from "../../labs/kit/search";
import { GraphCopy } from "../../labs/kit/search/copy-graph";
import { Fingerprint } from "../../labs/kit/search/fingerprint";
import { Raft } from "../../solutions/1-election/raft";
import { median } from "./median";

const SERVERS = 3;
const STATES = 200_000;
/** Searches with oracles on the way to each state look at fewer. */
const STATES_WATCHED = 20_000;
const COPIES = 20_000;
const ROUNDS = 5;

/** What a search does in a second, beside the least that a search which copies and hashes each state would have to do. */
export interface SearchMeasured {
  /** New states per second: with no oracle watching, with oracles on the way to one in ten, and to each. */
  readonly unwatched: number;
  readonly tenth: number;
  readonly watched: number;
  /** Steps looked at per second, to states that are new or not; unwatched. */
  readonly transitions: number;
  /** States that are copied and hashed per second, and nothing else. */
  readonly bare: number;
  /** New states, unwatched, for each that is copied and hashed: measured in pairs. */
  readonly ratio: number;
  /** Of what is kept of each state. */
  readonly bytesPerState: number;
}

/** Three elections of three servers of the reference, on one thread. */
export async function measureSearch(): Promise<SearchMeasured> {
  const unwatched: Searched[] = [];
  const bares: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    unwatched.push(await search(0, STATES));
    bares.push(await copyAndHash());
  }
  const tenth = await search(10, STATES_WATCHED);
  const watched = await search(1, STATES_WATCHED);
  return {
    unwatched: median(unwatched.map(({ states }) => states)),
    transitions: median(unwatched.map(({ transitions }) => transitions)),
    tenth: tenth.states,
    watched: watched.states,
    bare: median(bares),
    ratio: median(unwatched.map(({ states }, i) => states / bares[i])),
    bytesPerState: unwatched[0].bytesPerState,
  };
}

interface Searched {
  readonly states: number;
  readonly transitions: number;
  readonly bytesPerState: number;
}

/** All per second. */
async function search(watchEvery: number, states: number): Promise<Searched> {
  const exploration = new Exploration(new World({ seed: 1, servers: SERVERS, host: LocalHost.of(Raft) }));
  const startedAt = performance.now();
  const result = await exploration.search({
    budget: { timers: 3 },
    bounds: { depth: 100, states },
    watchEvery,
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    states: result.states / seconds,
    transitions: result.transitions / seconds,
    bytesPerState: result.bytes / result.states,
  };
}

/** Copies and hashes the three servers of a cluster in the middle of elections, again and again. @returns states per second */
async function copyAndHash(): Promise<number> {
  const host = LocalHost.of(Raft);
  const world = new World({ seed: 1, servers: SERVERS, network: "lan", host });
  await world.awaitLeader();
  const servers = world.ids.map((_, node) => {
    const { resident = {}, env } = host.running(node);
    const atoms = env.atoms();
    return { resident, copies: new GraphCopy(atoms), walk: new Fingerprint((text) => text, atoms) };
  });
  let sum = 0;
  const startedAt = performance.now();
  for (let i = 0; i < COPIES; i++)
    for (const { resident, copies, walk } of servers) sum ^= walk.of(copies.of(resident)).low;
  const seconds = (performance.now() - startedAt) / 1_000;
  if (sum !== 0) throw new Error("Copies of one state, twice as many as needed, are not the same.");
  return COPIES / seconds;
}
