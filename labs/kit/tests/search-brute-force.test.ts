import test from "tape";
import { type AnyMessage, type Env, LocalHost, type NodeId, type Server, type Status, World } from "..";
import { Exploration, type SearchBudget, type SearchResult } from "../search";

/**
 * A tiny protocol: two servers raise a number. When its timer runs out, a server tells the other one its number plus one;
 * who hears a higher number takes it over. Whoever is told 2 claims to lead term 1, for ever: the bug.
 */
interface Node {
  readonly n: number;
  readonly hasLed: boolean;
}

function heard(node: Node, n: number): Node {
  return { n: Math.max(node.n, n), hasLed: node.hasLed || n === 2 };
}

class Raiser implements Server<AnyMessage> {
  private node: Node = { n: 0, hasLed: false };
  constructor(private readonly env: Env<AnyMessage>) {}

  start(): void {
    this.env.setTimer("raise", 10);
  }

  onTimer(): void {
    this.env.send(this.env.peers[0], { type: "Note", n: this.node.n + 1 } as AnyMessage);
    this.env.setTimer("raise", 10);
  }

  onMessage(_from: NodeId, message: AnyMessage): void {
    this.node = heard(this.node, (message as { readonly n?: number }).n ?? 0);
  }

  status(): Status {
    const { n, hasLed } = this.node;
    return { role: hasLed ? "leader" : "follower", currentTerm: hasLed ? 1 : 0, commitIndex: n };
  }
}

/** A state of the two, for the naive search: plain data. */
interface Both {
  readonly nodes: readonly [Node, Node];
  /** "to 0: 2". A set: a message that is sent twice is one that comes twice. */
  readonly onTheWay: readonly string[];
  readonly used: readonly [timers: number, duplicates: number, drops: number];
}

function keyOf({ nodes, onTheWay, used }: Both): string {
  return JSON.stringify([nodes.map(({ n, hasLed }) => [n, hasLed]), [...onTheWay].sort(), used]);
}

/** All states after one step. */
function after({ nodes, onTheWay, used }: Both, budget: SearchBudget): Both[] {
  const [timers, duplicates, drops] = used;
  const states: Both[] = [];
  const changed = (i: number, node: Node): Both["nodes"] => (i === 0 ? [node, nodes[1]] : [nodes[0], node]);
  for (const i of [0, 1]) {
    if (timers >= (budget.timers ?? 0)) break;
    const sent = `to ${1 - i}: ${nodes[i].n + 1}`;
    states.push({
      nodes,
      onTheWay: [...new Set([...onTheWay, sent])],
      used: [timers + 1, duplicates, drops],
    });
  }
  for (const message of onTheWay) {
    const [to, n] = [Number(message[3]), Number(message.slice(6))];
    const others = onTheWay.filter((other) => other !== message);
    const told = changed(to, heard(nodes[to], n));
    states.push({ nodes: told, onTheWay: others, used });
    if (duplicates < (budget.duplicates ?? 0))
      states.push({ nodes: told, onTheWay, used: [timers, duplicates + 1, drops] });
    if (drops < (budget.drops ?? 0))
      states.push({ nodes, onTheWay: others, used: [timers, duplicates, drops + 1] });
  }
  return states;
}

const NEW: Node = { n: 0, hasLed: false };
/** Where it begins. */
const FIRST: Both = { nodes: [NEW, NEW], onTheWay: [], used: [0, 0, 0] };

/** Everything that can be reached, with the steps that it takes at least. */
function enumerate(budget: SearchBudget): Map<string, { readonly state: Both; readonly depth: number }> {
  const found = new Map([[keyOf(FIRST), { state: FIRST, depth: 0 }]]);
  for (const { state, depth } of found.values())
    for (const next of after(state, budget))
      if (!found.has(keyOf(next))) found.set(keyOf(next), { state: next, depth: depth + 1 });
  return found;
}

const isBroken = ({ nodes }: Both): boolean => nodes.every(({ hasLed }) => hasLed);

/** The same by the search of the kit. */
async function explore(
  budget: SearchBudget,
  goal?: (state: Both) => boolean,
): Promise<SearchResult & { readonly seen: ReadonlySet<string> }> {
  const world = new World({ seed: 1, servers: 2, host: LocalHost.of(Raiser) });
  const seen = new Set<string>();
  const result = await new Exploration(world).search({
    budget,
    bounds: { depth: 100, states: 100_000 },
    watchEvery: 0,
    goal: (state) => {
      const nodes = world.ids.map((id) => {
        const { role, commitIndex = 0 } = state.status(id);
        return { n: commitIndex, hasLed: role === "leader" };
      });
      const both: Both = {
        nodes: [nodes[0], nodes[1]],
        onTheWay: state.messages.map(
          ({ to, message }) => `to ${world.ids.indexOf(to)}: ${(message as { readonly n?: number }).n}`,
        ),
        used: [state.count("timers"), state.count("duplicates"), state.count("drops")],
      };
      seen.add(keyOf(both));
      return goal?.(both) === true;
    },
  });
  return { ...result, seen };
}

test("the search meets the very states that a naive one enumerates", async (t) => {
  for (const budget of [
    { timers: 1 },
    { timers: 2 },
    { timers: 2, duplicates: 2 },
    { timers: 2, drops: 1 },
    { timers: 2, duplicates: 1, drops: 2 },
  ]) {
    const naive = enumerate(budget);
    const broken = [...naive.values()].filter(({ state }) => isBroken(state));
    t.equal(broken.length, 0, `${JSON.stringify(budget)}: nothing is broken yet`);
    const { end, states, seen } = await explore(budget);
    t.equal(end, "exhausted", "everything was tried");
    t.equal(states, naive.size, `there are ${naive.size} states`);
    const all = new Set([keyOf(FIRST), ...seen]); // where it begins is no goal
    t.deepEqual([...all].sort(), [...naive.keys()].sort(), "and they are the same");
  }
});

test("the search finds a violation where there is one, and on a shortest way", async (t) => {
  for (const budget of [
    { timers: 3 },
    { timers: 4 },
    { timers: 3, duplicates: 1 },
    { timers: 4, drops: 1 },
  ]) {
    const broken = [...enumerate(budget).values()].filter(({ state }) => isBroken(state));
    const shortest = Math.min(...broken.map(({ depth }) => depth));
    const { end, violation } = await explore(budget);
    t.equal(
      end,
      broken.length > 0 ? "violation" : "exhausted",
      `${JSON.stringify(budget)}: ${broken.length} broken`,
    );
    t.equal(violation?.length ?? Number.POSITIVE_INFINITY, shortest, `after ${shortest} steps`);
  }
});

test("with symmetry there are about half of the states of two servers, and the same violation", async (t) => {
  const exploration = (): Exploration =>
    new Exploration(new World({ seed: 1, servers: 2, host: LocalHost.of(Raiser) }));
  const rest = { bounds: { depth: 100, states: 100_000 }, watchEvery: 0 };
  const counts: number[] = [];
  for (const symmetric of [false, true]) {
    const budget = { timers: 2, duplicates: 2 };
    const { end, states } = await exploration().search({ ...rest, budget, symmetric });
    t.equal(end, "exhausted", `symmetric: ${symmetric}`);
    counts.push(states);
    const broken = await exploration().search({ ...rest, budget: { timers: 4 }, symmetric });
    t.equal(
      `${broken.end} ${broken.violation?.length}`,
      "violation 8",
      "the violation is found after as many steps",
    );
  }
  const ratio = counts[0] / counts[1];
  t.ok(ratio > 1.7 && ratio <= 2, `${counts.join(" and ")} states`);
});
