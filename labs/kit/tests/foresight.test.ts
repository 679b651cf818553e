import test from "tape";
import { Draws } from "../random/keyed";
import { EventQueue } from "../world/event-queue";
import { Foresight } from "../world/foresight";

test("looking ahead changes nothing about the order in which events come", (t) => {
  for (let seed = 0; seed < 200; seed++) {
    const draws = new Draws(seed);
    const plain = new EventQueue();
    const looked = new EventQueue();
    const foresight = new Foresight(looked);
    const push = (at: number, ref: number): void => {
      plain.push(at, ref);
      looked.push(at, ref);
    };
    let refs = 0;
    let isInOrder = true;
    for (let i = 0; i < 10; i++) push(draws.int(0, 20), refs++);
    const order: [number, number][] = [];
    const expected: [number, number][] = [];
    while (plain.length > 0) {
      const now = plain.nextAt;
      expected.push([now, plain.pop()]);
      order.push([foresight.nextAt, foresight.pop()]);
      const told: number[] = [];
      foresight.look(now + draws.int(0, 10), (_, at) => {
        told.push(at);
        return told.length < 5;
      });
      isInOrder &&= told.every((at, i) => i === 0 || told[i - 1] <= at);
      for (let i = draws.int(0, 2); i > 0 && refs < 60; i--) push(now + draws.int(0, 12), refs++);
    }
    t.deepEqual(order, expected, `seed ${seed}`);
    t.ok(isInOrder, "and what was foreseen came in order");
  }
  t.end();
});
