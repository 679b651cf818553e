import type { Json, NodeId } from "../contract";
import { type Move, nodeOf } from "../schedule";
import type { Cluster } from "./stage";

/** Cluster sizes that are tried: odd ones, as people build them. */
const SIZES: readonly number[] = [1, 3, 5];
/** Choices of servers that are tried for each size. */
const CHOICES_MAX = 10;
/** Servers that others stand in for: each more multiplies the ways. */
const STAND_INS_MAX = 2;

/** A schedule on a cluster. */
export interface Candidate {
  readonly cluster: Cluster;
  readonly moves: readonly Move[];
}

/**
 * The same schedule with fewer servers and no idle clients, the smallest cluster first. Servers that stay get the first
 * names; what others did is left out or, in later candidates, done by one of those that stay.
 */
export function* smallerClusters({ cluster, moves }: Candidate): Generator<Candidate> {
  const servers = busiest(moves, "S");
  const clients = namesOf(busiest(moves, "C"), "C");
  const idle = cluster.clients - clients.size;
  for (const size of SIZES) {
    if (size >= cluster.servers) break;
    const casts = choices(servers, size);
    for (const kept of casts) yield withNames(moves, size, [...namesOf(kept, "S"), ...clients]);
    for (const kept of casts)
      for (const cast of stoodInFor(servers, kept)) yield withNames(moves, size, [...cast, ...clients]);
  }
  const all = namesOf(namesUpTo(cluster.servers), "S");
  if (idle > 0) yield withNames(moves, cluster.servers, [...all, ...clients]);
}

type Names = ReadonlyMap<NodeId, NodeId>;

/** The first names for nodes, in their order. */
function namesOf(ids: readonly NodeId[], letter: "S" | "C"): Names {
  return new Map(inOrder(ids).map((id, i) => [id, `${letter}${i + 1}`]));
}

/** Every way in which those that stay can do what the others did. */
function stoodInFor(servers: readonly NodeId[], kept: readonly NodeId[]): Names[] {
  let casts: Names[] = [namesOf(kept, "S")];
  const left = servers.filter((id) => !kept.includes(id));
  if (left.length > STAND_INS_MAX) return [];
  for (const id of left)
    casts = casts.flatMap((cast) => kept.map((other) => new Map([...cast, [id, cast.get(other) ?? other]])));
  return left.length === 0 ? [] : casts;
}

function withNames(
  moves: readonly Move[],
  servers: number,
  cast: readonly (readonly [NodeId, NodeId])[],
): Candidate {
  const names = new Map<Json, Json>(cast);
  const among = moves.filter(
    (move) => names.has(nodeOf(move)) && (!("from" in move) || names.has(move.from)),
  );
  const clients = new Set([...names.values()].filter((name) => String(name).startsWith("C"))).size;
  const renamed = replaceIn(among, names);
  // What two servers told each other that are one now is no message any more.
  return {
    cluster: { servers, clients },
    moves: renamed.filter((move) => !("from" in move) || move.from !== nodeOf(move)),
  };
}

/** The same schedule with short commands, keys and values: a, b, c, … */
export function plainCommands({ cluster, moves }: Candidate): Candidate | undefined {
  const texts = new Set<string>();
  for (const move of moves) {
    if (move.kind === "propose" && typeof move.command === "string") texts.add(move.command);
    if (move.kind !== "invoke") continue;
    for (const [field, value] of Object.entries(move.operation))
      if (field !== "kind" && typeof value === "string") texts.add(value);
  }
  for (const move of moves) for (const word of namesIn(move)) texts.delete(word);
  if ([...texts].every((text) => text.length === 1)) return undefined;
  const names = new Map<Json, Json>(
    [...texts].map((text, i) => [text, String.fromCharCode(97 + (i % 26)) + (i < 26 ? "" : i)]),
  );
  return { cluster, moves: replaceIn(moves, names) };
}

/** What a move calls nodes, timers, types and kinds: a command that happens to say the same must not change them. */
function namesIn(move: Move): string[] {
  const own = Object.entries(move).flatMap(([field, value]) => (field === "command" ? [] : [value]));
  const inside = "message" in move ? Object.values(move.message) : [];
  const kind = "operation" in move ? [move.operation.kind] : [];
  return [...own, ...inside, ...kind].filter((value): value is string => typeof value === "string");
}

/** Nodes of a kind that have moves, the busiest first. */
function busiest(moves: readonly Move[], letter: "S" | "C"): NodeId[] {
  const counts = new Map<NodeId, number>();
  for (const move of moves) {
    const node = nodeOf(move);
    if (node.startsWith(letter)) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return inOrder([...counts.keys()]).sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
}

/** Some ways to choose `size` of the nodes: those with the first ones come first. */
function choices(nodes: readonly NodeId[], size: number): NodeId[][] {
  if (nodes.length <= size) return [[...nodes]];
  const found: NodeId[][] = [];
  const choose = (chosen: NodeId[], from: number): void => {
    if (found.length >= CHOICES_MAX) return;
    if (chosen.length === size) found.push(chosen);
    else for (let i = from; i < nodes.length; i++) choose([...chosen, nodes[i]], i + 1);
  };
  choose([], 0);
  return found;
}

function namesUpTo(servers: number): NodeId[] {
  return Array.from({ length: servers }, (_, i) => `S${i + 1}`);
}

function inOrder(ids: readonly NodeId[]): NodeId[] {
  return [...ids].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

/** Moves are plain data: whatever in them is one of the texts is replaced. */
function replaceIn(moves: readonly Move[], texts: ReadonlyMap<Json, Json>): Move[] {
  return moves.map((move) => replaced(move, texts));
}

function replaced<T>(value: T, texts: ReadonlyMap<Json, Json>): T;
function replaced(value: unknown, texts: ReadonlyMap<Json, Json>): unknown {
  if (typeof value === "string") return texts.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, texts));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [key, replaced(inner, texts)]),
  );
}
