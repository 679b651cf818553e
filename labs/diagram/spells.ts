import type { World } from "../kit";
import { listWords } from "../kit/story/words";
import { KIND, NONE } from "../kit/trace/trace";
import type { Breakage } from "../kit/world/fault-log";
import type { Spell } from "./data";

type Run = Pick<World, "trace" | "names" | "simulation">;

/** When each node was stopped, frozen, cut off or slow. `from` and `to` are records of the trace; `to` is {@link NONE} at the end. */
export function spellsOf(run: Run): Spell[] {
  const { trace } = run;
  return [...stops(run), ...breakages(run)]
    .filter(({ from, to }) => to === NONE || trace.microsOf(to) > trace.microsOf(from)) // some steps of one change
    .sort((a, b) => a.from - b.from || a.node - b.node);
}

/** From the record of a stop to the next start of the node. */
function stops({ trace }: Run): Spell[] {
  const spells: Spell[] = [];
  const open = new Map<number, number>();
  const close = (node: number, to: number): void => {
    const from = open.get(node);
    if (from !== undefined) spells.push({ node, kind: "stopped", from, to, words: "stopped" });
    open.delete(node);
  };
  for (let i = 0; i < trace.length; i++) {
    const node = trace.nodeOf(i);
    if (trace.kindOf(i) === KIND.fault && node !== NONE && !open.has(node)) open.set(node, i);
    if (trace.kindOf(i) === KIND.start) close(node, i);
  }
  for (const node of [...open.keys()]) close(node, NONE);
  return spells;
}

/** What the fault log says of each node, from one change of its words to the next. */
function breakages({ names, simulation }: Run): Spell[] {
  const spells: Spell[] = [];
  for (const kind of ["frozen", "cut", "partly", "slow"] as const) {
    for (const node of names.keys()) {
      let open: { readonly from: number; readonly words: string } | undefined;
      for (const breakage of simulation.faultLog.breakages) {
        const words = WORDS[kind](breakage, node, names);
        if (words === open?.words) continue;
        if (open !== undefined) spells.push({ node, kind, ...open, to: breakage.record });
        open = words === undefined ? undefined : { from: breakage.record, words };
      }
      if (open !== undefined) spells.push({ node, kind, ...open, to: NONE });
    }
  }
  return spells;
}

type Teller = (breakage: Breakage, node: number, names: readonly string[]) => string | undefined;

const WORDS: Readonly<Record<"frozen" | "cut" | "partly" | "slow", Teller>> = {
  frozen: ({ frozen }, node) => (frozen.includes(node) ? "frozen" : undefined),
  cut: (breakage, node, names) => {
    const { unheard, unreached, hearsNobody, reachesNobody } = cutsAt(breakage, node, names);
    if (hearsNobody && reachesNobody) return "cut off";
    if (hearsNobody) return joined(["hears nothing", toldOf("does not reach", unreached, names)]);
    return reachesNobody ? joined(["reaches nobody", toldOf("does not hear", unheard, names)]) : undefined;
  },
  partly: (breakage, node, names) => {
    const { unheard, unreached, hearsNobody, reachesNobody } = cutsAt(breakage, node, names);
    if (hearsNobody || reachesNobody) return undefined;
    const apart = unheard.filter((peer) => unreached.includes(peer));
    const others = (peers: readonly number[]) => peers.filter((peer) => !apart.includes(peer));
    return joined([
      toldOf("cut from", apart, names),
      toldOf("does not hear", others(unheard), names),
      toldOf("does not reach", others(unreached), names),
    ]);
  },
  slow: ({ slow }, node, names) => {
    const peers = slow.filter(([from]) => from === node).map(([, to]) => names[to]);
    return peers.length === 0 ? undefined : `slow to ${listWords(peers)}`;
  },
};

/** Whom a node does not hear, and whom it does not reach. */
function cutsAt({ cut }: Breakage, node: number, names: readonly string[]) {
  const peers = [...names.keys()].filter((peer) => peer !== node);
  const isCut = (from: number, to: number) => cut.some(([a, b]) => a === from && b === to);
  const unheard = peers.filter((peer) => isCut(peer, node));
  const unreached = peers.filter((peer) => isCut(node, peer));
  const areAll = (some: readonly number[]) => some.length > 0 && some.length === peers.length;
  return { unheard, unreached, hearsNobody: areAll(unheard), reachesNobody: areAll(unreached) };
}

function toldOf(words: string, nodes: readonly number[], names: readonly string[]): string {
  return nodes.length === 0 ? "" : `${words} ${listWords(nodes.map((node) => names[node]))}`;
}

function joined(parts: readonly string[]): string | undefined {
  return parts.filter((part) => part !== "").join(", ") || undefined;
}
