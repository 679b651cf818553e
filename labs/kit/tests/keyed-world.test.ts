import test from "tape";
import type { Conditions, Env, World } from "..";
import { arrivals, logged, note, type Part, TICKER, worldOf } from "./helpers";

const BUSY: Conditions = {
  delay: [1, 9],
  loss: 0.1,
  duplication: 0.1,
  tail: { chance: 0.1, delay: [20, 90] },
};

/** For each link, the fate of what was sent on it: "30+4.2" was sent at 30 ms and took 4.2 ms. */
function fates(world: World): Map<string, string[]> {
  const links = new Map<string, string[]>();
  for (const { from, to, sentAt, at } of arrivals(world)) {
    const fate = `${sentAt}+${(at - sentAt).toFixed(3)}`;
    links.set(`${from}→${to}`, [...(links.get(`${from}→${to}`) ?? []), fate]);
  }
  for (const [link, list] of links) links.set(link, list.sort());
  return links;
}

async function ticking(
  part: Part,
  before: (world: World) => void = () => {},
): Promise<Map<string, string[]>> {
  const world = worldOf(part, { servers: 4, network: BUSY, seed: 11 });
  before(world);
  await world.runFor(1_000);
  return fates(world);
}

test("one more message on one link changes nothing on the others", async (t) => {
  const chatty: Part = {
    ...TICKER,
    onTimer(env, name) {
      if (env.self === "S1" && env.now() === 300) env.send("S2", note(-1));
      TICKER.onTimer?.(env, name);
    },
  };
  const [plain, more] = [await ticking(TICKER), await ticking(chatty)];

  t.equal(plain.size, 12);
  t.equal(
    new Set([...plain.values()].map((list) => list.join())).size,
    12,
    "each link has a luck of its own",
  );
  for (const [link, list] of plain) {
    if (link === "S1→S2") continue;
    t.ok(list.length > 80);
    t.deepEqual(more.get(link), list, `${link} is as it was`);
  }
  const until300 = (list: readonly string[] = []) => list.filter((fate) => Number.parseFloat(fate) < 300);
  t.deepEqual(
    until300(more.get("S1→S2")),
    until300(plain.get("S1→S2")),
    "and so is the link itself until then",
  );
  t.notDeepEqual(more.get("S1→S2"), plain.get("S1→S2"));
});

test("a cut that is left out changes nothing but the messages it would have stopped", async (t) => {
  const cut = (world: World) => {
    world.after(300, () => world.faults.cutOneWay("S1", "S2"));
    world.after(500, () => world.faults.heal());
  };
  const [plain, faulty] = [await ticking(TICKER), await ticking(TICKER, cut)];

  for (const [link, list] of plain)
    if (link !== "S1→S2") t.deepEqual(faulty.get(link), list, `${link} is as it was`);
  const afterwards = (list: readonly string[] = []) => list.filter((fate) => Number.parseFloat(fate) > 500);
  t.ok(afterwards(plain.get("S1→S2")).length > 40);
  t.deepEqual(
    afterwards(faulty.get("S1→S2")),
    afterwards(plain.get("S1→S2")),
    "the healed link goes on as if uncut",
  );
});

const drawing = (drawsOfS2: number): Part => ({
  start(env) {
    for (let i = 0; i < drawsOfS2 && env.self === "S2"; i++) env.random();
    env.setTimer("draw", 10);
  },
  onTimer: (env: Env<never>) => env.log(String(env.random())),
});

test("how often a server draws is its own business", async (t) => {
  const drawn = async (drawsOfS2: number) => {
    const world = worldOf(drawing(drawsOfS2), { servers: 3, seed: 4 });
    await world.runFor(20);
    return logged(world);
  };
  const [none, many] = [await drawn(0), await drawn(17)];

  t.equal(new Set(none.map((line) => line.slice(-8))).size, 3, "each server has draws of its own");
  t.equal(many[0], none[0]);
  t.notEqual(many[1], none[1]);
  t.equal(many[2], none[2]);
});

test("a server draws other numbers in each of its lives, and the same in each replay", async (t) => {
  const lives = async () => {
    const world = worldOf({ start: (env) => env.log(String(env.random())) }, { servers: 1 });
    for (let life = 1; life <= 3; life++) {
      await world.runFor(5);
      world.faults.stop("S1");
      world.faults.restart("S1");
    }
    return logged(world);
  };
  const first = await lives();

  t.equal(new Set(first.map((line) => line.split(" ")[2])).size, 3);
  t.deepEqual(await lives(), first);
});
