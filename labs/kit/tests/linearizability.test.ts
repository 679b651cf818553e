import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import type { KvOperation, KvResult } from "..";
import { check, checkKv, HistoryRecorder, KV_MODEL, kvStory, kvStoryText } from "../linearizability";
import { parseHistory, parseMarks } from "./histories/parse";

const FOLDER = join(__dirname, "histories");
const RULER = "----\n";

/** What a file says after its ruler: "ok", or the whole story. `UPDATE=1` writes what is said now: read the diff. */
function told(text: string): string {
  const verdict = checkKv(parseHistory(text));
  const lines = verdict.kind === "illegal" ? kvStoryText(kvStory(verdict), parseMarks(text)) : [verdict.kind];
  return `${lines.join("\n")}\n`;
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".txt"))) {
  test(`the story of histories/${file}`, (t) => {
    const path = join(FOLDER, file);
    const [history = "", expected] = readFileSync(path, "utf8").split(RULER);
    const story = told(history);

    if (process.env.UPDATE === "1") writeFileSync(path, `${history}${RULER}${story}`);
    else t.equal(story, expected);
    const hasTwin = file.endsWith("-ok.txt");
    t.equal(story === "ok\n", hasTwin, "a file whose name ends with -ok is linearizable, the others are not");
    const figure = story.split("\n").filter((line) => /[┬├┣▪]/.test(line));
    t.ok(
      figure.every((line) => line.length <= 110),
      "no line of the figure is too wide",
    );
    t.end();
  });
}

test("keys are independent, and the first key that went wrong is told", (t) => {
  const late = "C1 0-10 put j a\nC2 50-60 get j → -\n";
  const early = "C1 12-20 put k a\nC3 30-40 get k → -\n";
  const fine = "C4 0-10 put m a\nC4 11-20 get m → a\n";

  const verdict = checkKv(parseHistory(late + early + fine));

  if (verdict.kind !== "illegal") return t.end(new Error(`the verdict is ${verdict.kind}`));
  t.equal(verdict.part, "k");
  t.equal(verdict.offender.client, "C3");
  t.equal(checkKv(parseHistory(fine)).kind, "ok");
  t.end();
});

test("the prefix ends with the first answer that cannot be explained, though others are wrong later", (t) => {
  const history = parseHistory(`
    C1  0-10  put k a
    C2 12-50  put k b
    C3 20-30  get k → -
    C3 32-40  get k → x
    C3 60-70  get k → a`);

  const verdict = checkKv(history);

  if (verdict.kind !== "illegal") return t.end(new Error(`the verdict is ${verdict.kind}`));
  t.deepEqual(verdict.prefix, { end: 4, isShortest: true });
  t.equal(verdict.offender.completed?.at, 30);
  t.deepEqual(
    verdict.core.map(({ client, operation }) => `${client} ${operation.kind}`),
    ["C1 put", "C3 get"],
  );
  t.equal(verdict.items.length, 3, "what was invoked later is not told");
  t.equal(verdict.items[1]?.completed, undefined, "what returned later was still open");
  t.end();
});

test("an answer of the wrong kind is never explained", (t) => {
  for (const [operation, result] of [
    [{ kind: "get", key: "k" }, true],
    [{ kind: "put", key: "k", value: "a" }, "a"],
    [{ kind: "append", key: "k", value: "a" }, false],
    [{ kind: "cas", key: "k", expected: null, value: "a" }, null],
  ] as const satisfies readonly (readonly [KvOperation, KvResult])[]) {
    const recorder = new HistoryRecorder<KvOperation, KvResult>();
    recorder.complete(recorder.invoke("C1", operation, 0), result, 10);

    const verdict = checkKv(recorder.history);

    const headline = verdict.kind === "illegal" ? kvStory(verdict).headline : verdict.kind;
    t.ok(headline.includes(`was answered with ${JSON.stringify(result)}; expected`), headline);
  }
  t.end();
});

test("a missing key and an empty value are two things", (t) => {
  const put = { kind: "put", key: "k", value: "" } as const;
  for (const [result, kind] of [
    ["", "ok"],
    [null, "illegal"],
  ] as const) {
    const recorder = new HistoryRecorder<KvOperation, KvResult>();
    recorder.complete(recorder.invoke("C1", put, 0), null, 10);
    recorder.complete(recorder.invoke("C2", { kind: "get", key: "k" }, 20), result, 30);
    t.equal(checkKv(recorder.history).kind, kind);
  }
  t.end();
});

test("when a bound is reached the verdict is unknown, never a pass", (t) => {
  const puts = Array.from({ length: 8 }, (_, i) => `C${i} ${i}-${50 + i} append k ${i % 4}${i % 4}`).join(
    "\n",
  );
  const history = parseHistory(`${puts}\nC9 70-80 get k → 0011223300112233`);
  const general = { ...KV_MODEL, machine: { ...KV_MODEL.machine, shortcut: undefined } };

  t.equal(checkKv(history).kind, "ok");
  const fewSteps = check(history, general, { stepsMax: 20, configurationsMax: 1_000 });
  const fewConfigurations = check(history, general, { stepsMax: 1_000_000, configurationsMax: 2 });

  t.deepEqual(fewSteps, { kind: "unknown", why: "“k”: more than 20 steps" });
  t.deepEqual(fewConfigurations, {
    kind: "unknown",
    why: "“k”: more than 2 configurations at one time",
  });
  t.end();
});

test("what is illegal on one key is told even if another key is unknown", (t) => {
  const appends = Array.from({ length: 8 }, (_, i) => `C${i} ${i}-${50 + i} append j ${i % 2}`).join("\n");
  const history = parseHistory(`${appends}\nC9 90-99 get j → 01010101\nC1 60-70 put k a\nC2 80-85 get k → -`);

  const verdict = checkKv(history, { stepsMax: 30, configurationsMax: 1_000 });

  t.equal(verdict.kind, "illegal");
  t.equal(
    verdict.kind === "illegal" && verdict.prefix.isShortest,
    false,
    "the other key may have gone wrong before",
  );
  t.end();
});

test("a recorder numbers events in the order in which it hears of them", (t) => {
  const recorder = new HistoryRecorder<KvOperation, KvResult>();
  const first = recorder.invoke("C1", { kind: "get", key: "k" }, 5);
  recorder.invoke("C2", { kind: "get", key: "k" }, 5);
  recorder.complete(first, null, 5);

  t.deepEqual(
    recorder.history.map(({ invoked, completed }) => [invoked.position, completed?.position]),
    [
      [0, 2],
      [1, undefined],
    ],
  );
  t.throws(() => recorder.complete(first, null, 6), /Operation 0 is not open/);
  t.end();
});
