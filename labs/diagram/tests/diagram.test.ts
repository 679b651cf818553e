import { createHash } from "node:crypto";
import test from "tape";
import { KIND } from "../../kit";
import { DIAGRAM_BYTES_MAX, DIAGRAM_EVENTS_MAX, diagramOf } from "..";
import type { DiagramData, Spell } from "../data";
import { doubleVote, type Failed, faultyRun, HOSTILE, hostileRun, longRun, staleRead } from "./runs";

const pageOf = (run: Failed): string => diagramOf({ ...run, title: "1.3  A server votes once per term" });

/** The data that stands in a page. */
function dataOf(page: string): DiagramData {
  const [, json] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page) ?? [];
  return JSON.parse(json) as DiagramData;
}

const unpacked = ({ values }: DiagramData, place: number): unknown => values[place];

test("a diagram tells the story: what was run, what is wrong, the rule, the next question", async (t) => {
  const page = pageOf(await doubleVote());

  t.ok(page.includes("1.3  A server votes once per term"));
  t.ok(page.includes("One vote per term (Raft §5.2): S2 votes for S1 and for S3 in term 4."));
  t.ok(/<dt>Rule<\/dt><dd>[^<]+<\/dd>/.test(page));
  t.ok(/<dt>Next<\/dt><dd>[^<]+\?<\/dd>/.test(page));
  t.ok(/seed 1729, 3 servers/.test(page));
});

test("a note says what is special about a diagram", async (t) => {
  const page = diagramOf({ ...(await doubleVote()), title: "1.3", note: "This run was made shorter." });

  t.ok(/<dt>Note<\/dt><dd>This run was made shorter\.<\/dd>/.test(page));
});

test("each line of the story leads to its event, and the first wrong step is marked", async (t) => {
  const run = await doubleVote();
  const data = dataOf(pageOf(run));

  t.equal(data.told.length, run.failure.story.lines.length);
  t.notOk(data.told.includes(-1), "all lines were found");
  const words = data.told.map((record) => {
    const event = data.events.record.indexOf(record);
    return [unpacked(data, data.events.words[event]), unpacked(data, data.events.outcome[event])];
  });
  t.deepEqual(
    words,
    run.failure.story.lines.map(({ event, outcome }) => [event, outcome]),
  );
  t.equal(data.wrong, data.told[3]);
  t.equal(data.records.kind[data.wrong], KIND.deliver);
});

test("records keep their times and their causes", async (t) => {
  const run = await doubleVote();
  const { trace } = run.world;
  const { records } = dataOf(pageOf(run));

  t.equal(records.kind.length, trace.length);
  let at = 0;
  for (let i = 0; i < trace.length; i++) {
    at += records.at[i];
    const cause = records.cause[i] === 0 ? -1 : i - records.cause[i];
    if (at !== trace.microsOf(i) || cause !== trace.causeOf(i) || records.node[i] !== trace.nodeOf(i))
      t.fail(`record ${i}`);
  }
  t.equal(at, trace.microsOf(trace.length - 1));
});

test("the page may load nothing and run nothing but its own script", async (t) => {
  const page = pageOf(await hostileRun());
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const [, script] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];

  t.equal(
    policy,
    `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`,
  );
  const markup = page.replace(script, "").replace(/<script type[\s\S]*?<\/script>/, "");

  t.equal(page.match(/<script/g)?.length, 2, "the data and the script");
  t.notOk(/<(link|img|iframe|object|base)\b|<[^>]*\s(src|href)=/.test(markup), "nothing from elsewhere");
  t.notOk(/<[^>]*\s(style|on\w+)=/.test(markup), "no attribute that the policy would refuse");
  t.notOk(/https?:(?!\/\/www\.w3\.org\/2000\/svg)/.test(script), "the script knows no address");
});

test("what a program says is data, never markup", async (t) => {
  const run = await hostileRun();
  const page = diagramOf({ ...run, title: HOSTILE, note: HOSTILE });
  const [, json] = /id="data">([\s\S]*?)<\/script>/.exec(page) ?? [];

  t.notOk(/[<>&\u2028\u2029\u202e]/.test(json), "no sign in the data that could end it");
  t.notOk(page.includes("<img"), "no tag gets into the page");
  t.equal(page.match(/<!--/g), null, "and no comment");
  t.ok(JSON.stringify(dataOf(page).values).includes("taken"), "but the words are there");
  t.ok(page.includes("&lt;/script&gt;"), "as text");
});

test("no part of a program's words can make a diagram large", async (t) => {
  const long = "x".repeat(100_000);
  const deep = Array.from({ length: 50 }).reduce<object>((inner) => ({ inner }), {});
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key ${i}`, `${i}`]));
  const run = await doubleVote({
    start: (env) => {
      env.log(long);
      env.disk.write({ long, deep: deep as never, many, list: Array.from({ length: 20_000 }, (_, i) => i) });
      env.setTimer("t", env.self === "S1" ? 10 : 20);
    },
    onTimer: (env) =>
      env.send("S2", {
        type: "RequestVote",
        term: 4,
        candidateId: env.self,
        lastLogIndex: 0,
        lastLogTerm: 0,
      }),
    onMessage: (env, from) =>
      env.self === "S2" && env.send(from, { type: "RequestVoteReply", term: 4, voteGranted: true }),
  });
  const [empty, page] = [pageOf(await doubleVote()), pageOf(run)];

  t.ok(page.length - empty.length < 10_000, `${page.length - empty.length} characters more`);
  t.match(JSON.stringify(dataOf(page).values), /\[-2,4968\]/, "what was left out is counted");
});

test("5,000 events fit into a file of less than 2 MB, whole", async (t) => {
  const run = await longRun(5_000);
  const page = pageOf(run);
  const data = dataOf(page);

  t.ok(data.events.record.length >= 5_000, `${data.events.record.length} events`);
  t.ok(Buffer.byteLength(page) < DIAGRAM_BYTES_MAX, `${Buffer.byteLength(page)} bytes`);
  t.equal(data.records.kind.length, run.world.trace.length, "nothing is left out");
  t.deepEqual(data.gaps, []);
});

test("of a longer run the last part is kept, and what led to what the story tells; the rest is counted", async (t) => {
  const run = await longRun(9_000);
  const early = run.world.trace;
  const page = pageOf(run);
  const data = dataOf(page);
  const left = data.gaps.reduce((sum, { events }) => sum + events, 0);

  t.equal(data.events.record.length, DIAGRAM_EVENTS_MAX);
  t.ok(Buffer.byteLength(page) < DIAGRAM_BYTES_MAX, `${Buffer.byteLength(page)} bytes`);
  t.ok(new RegExp(`${left.toLocaleString("en")} are left out`).test(page), "the page says how many");
  t.notOk(data.told.includes(-1), "the story's events are there");
  t.equal(
    early.microsOf(early.length - 1),
    data.records.at.reduce((sum, step) => sum + step, 0),
    "up to the end",
  );
  t.ok(
    data.gaps.some(({ status }) => status.length > 0),
    "a gap says who became what in it",
  );
  const applied = data.gaps.flatMap((gap) => gap.applied);
  t.ok(applied.length > 0 && applied.every(([, index]) => index > 1), "and how far each has applied its log");
});

test("the same run gives the same file", async (t) => {
  t.equal(pageOf(await faultyRun()), pageOf(await faultyRun()));
});

test("faults have their times on the lanes that they concern", async (t) => {
  const run = await faultyRun();
  const { spells, records } = dataOf(pageOf(run));
  const at = (record: number) => {
    let sum = 0;
    for (let i = 0; i <= record; i++) sum += records.at[i];
    return Math.round(sum / 1000);
  };
  const told = spells.map(({ node, kind, words, from, to }: Spell) => ({
    who: run.world.names[node],
    kind,
    words,
    lasts: to === -1 ? "on" : at(to) - at(from),
  }));

  t.deepEqual(told, [
    { who: "S1", kind: "cut", words: "cut off", lasts: 400 },
    { who: "S2", kind: "partly", words: "cut from S1", lasts: 400 },
    { who: "S3", kind: "partly", words: "cut from S1", lasts: 400 },
    { who: "S2", kind: "frozen", words: "frozen", lasts: 200 },
    { who: "S1", kind: "partly", words: "does not reach S3", lasts: 200 },
    { who: "S3", kind: "partly", words: "does not hear S1", lasts: 200 },
    { who: "S3", kind: "stopped", words: "stopped", lasts: "on" },
  ]);
});

test("a drawing of clients has their operations and results", async (t) => {
  const run = await staleRead();
  const page = pageOf(run);
  const data = dataOf(page);

  t.ok(/Linearizability/.test(page));
  t.equal(data.servers, 2);
  t.equal(data.records.kind.filter((kind) => kind === KIND.complete).length, 2);
  t.notEqual(data.wrong, -1, "the answer that cannot be explained is marked");
  t.ok(/What the clients saw, as a figure/.test(page));
});
