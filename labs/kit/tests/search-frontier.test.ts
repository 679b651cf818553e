import test from "tape";
import { NO_FACTS } from "../search/facts";
import { Frontier, type Waiting } from "../search/frontier";
import type { Letter, LocalState } from "../search/local-state";
import { note } from "./helpers";

const NODES = 2;
const NOTHING = new Int32Array();

function letter(id: number): Letter {
  return { id, from: 0, to: 1, message: note(id), keys: NOTHING, deed: id };
}

function local(id: number): LocalState {
  return {
    id,
    node: id % NODES,
    branch: id,
    keys: NOTHING,
    status: { role: "follower", currentTerm: id },
    timers: new Map(),
    clock: 0,
    disk: new Map(),
    facts: NO_FACTS,
    own: [],
    transitions: new Map(),
  };
}

const LETTERS = Array.from({ length: 50 }, (_, id) => letter(id));
const LOCALS = Array.from({ length: 50 }, (_, id) => local(id));

/** The nth state: the letters come in no order of their own. */
function pushTo(frontier: Frontier, n: number): void {
  const letters = Array.from({ length: n % 20 }, (_, i) => LETTERS[(n + 7 * i) % 50]);
  frontier.push(n, n + 1, n + 2, [LOCALS[n % 50], LOCALS[(n + 1) % 50]], letters);
}

function isAsPushed({ visited, depth, used, locals, letters }: Waiting, n: number): boolean {
  const numbers = letters.map(({ id }) => id);
  const expected = Array.from({ length: n % 20 }, (_, i) => (n + 7 * i) % 50).sort((a, b) => a - b);
  return (
    `${[visited, depth, used]}` === `${[n, n + 1, n + 2]}` &&
    locals[0] === LOCALS[n % 50] &&
    locals[1] === LOCALS[(n + 1) % 50] &&
    `${numbers}` === `${expected}` &&
    letters.every((one) => one === LETTERS[one.id])
  );
}

test("what is pushed comes back from either end, with its letters by their numbers, however many there are", (t) => {
  const frontier = new Frontier(NODES);
  for (let n = 0; n < 1_000; n++) pushTo(frontier, n);
  const wrong: number[] = [];
  for (let n = 0; n < 400; n++) if (!isAsPushed(frontier.shift(), n)) wrong.push(n);
  for (let n = 999; n >= 600; n--) if (!isAsPushed(frontier.pop(), n)) wrong.push(n);
  t.equal(frontier.length, 200);
  for (let n = 600; n < 3_000; n++) pushTo(frontier, n);
  for (let n = 400; n < 3_000; n++) if (!isAsPushed(frontier.shift(), n)) wrong.push(n);
  t.deepEqual(wrong, []);
  t.equal(frontier.length, 0);
  t.end();
});

test("a queue that goes on and on takes up no more room than what waits in it", (t) => {
  const frontier = new Frontier(NODES);
  for (let n = 0; n < 100; n++) pushTo(frontier, n);
  const { bytes } = frontier;
  for (let n = 100; n < 50_000; n++) {
    frontier.shift();
    pushTo(frontier, n);
  }
  t.ok(frontier.bytes <= 2 * bytes, `${frontier.bytes} bytes after 50,000 states, ${bytes} after 100`);
  t.end();
});
