import test from "tape";
import { Draws, keyOf } from "..";
import { type KvHistory, timelineFigure } from "../linearizability";
import { parseHistory } from "./histories/parse";
import { randomHistory } from "./histories/random-history";

const KEPT = `
  C1   0-10   put k a
  C10  2-     append k b
  C2  12-16   get k → a`;

test("a figure has a lane for each client, bars in the order of events, and marks below", (t) => {
  const items = parseHistory(KEPT);
  const marks = [
    { at: 1, lane: "S2", text: "leads term 3" },
    { at: 11, lane: "faults", text: "S2 | S1 S3" },
    { at: 14, lane: "S1", text: "leads term 4" },
    { at: 99, lane: "S1", text: "too late to matter" },
  ];

  const figure = timelineFigure(items, { offender: items[2], marks, widthMax: 72 });

  t.deepEqual(figure, [
    "ms      0    1    2                10   11   12     14               16",
    "        ┬────┬────┬────────────────┬────┬────┬──────┬────────────────┬",
    'C1      ├──────── put "a" ─────────┤',
    'C2                                           ┣━━━━━━ get → "a" ━━━━━━┫ ✗',
    'C10               ├─ append "b" ? ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄›',
    "S1                                                  ▪ leads term 4",
    "S2           ▪ leads term 3",
    "faults                                  ▪ S2 | S1 S3",
  ]);
  t.end();
});

test("before the first operation only the last mark of each lane matters", (t) => {
  const items = parseHistory("C1 500-510 put k a");
  const marks = [
    { at: 20, lane: "S1", text: "leads term 1" },
    { at: 90, lane: "S1", text: "leads term 2" },
    { at: 30, lane: "S2", text: "starts" },
  ];

  const figure = timelineFigure(items, { marks, widthMax: 60 });

  t.deepEqual(figure, [
    "ms  30         90                        500             510",
    "    ┬──────────┬─────────────────────────┬───────────────┬",
    'C1                                       ├─── put "a" ───┤',
    "S1             ▪ leads term 2",
    "S2  ▪ starts",
  ]);
  t.end();
});

test("marks and operations that would cover each other go to lines of their own", (t) => {
  const items = parseHistory("C1 0-10 put k a\nC1 5-15 put k b");
  const marks = [
    { at: 4, lane: "faults", text: "the link S1–S2 is slow" },
    { at: 6, lane: "faults", text: "S3 stops" },
    { at: 15, lane: "faults", text: "S3 starts again" },
  ];

  const figure = timelineFigure(items, { marks, widthMax: 60 });

  t.deepEqual(figure, [
    "ms      0        4     5     6            10           15",
    "        ┬────────┬─────┬─────┬────────────┬────────────┬──",
    'C1      ├──────────── put "a" ────────────┤',
    '                       ├─────────── put "b" ───────────┤',
    "faults           ▪ the link S1–S2 is slow",
    "                             ▪ S3 stops  S3 starts again ▪",
  ]);
  t.end();
});

test("long values are shortened in the middle, and bars without room have numbers and a list", (t) => {
  const long = "x".repeat(30);
  const items = parseHistory(
    Array.from({ length: 6 }, (_, i) => `C1 ${10 * i}-${10 * i + 9} append k ${long}${i};`).join("\n"),
  );

  t.deepEqual(timelineFigure(items.slice(0, 2)), [
    "ms  0                                         9 10                                        19",
    "    ┬─────────────────────────────────────────┬─┬─────────────────────────────────────────┬",
    'C1  ├─ append "xxxxxxxxxxxxx…xxxxxxxxxxxx0;" ─┤ ├─ append "xxxxxxxxxxxxx…xxxxxxxxxxxx1;" ─┤',
  ]);
  t.deepEqual(timelineFigure(items, { widthMax: 60 }), [
    "ms  0     9  10     19       29       39       49 50     59",
    "    ┬─────┬──┬──────┬────────┬────────┬────────┬──┬──────┬",
    "C1  ├─ 1 ─┤  ├─ 2 ──┤ ├─ 3 ──┤ ├─ 4 ──┤ ├─ 5 ──┤  ├─ 6 ──┤",
    "",
    '1  C1  append "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0;"  0–9 ms',
    '2  C1  append "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1;"  10–19 ms',
    '3  C1  append "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx2;"  20–29 ms',
    '4  C1  append "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx3;"  30–39 ms',
    '5  C1  append "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx4;"  40–49 ms',
    '6  C1  append "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx5;"  50–59 ms',
  ]);
  t.end();
});

test("no line is wider than allowed, whatever the history", (t) => {
  for (let seed = 1; seed <= 200; seed++) {
    const draws = new Draws(keyOf(seed, "figure"));
    const history: KvHistory = randomHistory(draws, {
      clients: draws.int(1, 6),
      operations: draws.int(1, 14),
      keys: ["k"],
      isUnique: true,
      kinds: ["get", "put", "append", "cas"],
      openChance: 0.1,
    });
    const marks = Array.from({ length: draws.int(0, 8) }, () => ({
      at: draws.int(0, 60),
      lane: draws.pick(["S1", "S2", "faults"]),
      text: draws.pick([
        "leads term 3",
        "cut off",
        "a long text that says much about what had happened here",
      ]),
    }));
    const figure = timelineFigure(history, { offender: history[0], marks });
    const tooWide = figure.filter((line) => line.length > 110);
    if (tooWide.length > 0) t.deepEqual(tooWide, [], `seed ${seed}`);
  }
  t.pass("200 figures");
  t.end();
});
