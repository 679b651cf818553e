import test from "tape";
import { Draws, keyOf } from "..";
import { EventQueue } from "../world/event-queue";

/** The simplest right queue: a list that is sorted before each pop. */
class SortedList {
  private readonly events: { readonly at: number; readonly order: number; readonly ref: number }[] = [];
  private pushed = 0;

  push(at: number, ref: number): void {
    this.events.push({ at, order: this.pushed++, ref });
    this.events.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  get nextAt(): number {
    return this.events[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  get length(): number {
    return this.events.length;
  }

  pop(): number {
    return this.events.shift()?.ref ?? Number.NaN;
  }
}

/** Pushes and pops as `draws` say, on both queues. @returns what the two gave back */
function playBoth(draws: Draws, steps: number, times: number, pushChance: number) {
  const [queue, list] = [new EventQueue(), new SortedList()];
  const found: number[] = [];
  const expected: number[] = [];
  for (let step = 0; step < steps; step++) {
    if (list.length === 0 || draws.chance(pushChance)) {
      const at = draws.int(0, times);
      queue.push(at, step);
      list.push(at, step);
    } else {
      found.push(queue.nextAt, queue.pop(), queue.length);
      expected.push(list.nextAt, list.pop(), list.length);
    }
  }
  while (list.length > 0) {
    found.push(queue.nextAt, queue.pop());
    expected.push(list.nextAt, list.pop());
  }
  return { found, expected, queue };
}

test("events come out by time, and at the same time as they were put in", (t) => {
  for (const times of [0, 3, 40, 1_000_000]) {
    for (let seed = 1; seed <= 15; seed++) {
      const { found, expected, queue } = playBoth(new Draws(keyOf(seed, "queue", times)), 600, times, 0.6);
      t.deepEqual(found, expected, `seed ${seed}, ${times + 1} different times`);
      t.equal(queue.length, 0);
    }
  }
  t.end();
});

test("a queue grows far beyond its first room and keeps the order", (t) => {
  const { found, expected } = playBoth(new Draws(keyOf(9, "queue")), 1_500, 50, 0.95);

  t.deepEqual(found, expected);
  t.end();
});

test("an empty queue has nothing due, ever", (t) => {
  const queue = new EventQueue();
  t.equal(queue.nextAt, Number.POSITIVE_INFINITY);
  t.equal(queue.length, 0);

  queue.push(5, -3);
  t.equal(queue.nextAt, 5);
  t.equal(queue.pop(), -3, "a reference may be negative");
  t.equal(queue.nextAt, Number.POSITIVE_INFINITY);
  t.end();
});
