import test from "tape";
import { Draws, keyOf } from "..";
import { checkKv, KV_MODEL, type KvHistory, type KvItem, NEVER } from "../linearizability";
import { DEFAULT_BOUNDS, Meter } from "../linearizability/bounds";
import { intervalsOf } from "../linearizability/part";
import { search } from "../linearizability/search/search";
import { headlineOf } from "../linearizability/story/kv-story";
import { zoneTest } from "../linearizability/zones/zone-test";
import { isLinearizableByForce, knownAt } from "./histories/brute-force";
import { randomHistory, type Taste, withWrongAnswer } from "./histories/random-history";

const KINDS: readonly Taste["kinds"][] = [
  ["get", "put"],
  ["get", "append"],
  ["get", "put", "append"],
  ["get", "put", "cas"],
  ["get", "cas"],
  ["get", "put", "append", "cas"],
];

/** A history of a real store, and two of the same with wrong answers. */
function histories(
  seed: number,
  operationsMax: number,
): { readonly real: KvHistory; readonly changed: KvHistory[] } {
  const draws = new Draws(keyOf(seed, "linearizability"));
  const real = randomHistory(draws, {
    clients: draws.int(2, 5),
    operations: draws.int(2, operationsMax),
    keys: ["k"],
    isUnique: draws.chance(0.5),
    kinds: draws.pick(KINDS),
    openChance: draws.pick([0, 0.15, 0.3]),
  });
  const once = withWrongAnswer(draws, real);
  return { real, changed: [once, withWrongAnswer(draws, once)] };
}

/** In any order: only the positions count. */
const shuffled = (history: KvHistory) =>
  new Draws(keyOf(history.length, "shuffle")).shuffle(intervalsOf(history, NEVER, KV_MODEL));
const searched = (history: KvHistory) =>
  search(shuffled(history), KV_MODEL.machine, new Meter(DEFAULT_BOUNDS)) === "ok";
const zoned = (history: KvHistory) => zoneTest(shuffled(history));

const written = (history: KvHistory) =>
  history
    .map(({ client, operation, invoked, completed }) =>
      [client, JSON.stringify(operation), invoked.position, completed?.position, completed?.result].join(" "),
    )
    .join("\n");

test("search, zone test and brute force agree on random small histories", (t) => {
  const seen = { ok: 0, illegal: 0, decidedByZones: 0, ofUniqueValues: 0 };
  const wrong: string[] = [];
  for (let seed = 1; seed <= 6_000; seed++) {
    const { real, changed } = histories(seed, 7);
    for (const history of [real, ...changed]) {
      const truth = isLinearizableByForce(history);
      const zones = zoned(history);
      if (searched(history) !== truth || (zones ?? truth) !== truth || (history === real && !truth))
        wrong.push(`seed ${seed}, brute force ${truth}, zones ${zones}\n${written(history)}`);
      seen[truth ? "ok" : "illegal"] += 1;
      if (zones !== undefined) seen.decidedByZones += 1;
    }
  }

  t.deepEqual(wrong, []);
  t.ok(seen.ok > 6_000 && seen.illegal > 3_000, `${seen.ok} linearizable and ${seen.illegal} not`);
  t.ok(seen.decidedByZones > 9_000, `${seen.decidedByZones} decided by the zone test`);
  t.end();
});

test("search and zone test agree on histories that are too long for brute force", (t) => {
  let decided = 0;
  const wrong: number[] = [];
  for (let seed = 1; seed <= 250; seed++) {
    const draws = new Draws(keyOf(seed, "longer"));
    const taste = { clients: 6, operations: 60, keys: ["k"], isUnique: true, kinds: draws.pick(KINDS) };
    const real = randomHistory(draws, { ...taste, openChance: 0.05 });
    const zones = [real, withWrongAnswer(draws, real)].map((history) => ({
      history,
      verdict: zoned(history),
    }));
    for (const { history, verdict } of zones)
      if (verdict !== undefined && searched(history) !== verdict) wrong.push(seed);
    if (zones[0]?.verdict === false) wrong.push(seed);
    decided += zones.filter(({ verdict }) => verdict !== undefined).length;
  }

  t.deepEqual(wrong, []);
  t.ok(decided > 450, `${decided} of 500 decided by the zone test`);
  t.end();
});

/** A held operation is as it was; a free one may have happened at any time, or never, with any answer. */
function withFree(items: KvHistory, isHeld: (item: KvItem) => boolean): KvHistory {
  return items.map((item, i) =>
    isHeld(item) ? item : { ...item, invoked: { at: 0, position: -1 - i }, completed: undefined },
  );
}

test("prefixes are the shortest, cores contradict themselves and are minimal, headlines are true", (t) => {
  const wrong: string[] = [];
  const headlines = new Map<string, number>();
  let illegal = 0;
  for (let seed = 1; illegal < 700; seed++) {
    const { changed } = histories(seed + 50_000, 6);
    for (const history of changed) {
      const verdict = checkKv(history);
      if (verdict.kind !== "illegal") continue;
      illegal += 1;
      const { prefix, core, items, offender } = verdict;
      const isIllegal = (isHeld: (item: KvItem) => boolean) =>
        !isLinearizableByForce(withFree(items, isHeld));
      const complain = (what: string) => wrong.push(`${what}, seed ${seed + 50_000}\n${written(history)}`);

      if (isLinearizableByForce(knownAt(history, prefix.end))) complain("the prefix is legal");
      if (!isLinearizableByForce(knownAt(history, prefix.end - 1)))
        complain("the prefix is not the shortest");
      if (offender.completed?.position !== prefix.end) complain("the offender does not end the prefix");
      if (!isIllegal((item) => core.includes(item))) complain("the core is legal");
      if (!verdict.isMinimal || core.some((one) => isIllegal((item) => item !== one && core.includes(item))))
        complain("the core is not minimal");

      const headline = headlineOf(verdict);
      const kind =
        /no order|had failed|failed|stale|old value|twice|both succeeded|newer|come back|cannot both|then writes|expected/.exec(
          headline.sentence,
        )?.[0] ?? "?";
      headlines.set(kind, (headlines.get(kind) ?? 0) + 1);
      const provesItself = kind !== "no order" && kind !== "failed";
      if (provesItself && !isIllegal((item) => headline.items.includes(item)))
        complain(`it proves nothing that ${headline.sentence}`);
    }
  }

  t.deepEqual(wrong, []);
  t.comment([...headlines].map(([kind, times]) => `${kind}: ${times}`).join(", "));
  t.ok((headlines.get("no order") ?? 0) < illegal / 4, "most mistakes have a headline of their own");
  t.end();
});
