import { Script } from "node:vm";
import { transformSync } from "esbuild";
import test from "tape";
import { type Story, World } from "../../labs/kit";
import { referenceOf, variantsOf } from "../catalogue/catalogue";
import { LABS } from "../course/labs";
import { bundle, wrap } from "../submission/bundle";
import { countSteps } from "../submission/count-steps";
import { type Submission, SubmissionProblem } from "../submission/intake";
import { load } from "../submission/load";

const [lab] = LABS;

/** Pieces of code that set `result`, and the steps they take: rounds of loops, and calls of functions. */
const SNIPPETS: readonly (readonly [title: string, source: string, steps: number])[] = [
  ["for", "for (let i = 0; i < 3; i++) { result.push(i); }", 3],
  ["for without braces", "for (let i = 0; i < 3; i++) result.push(i);", 3],
  ["for without a semicolon", "for (let i = 0; i < 3; i++) result.push(i) // a comment\nresult.push(9)", 3],
  ["for without a body", "let i = 0; for (; i < 3; i++); result.push(i);", 3],
  ["for-of", "for (const x of [1, 2]) result.push(x);", 2],
  ["for-in", "for (const key in { a: 1, b: 2 }) result.push(key);", 2],
  ["while", "let i = 0; while (i < 3) i++; result.push(i);", 3],
  ["do", "let i = 0; do i++\nwhile (i < 3)\nresult.push(i);", 3],
  ["do with braces", "let i = 0; do { i++; } while (i < 3); result.push(i);", 3],
  [
    "a loop within a loop without braces",
    "for (const a of [1, 2]) for (const b of [3, 4]) if (a < b) result.push(a, b); else continue;",
    6,
  ],
  [
    "continue with a label",
    "outer: for (const a of [1, 2, 3]) for (const b of [1, 2]) { if (b === 2) continue outer; result.push(a); }",
    9,
  ],
  ["break with a label", "outer: inner: while (true) while (true) { result.push(1); break outer; }", 2],
  ["a body with a label", "for (const a of [1, 2]) body: { if (a === 1) break body; result.push(a); }", 2],
  [
    "if and else around loops",
    "if (result.length) for (;;); else while (result.length < 1) result.push(1);",
    1,
  ],
  ["a function", "function f(x: number): number { return x + 1; } result.push(f(f(1)));", 2],
  [
    "overloads",
    "function f(x: string): string;\nfunction f(x: number): number;\nfunction f(x: unknown): unknown { return x; }\nresult.push(f(1));",
    1,
  ],
  ["declare", "declare function g(): void; declare class D { m(): void; }\nresult.push(typeof g);", 0],
  ["a function's own directive", "function f() { 'use strict'; return this; } result.push(f());", 1],
  [
    "a function expression",
    "result.push((function named(n: number): number { return n && named(n - 1); })(2));",
    3,
  ],
  ["an arrow", "const f = (x: number) => { return x; }; result.push(f(1));", 1],
  ["a short arrow", "const f = (x: number) => x + 1; result.push(f(1)); result.push(f.name);", 1],
  ["an arrow in an arrow", "const f = (x: number) => (y: number) => x + y; result.push(f(1)(2));", 2],
  ["an arrow to an object", "const f = (x: number) => ({ x }); result.push(f(1).x);", 1],
  ["a generic arrow", "const f = <T,>(x: T) => <U>(y: U): [T, U] => [x, y]; result.push(...f(1)(2));", 2],
  [
    "an arrow with a cast",
    "const f = (x: unknown) => x as number; const g = (x: unknown) => <number>x; result.push(f(1), g(2));",
    2,
  ],
  [
    "an arrow to a condition",
    "const f = (x: number) => x > 1 ? (y: number) => y : () => 0; result.push(f(2)(3), f(0)(0));",
    4,
  ],
  ["arrows as arguments", "result.push([1, 2].map(x => x * 2).filter(x => x > 2 /* big */).length);", 4],
  ["an arrow after a comment", "const f = () => // a comment\n  1 // another\nresult.push(f());", 1],
  [
    "an arrow at the end of a loop without braces",
    "let f = () => 0; let i = 0; while (i++ < 2) f = () => i\nresult.push(f());",
    3,
  ],
  ["an arrow that assigns", "let a = 0; const f = (x: number) => a = x; f(3); result.push(a);", 1],
  [
    "an arrow that throws",
    "const f = () => { throw new Error('x'); }; try { f(); } catch { result.push('caught'); }",
    1,
  ],
  ["a default value that calls", "const g = () => 1; function f(x = g()) { return x; } result.push(f());", 2],
  ["an arrow as a default value", "function f(g = (x: number) => x) { return g(1); } result.push(f());", 2],
  [
    "a class",
    "class A { private n = this.m(); constructor(readonly a: number) {} m() { return this.a; } get g() { return this.n; } set s(x: number) { this.n = x; } static t() { return 1; } ['c']() { return 2; } #p() { return 3; } q() { return this.#p(); } }\nconst a = new A(7); a.s = 5; result.push(a.a, a.m(), a.g, A.t(), a.c(), a.q());",
    9,
  ],
  [
    "a derived class",
    "class A { constructor(readonly a: number) {} }\nclass B extends A { b = 2; constructor(readonly c: number) { const twice = c * 2; super(twice); } }\nconst b = new B(4); result.push(b.a, b.b, b.c);",
    2,
  ],
  [
    "a derived class that begins with super",
    "class A { a = 1; }\nclass B extends A { b = this.a + 1; constructor(private c: number) { super(); this.b += c; } }\nresult.push(new B(4).b);",
    1,
  ],
  [
    "an abstract class",
    "abstract class A { abstract f(): number; g() { return this.f(); } }\nclass B extends A { f() { return 1; } }\nresult.push(new B().g());",
    2,
  ],
  [
    "an arrow as a field",
    "class A { n = 1; f = () => this.n; static s = () => 2; } result.push(new A().f(), A.s());",
    2,
  ],
  [
    "a loop in a static block",
    "class A { static n = 0; static { while (A.n < 2) A.n++; } } result.push(A.n);",
    2,
  ],
  [
    "an object's methods",
    "const o = { f() { return 1; }, get g() { return 2; }, set s(x: number) { result.push(x); }, async: 3, get: () => 4 }; o.s = 5; result.push(o.f(), o.g, o.async, o.get());",
    4,
  ],
  [
    "names that are words elsewhere",
    "const o = { async() { return 1; }, of: 2 }; const async = (x: number) => x; const of = [3]; for (const get of of) result.push(o.async(), async(get));",
    3,
  ],
  ["a generator", "function* g() { let i = 0; while (i < 3) yield i++; } result.push(...g());", 4],
  [
    "a generator's loop that goes on for ever",
    "const g = { *[Symbol.iterator]() { for (let i = 0; ; i++) yield i; } }; for (const x of g) { if (x === 2) break; result.push(x); }",
    7,
  ],
  [
    "a generator with try and finally",
    "function* g() { try { for (;;) yield 1; } finally { result.push('end'); } } for (const x of g()) { result.push(x); break; }",
    3,
  ],
  [
    "a template and a regular expression",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template in the code that is tested
    "const f = (x: number) => `${[x].map((y) => `<${y}>`)}` + /=> {/.source; result.push(f(1));",
    2,
  ],
  [
    "an enum and a namespace",
    "enum E { A = 1 }\nnamespace N { export const f = () => E.A; for (const x of [1]) result.push(x); }\nresult.push(N.f());",
    2,
  ],
  [
    "switch and if",
    "for (const x of [1, 2]) switch (x) { case 1: result.push('one'); break; default: if (x) result.push('other') }",
    2,
  ],
  [
    "types that look like arrows",
    "type F = (x: number) => void; let f: F | undefined; const g: new () => object = Object; result.push(typeof f, typeof g);",
    0,
  ],
  [
    "guards and assertions",
    "function isOne(x: unknown): x is 1 { return x === 1; } function sure(x: unknown): asserts x { if (!x) throw 1; } sure(1); result.push(isOne(1));",
    2,
  ],
  ["Windows line ends", "for (const x of [1])\r\n  result.push(x)\r\nresult.push(2)\r\n", 1],
];

/** What a piece of code makes of `result`, and how many steps it took. */
function run(typescript: string): { readonly result: readonly unknown[]; readonly steps: number } {
  const { code } = transformSync(typescript, { loader: "ts", target: "es2022", format: "cjs" });
  const result: unknown[] = [];
  let steps = 0;
  const evaluate = new Script(`(result) => ${wrap(code)}`).runInThisContext()(result);
  evaluate(
    () => ({}),
    {},
    {},
    () => {
      steps += 1;
    },
    () => {},
  );
  return { result, steps };
}

for (const [title, source, steps] of SNIPPETS) {
  test(`counted code does what it did: ${title}`, (t) => {
    const counted = countSteps(source, "raft.ts");

    const before = run(source);
    const after = run(counted);

    t.ok(before.result.length > 0);
    t.deepEqual(after.result, before.result);
    t.equal(before.steps, 0);
    t.equal(after.steps, steps, counted);
    t.equal(counted.split("\n").length, source.split("\n").length, "no line more or less");
    t.end();
  });
}

test("an async function waits at its entry for what never comes", (t) => {
  for (const [source, counted] of [
    ["async function f() { g(); }", "async function f() {await __async(); g(); }"],
    ["const f = async () => g();", "const f = async () => (await __async(),g());"],
    ["const f = async x => ({ x });", "const f = async x => (await __async(),({ x }));"],
    [
      "const f = async function* () { yield 1; };",
      "const f = async function* () {await __async(); yield 1; };",
    ],
    ["class A { static async m() {} }", "class A { static async m() {await __async();} }"],
    ["const o = { async *[x]() {} };", "const o = { async *[x]() {await __async();} };"],
    ["class A { f = async () => {} }", "class A { f = async () => {await __async();} }"],
  ]) {
    t.equal(countSteps(source, "raft.ts"), counted);
  }
  t.end();
});

test("every program of ours keeps its lines and can be counted", (t) => {
  for (const { files } of [referenceOf(lab), ...variantsOf(lab).map(({ submission }) => submission)]) {
    for (const { name, text } of files)
      t.equal(countSteps(text, name).split("\n").length, text.split("\n").length);
  }
  t.end();
});

/** What the author of a submission is told, or "" if all is well. */
async function problemOf(text: string): Promise<string> {
  try {
    load(await bundle(submission(text)), lab);
    return "";
  } catch (error) {
    if (error instanceof SubmissionProblem) return error.message;
    throw error;
  }
}

function submission(text: string): Submission {
  return { folder: "test", student: "test", lab, files: [{ name: "raft.ts", text }] };
}

/** A server whose start() is given; its first line is line 4. */
function serverWith(start: string, outside = ""): string {
  return `export class Raft {
  constructor(private readonly env: { readonly self: string }) {}
  start() {
${start}
  }
  onMessage() {}
  onTimer() {}
  status() { return { role: "follower", currentTerm: 0 }; }
}
${outside}`;
}

/** How the first run of a server ends. */
async function storyOf(text: string): Promise<Story | undefined> {
  const { makeHost } = load(await bundle(submission(text)), lab);
  const world = new World({ seed: 1, servers: 2, host: makeHost() });
  await world.runFor(10).catch(() => {});
  return world.failure?.story;
}

/** The student's line that a headline names. */
function lineIn(story: Story | undefined): string | undefined {
  return /raft\.ts:\d+/.exec(story?.headline ?? "")?.[0];
}

/** Handlers without an end, and the line that is to blame. Line 4 is their first. */
const ENDLESS: readonly (readonly [title: string, start: string, line: number, outside?: string])[] = [
  ["for (;;)", "\n\n    for (;;);", 6],
  ["a condition that never changes", "    let n = 0;\n    while (n < 1)\n      this.env.self;", 6],
  ["within a try that catches", "    try { for (;;); } catch {}", 4],
  ["with a finally that goes on", "    for (;;) {\n      try { for (;;); } finally { continue; }\n    }", 5],
  ["a loop around another one", "    for (;;) {\n      for (const x of [1, 2, 3]) this.env.self;\n    }", 4],
  [
    "a loop that calls",
    "    while (!this.isDone()) {\n      [1, 2, 3].some((x) => x > 3);\n    }",
    4,
    "interface Raft { isDone(): boolean }\nObject.assign(Raft.prototype, { isDone: () => false });",
  ],
  ["continue with a label", "    outer: for (;;) {\n      for (;;) continue outer;\n    }", 4],
  [
    "a generator",
    "    for (const x of all()) this.env.self;",
    4,
    "function* all() {\n  for (;;) yield 1;\n}",
  ],
  [
    "a generator that is spread",
    "    Math.max(...all());",
    11,
    "function* all() {\n  for (let i = 0; ; i++) if (i < 0) yield 1;\n}",
  ],
];

for (const [title, start, line, outside] of ENDLESS) {
  test(`a handler without an end is stopped at its line: ${title}`, async (t) => {
    const story = await storyOf(serverWith(start, outside));

    t.match(
      story?.headline ?? "",
      /^S1\.start.*expected a handler that comes to its end; found no end after 5,000,000 rounds/,
    );
    t.equal(lineIn(story), `raft.ts:${line}`);
  });
}

test("two functions that call each other through catch are stopped", async (t) => {
  const story = await storyOf(
    serverWith(
      "    ping(100);",
      "function ping(n: number) { if (n > 0) try { pong(n - 1); pong(n - 1); } catch { pong(n - 1); } }\nfunction pong(n: number) { try { ping(n); } finally { ping(n); } }",
    ),
  );

  t.match(story?.headline ?? "", /expected a handler that comes to its end/);
  t.match(lineIn(story) ?? "", /^raft\.ts:1[01]$/);
});

test("a handler that swallows the verdict is stopped all the same", async (t) => {
  const start =
    "    for (let i = 0; i < 3; i++) {\n      try { while (true); } catch { continue; }\n    }\n    return;";

  t.match((await storyOf(serverWith(start)))?.headline ?? "", /no end after/);
});

test("an async function is refused with the line of its own", async (t) => {
  const story = await storyOf(
    serverWith("    void this.later();\n  }\n  async later() {\n    await 1;\n    for (;;);"),
  );

  t.match(story?.headline ?? "", /found a call of an async function/);
  t.equal(lineIn(story), "raft.ts:6");
});

test("a promise is refused with the line of its own", async (t) => {
  const story = await storyOf(serverWith("\n    Promise.resolve(1).then(() => 2);"));

  t.match(story?.headline ?? "", /found a call of Promise\.resolve/);
  t.equal(lineIn(story), "raft.ts:5");
});

test("a loop without an end outside of the class is told before any server starts", async (t) => {
  t.equal(
    await problemOf(serverWith("", "\nwhile (true);")),
    "raft.ts:11: while the file is loaded there is no end after 5,000,000 rounds of loops and calls of functions. " +
      "What should end this loop or recursion, and does that change from one round to the next? " +
      "Code outside of the class runs before any server starts.",
  );
  t.match(await problemOf(serverWith("", "try { for (;;); } catch {}")), /^raft\.ts:10: .* no end/);
});

test("what a server may not call, it may not call while it is loaded either", async (t) => {
  t.match(
    await problemOf(serverWith("", "(async () => {})();")),
    /^raft\.ts:10: .* a call of an async function\./,
  );
  t.match(
    await problemOf(serverWith("", "const x = Math.random();")),
    /^raft\.ts:10: .* a call of Math\.random\./,
  );
});

/** What is not accepted, in line 10, and what its author is told. */
const REFUSED: readonly (readonly [source: string, words: RegExp])[] = [
  [
    '  import("../kit/contract");',
    /^raft\.ts:10: import\(…\) cannot be used here.*\n {6}import\(.*\n {6}\^+$/,
  ],
  ["const name = '../kit/contract'; import(name);", /^raft\.ts:10: import\(…\) cannot be used here/],
  ["import.meta.url;", /^raft\.ts:10: import\.meta cannot be used here/],
  ["const x = require('../kit/contract');", /^raft\.ts:10: require\(…\) cannot be used here/],
  ["import x = require('../kit/contract'); x;", /^raft\.ts:10: import … = require\(…\) cannot be used here/],
  ["__step();", /^raft\.ts:10: The name __step belongs to the grader/],
  ["const __async = 1;", /^raft\.ts:10: The name __async belongs to the grader/],
  ["\\u005f_step();", /^raft\.ts:10: The name __step belongs to the grader/],
  ["await 1;", /^raft\.ts:10: Top-level await is currently not supported/],
  ["for (;;) { let x = ; }", /^raft\.ts:10: Unexpected ";"\n {4}for \(;;\) \{ let x = ; \}\n {23}\^$/],
  [
    "for (;;) { } import 'fs';",
    /^raft\.ts:10: “fs” cannot be imported here.*\n {4}for \(;;\) \{ \} import 'fs';\n/,
  ],
];

for (const [source, words] of REFUSED) {
  test(`refused with its line as it was written: ${source}`, async (t) => {
    t.match(await problemOf(serverWith("", source)), words);
  });
}

test("with is refused where it is possible at all", async (t) => {
  t.match(await problemOf("with (Math) { max(); }"), /^raft\.ts:1: with cannot be used here/);
});

test("a file that is nested too deeply is told, and ends no process", async (t) => {
  const deep = 50_000;

  t.match(
    await problemOf(serverWith("", `${"(".repeat(deep)}1${")".repeat(deep)};`)),
    /raft\.ts is nested too deeply/,
  );
  t.equal(
    await problemOf(serverWith("", `const text = "a"${' + "b"'.repeat(5_000)};`)),
    "",
    "a long sum is none",
  );
});

test("exports of the kind of Node's are told like a missing class", async (t) => {
  t.match(
    await problemOf("module.exports = 3;"),
    /Expected raft\.ts to export the class Raft; found no such export/,
  );
  t.match(await problemOf("module.exports = null;"), /Expected raft\.ts to export the class Raft/);
  t.match(await problemOf("class Raft {}\nexport = Raft;"), /Expected raft\.ts to export the class Raft/);
  t.match(await problemOf("throw { toString() { throw 1; } };"), /^raft\.ts: loading the file throws/);
});
