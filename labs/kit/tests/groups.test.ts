import test from "tape";
import { reasonKey, reasonsOf, type Story, type StoryLine } from "..";

const line = (event: string, outcome: string, isWrong = true): StoryLine => ({
  time: "1 ms",
  event,
  outcome,
  isWrong,
});

const story = (fields: Partial<Story>): Story => ({
  kind: "violation",
  headline: "One vote per term (Raft §5.2): S2 votes for S1 and for S3 in term 4.",
  property: "One vote per term",
  rule: "Figure 2, RequestVote receiver, step 2.",
  lines: [line("S3 → S2  RequestVote term 4", "S2 grants S3 its vote")],
  standing: [],
  seed: 1,
  servers: 3,
  traceHash: "",
  ...fields,
});

const keyOf = (fields: Partial<Story>): string => reasonKey({ text: "", story: story(fields) });
const usual = keyOf({});

test("names, terms, numbers and seeds do not tell two reasons apart", (t) => {
  t.equal(
    keyOf({
      headline: "One vote per term (Raft §5.2): S5 votes for S4 and for S1 in term 17.",
      lines: [line("S1 → S5  RequestVote term 17, log up to 3 of term 2", "S5 grants S1 its vote")],
      seed: 99,
      servers: 5,
    }),
    usual,
  );
  t.end();
});

test("another property, another rule, another first wrong step is another reason", (t) => {
  t.notEqual(keyOf({ property: "Election Safety" }), usual);
  t.notEqual(keyOf({ rule: "Another one." }), usual);
  t.notEqual(keyOf({ lines: [line("S3 → S2  AppendEntries term 4", "S2 grants S3 its vote")] }), usual);
  t.notEqual(keyOf({ lines: [line("S3 → S2  RequestVote term 4", "S2 starts again")] }), usual);
  t.notEqual(keyOf({ kind: "expectation" }), usual);
  t.end();
});

test("how many servers or entries a step is about does not matter", (t) => {
  const key = (outcome: string) => keyOf({ lines: [line("S1  timer “x” runs out", outcome)] });
  t.equal(key("S1 sends AppendEntries to S2 and S3"), key("S4 sends AppendEntries to S1, S2, S3 and S5"));
  t.equal(key("S1 sends entry 3 to S2"), key("S1 sends entries 4–9 to S2"));
  t.end();
});

test("an expectation whose reason the trace shows goes by that reason", (t) => {
  const kind = "expectation";
  const cause = "no-leader: no timer";
  t.equal(
    keyOf({ kind, cause, headline: "No leader within 20,000 ms.", rule: "A", lines: [] }),
    keyOf({ kind, cause, headline: "Nobody leads.", rule: "B" }),
  );
  t.notEqual(keyOf({ kind, cause }), keyOf({ kind, cause: "no-leader: log" }));
  t.notEqual(
    keyOf({ kind, headline: "S1 does not answer.", lines: [] }),
    keyOf({ kind, headline: "S1 answers twice.", lines: [] }),
  );
  t.end();
});

test("what a line of the student's own throws is one reason, whatever came before", (t) => {
  const kind = "threw";
  const threw = (what: string, place: string) =>
    keyOf({ kind, headline: `S1 threw ${what} (${place})`, lines: [] });
  t.equal(threw("TypeError: a of 3", "raft.ts:105"), threw("TypeError: a of 4", "raft.ts:105"));
  t.notEqual(threw("TypeError: a", "raft.ts:105"), threw("TypeError: a", "raft.ts:106"));
  t.notEqual(threw("TypeError: a", "raft.ts:105"), threw("RangeError: a", "raft.ts:105"));
  t.end();
});

test("failures without a story go by their first line", (t) => {
  t.equal(
    reasonKey({ text: "Endless loop at S1, 3 s\nmore" }),
    reasonKey({ text: "Endless loop at S2, 4 s" }),
  );
  t.notEqual(reasonKey({ text: "Endless loop at S1" }), reasonKey({ text: "It died." }));
  t.end();
});

test("failures of one reason stand together, under the first, and none is lost", (t) => {
  const items = [
    { number: "1.2a", failure: { text: "", story: story({}) } },
    { number: "1.2b", failure: undefined },
    { number: "1.3a", failure: { text: "It died." } },
    { number: "1.3b", failure: { text: "", story: story({ seed: 7 }) } },
  ];
  const reasons = reasonsOf(items, ({ failure }) => failure);
  t.deepEqual(
    reasons.map(({ first, all }) => [first.number, ...all.map(({ number }) => number)]),
    [
      ["1.2a", "1.2a", "1.3b"],
      ["1.3a", "1.3a"],
    ],
  );
  t.end();
});
