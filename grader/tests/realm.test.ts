import test from "tape";
import { type AnyMessage, Failure, KIND, ScriptedPeers, World, type WorldOptions } from "../../labs/kit";
import { LABS } from "../course/labs";
import { CellProcess } from "../judge/cell-process";
import { Crossing } from "../judge/crossing";
import { type Bundle, bundle, wrap } from "../submission/bundle";
import { lineMapOf } from "../submission/line-map";
import { load } from "../submission/load";

const [LAB] = LABS;
const SILENCE_MAX_MS = 5_000;
/** Enough for everything that a start and its timers bring about here. */
const LONG_ENOUGH_MS = 1_000;

/** What a run came to: what its servers logged, in order, and why it ended, if it did. */
interface Told {
  readonly logs: readonly string[];
  readonly failure: string | undefined;
}

/** A program in a cell, for as many worlds as one likes. */
class InCell {
  private constructor(private readonly crossing: Crossing) {}

  static async of({ code, name, sourceMap }: Bundle): Promise<InCell> {
    const { file, exports } = LAB.entry;
    const lines = lineMapOf(sourceMap);
    const cell = await CellProcess.load({ code: wrap(code), name, lines, entry: { file, exports } });
    if (typeof cell === "string") throw new Error(cell);
    return new InCell(new Crossing(cell, SILENCE_MAX_MS, true));
  }

  play(servers: number, message?: AnyMessage): Promise<Told> {
    return play({ seed: 1, servers, host: this.crossing.makeHost(), driver: this.crossing.drive }, message);
  }

  close(): void {
    this.crossing.close();
  }
}

/** A world of some servers. With a message, only S1 is real, and S2 sends it that. */
async function play(options: WorldOptions, message: AnyMessage | undefined): Promise<Told> {
  const scripted = message === undefined ? [] : ["S2"];
  const world = new World({ ...options, network: "calm", oracles: [], scripted });
  let failure: string | undefined;
  try {
    if (message !== undefined) new ScriptedPeers(world).tell("S2", message);
    await world.runFor(LONG_ENOUGH_MS);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failure = error.message;
  } finally {
    options.host.close?.();
  }
  const records = Array.from({ length: world.trace.length }, (_, i) => i);
  const logs = records.filter((i) => world.trace.kindOf(i) === KIND.log);
  return { logs: logs.map((i) => String(world.trace.dataOf(i))), failure };
}

/** A student's file: what is in front of its class, and what the class does first. */
function programOf(before: string, start: string, onMessage = ""): Promise<Bundle> {
  const text = `
    import { type Env, NotImplemented, type RaftMessage, type Server, TIMING } from "../kit/contract";
    ${before}
    export class Raft implements Server<RaftMessage> {
      constructor(private readonly env: any) {}
      start(): void { const { env } = this; ${start} }
      onMessage(from: string, message: any): void { const { env } = this; ${onMessage} }
      onTimer(name: string): void {}
      status() { return { role: "follower" as const, currentTerm: 0 }; }
    }`;
  return bundle({ lab: LAB, files: [{ name: "raft.ts", text }] });
}

/** Honest code, one expression or body a line, as a function of `env`; and what plain JavaScript makes of it. */
const HONEST: Readonly<Record<string, string>> = {
  "errors of one's own": `
    class NotLeader extends Error { constructor(readonly term: number) { super("term " + term); this.name = "NotLeader"; } }
    class Deep extends NotLeader { override name = "Deep"; }
    class Old extends Error { constructor(message: string) { super(message); Object.setPrototypeOf(this, new.target.prototype); this.message = message + "!"; } }
    const caught: unknown[] = [];
    for (const make of [() => new NotLeader(3), () => new Deep(4), () => new Old("old"), () => new RangeError("r", { cause: 7 }), () => new AggregateError([1], "all")])
      try { throw make(); } catch (error: any) { caught.push(String(error), error.name, error.message, error instanceof Error, error instanceof NotLeader, error.term, Object.keys(error), typeof error.stack, error.cause, error.constructor.name, Object.prototype.toString.call(error)); }
    return caught;`,
  "an error's name and message assigned": `
    const error = new Error("a"); error.name = "Mine"; error.message = "b"; const bare = new Error(); bare.message = "late";
    const type = new TypeError("t"); type.name = "Other"; type.toString = () => "told";
    return [String(error), String(bare), Object.keys(bare), Object.keys(error), String(type), new TypeError("x").name, Error.prototype.name, TypeError.prototype.message];`,
  "errors in the old style": `
    function Legacy(this: any, message: string) { this.message = message; }
    Legacy.prototype = Object.create(Error.prototype); Legacy.prototype.constructor = Legacy; Legacy.prototype.name = "Legacy";
    const made = new (Legacy as any)("m"); return [String(made), made instanceof Error, made.constructor === Legacy, Object.keys(made), Object.keys(Legacy.prototype)];`,
  "errors of the language": `
    const tell = (f: () => unknown) => { try { return f(); } catch (error: any) { return [error.name, error.message, error instanceof Error, error.constructor === TypeError || error.constructor === RangeError || error.constructor === SyntaxError || error.constructor === ReferenceError]; } };
    const nothing: any = null;
    return [tell(() => nothing.x), tell(() => nothing()), tell(() => new Array(-1)), tell(() => JSON.parse("{")), tell(() => (1).toFixed(200)), tell(() => late), tell(() => BigInt(1.5)), tell(() => { const c = 1 as any; (c as any).f(); }), tell(() => Symbol() + ""), tell(() => decodeURIComponent("%"))];
    let late = 1;`,
  "names as keys of an object": `
    const seen: any = {};
    for (const key of ["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "toLocaleString", "propertyIsEnumerable", "S1"]) seen[key] = 1;
    seen.constructor += 1; delete seen.toString;
    const literal = { constructor: 1, toString: 2, valueOf: 3 };
    const counts: any = Object.create(null); for (const key of ["toString", "toString", "constructor"]) counts[key] = (counts[key] ?? 0) + 1;
    return [Object.keys(seen), Object.values(seen), JSON.stringify(seen), typeof seen.toString, Object.keys(literal), Object.entries(counts), "toString" in seen, Object.hasOwn(seen, "toString"), Object.hasOwn({}, "constructor"), { ...seen }, Object.assign({}, seen), Object.fromEntries([["toString", 1], ["constructor", 2]])];`,
  "what every object has": `
    const o: any = { a: 1 };
    return [typeof o.toString, o.toString(), o.hasOwnProperty("a"), o.propertyIsEnumerable("a"), o.constructor === Object, [].constructor === Array, o.valueOf() === o, "toString" in o, Object.keys(Object.prototype), (() => { const all = []; for (const key in o) all.push(key); return all; })(), o.isPrototypeOf(o), o.toLocaleString(), Object.getPrototypeOf(o) === Object.prototype, o.__proto__ === Object.prototype, String(o), o + ""];`,
  "an object that says how it is written": `
    const id: any = { n: 7 }; id.toString = function () { return "S" + this.n; }; id.valueOf = function () { return this.n; };
    class Id { constructor(readonly n: number) {} toString() { return "S" + this.n; } valueOf() { return this.n; } toJSON() { return "id " + this.n; } get [Symbol.toStringTag]() { return "Id"; } [Symbol.toPrimitive](hint: string) { return hint === "number" ? this.n : "P" + this.n; } }
    function Old(this: any) {} Old.prototype.toString = () => "old"; Object.assign(Old.prototype, { valueOf: () => 5 });
    return [\`\${id}\`, id + 1, id < 8, Object.keys(id), String(new Id(3)), +new Id(4), JSON.stringify([new Id(5)]), Object.prototype.toString.call(new Id(1)), String(new (Old as any)()), new (Old as any)() + 1, Object.keys(Old.prototype)];`,
  "classes upon Array": `
    class Log extends Array<number> { base = 3; constructor(...items: number[]) { super(); this.push(...items); } last() { return this.at(-1); } static get [Symbol.species]() { return Array; } }
    const log = new Log(1, 2, 3); log[5] = 9; log.length = 4;
    class Plain extends Array<number> {} const doubled = Plain.from([1, 2]).map((n) => n * 2);
    return [log.length, log.last(), log.base, Array.isArray(log), log instanceof Log, log.map((n) => n) instanceof Log, doubled instanceof Plain, doubled.length, [...log], JSON.stringify(log)];`,
  "classes upon Map and Set": `
    class Votes extends Map<string, Set<string>> { total = 0; override get(key: string) { if (!this.has(key)) this.set(key, new Set()); return super.get(key); } add(key: string, id: string) { this.get(key)!.add(id); this.total++; return this; } }
    class Bag extends Set<string> { readonly counts = new Map<string, number>(); override add(item: string) { this.counts?.set(item, (this.counts.get(item) ?? 0) + 1); return super.add(item); } }
    const votes = new Votes().add("a", "S1").add("a", "S2").add("b", "S1"); const bag = new Bag(); bag.add("x").add("x");
    (votes as any).label = "mine"; (votes as any).toString = () => "votes";
    return [votes.size, votes.total, [...votes.get("a")!], votes instanceof Map, [...bag], [...bag.counts], Object.keys(votes), String(votes), [...votes.keys()], Object.prototype.toString.call(bag)];`,
  "functions that carry fields": `
    const handler: any = () => 1; handler.calls = 2; handler.label = "h"; function counted() { counted.n++; } counted.n = 0; counted(); counted.displayName = "c";
    return [handler.calls, Object.keys(handler), counted.n, handler.name, counted.length, Object.assign(() => 5, { extra: 1 })(), Object.keys(counted)];`,
  "static, private and computed members": `
    const KEY = "dynamic";
    class Term { static count = 0; static readonly #all = new Map<number, Term>(); static { Term.count = 10; } #n = 0; readonly [KEY] = 1;
      static of(n: number) { const known = Term.#all.get(n); if (known) return known; const made = new Term(); made.#n = n; Term.#all.set(n, made); Term.count++; return made; }
      get n() { return this.#n; } set n(value: number) { this.#n = value; } #double() { return this.#n * 2; } twice() { return this.#double(); } static has(x: object) { return #n in x; } ["m" + KEY]() { return 2; } }
    const one = Term.of(1); one.n += 5; let wrong = ""; try { Term.prototype.twice.call({} as any); } catch (error: any) { wrong = error.name; }
    return [Term.count, Term.of(1) === one, one.n, one.twice(), Term.has(one), Term.has({}), (one as any).mdynamic(), Object.keys(one), wrong, Term.name, one.constructor === Term];`,
  "getters on prototypes, abstract classes, super": `
    abstract class Role { abstract readonly name: string; protected terms: number[] = []; get last() { return this.terms.at(-1); } describe() { return this.name + ":" + this.last; } static create<T extends Role>(this: new () => T) { return new this(); } }
    class Follower extends Role { readonly name = "follower"; constructor() { super(); this.terms.push(1); } override describe() { return "[" + super.describe() + "]"; } override get last() { return (super.last ?? 0) + 1; } }
    const made = Follower.create(); Object.defineProperty(Follower.prototype, "extra", { get() { return 42; }, configurable: true });
    return [made.describe(), (made as any).extra, made instanceof Role, Object.getOwnPropertyNames(Follower.prototype).sort(), Object.getOwnPropertyDescriptor(Role.prototype, "last")?.set];`,
  "TypeScript's own": `
    enum Color { Red, Green = 5, Blue } enum Words { A = "a" } const enum Fixed { X = 3 }
    class P { constructor(public readonly a: number, protected b = 2, private c?: string) {} get all() { return [this.a, this.b, this.c]; } declare ghost: number; maybe?: number; sure!: number; }
    const config = { a: 1, b: "x" } as const satisfies Record<string, unknown>; function over(a: number): number; function over(a: string): string; function over(a: any) { return a; }
    type Msg = { t: "a"; n: number } | { t: "b" }; const pick = (m: Msg) => { switch (m.t) { case "a": return m.n; case "b": return 0; default: { const never: never = m; return never; } } };
    return [Color.Green, Color[6], Words.A, Fixed.X, new P(1).all, Object.keys(new P(1)), config, over("s"), pick({ t: "a", n: 4 }), (<any>config)!.a, Shapes.area(2), Shapes.unit, Object.keys(Color)];`,
  "generators and iterators": `
    function* count(to: number): Generator<number, string, number | undefined> { for (let i = 0; i < to; i++) { const got = yield i; if (got) i += got; } return "done"; }
    class Range { constructor(readonly a: number, readonly b: number) {} *[Symbol.iterator]() { for (let i = this.a; i < this.b; i++) yield i; } }
    const hand = { from: 1, [Symbol.iterator]() { let n = this.from; return { next: () => (n < 4 ? { value: n++, done: false } : { value: undefined, done: true }), return() { return { value: undefined, done: true }; } }; } };
    const g = count(9); const first = g.next(); const jumped = g.next(3); const ended = g.return("early");
    function* both() { yield* count(2); const end: string = yield* count(1); yield end; } const fin: string[] = []; function* clean() { try { yield 1; yield 2; } finally { fin.push("cleaned"); } } for (const x of clean()) { if (x === 1) break; }
    return [first, jumped, ended, [...new Range(1, 4)], [...(hand as any)], [...both()], Math.max(...new Range(0, 5)), Array.from(new Range(0, 3), (n) => n * n), new Map(Object.entries({ a: 1 })).entries().next(), fin, Object.prototype.toString.call(g), [..."aé😀"], [...[1, 2].entries()], [...new Set([1, 1, 2]).values()]];`,
  "destructuring, spread, defaults, closures": `
    const { a, b: { c = 5, ...inner } = {} as any, ...rest } = { a: 1, b: { d: 2, e: 3 }, f: 4, g: undefined } as any; const [x, , y = 9, ...zs] = [1, 2, undefined, 4, 5];
    let [p, q] = [1, 2]; [p, q] = [q, p]; const f = (u: number, v = u + 1, { w = 3 } = {}, ...more: number[]) => [u, v, w, more.length]; const makers: (() => number)[] = []; for (let i = 0; i < 3; i++) makers.push(() => i++); function counter() { let n = 0; return { up: () => ++n, get n() { return n; } }; } const k = counter(); k.up(); k.up();
    return [a, c, inner, rest, x, y, zs, p, q, f(1), f(1, undefined, { w: 4 }, 5, 6), f.length, makers.map((m) => m()), makers.map((m) => m()), k.n, { ...null, ...{ z: 1 }, ..."ab" }, Math.max(...[1, 3, 2]), [...[1], ..."xy"]];`,
  "Array's methods": `
    const a = [5, 1, 4, 10]; const people = [{ n: "b", t: 1 }, { n: "a", t: 1 }, { n: "c", t: 0 }];
    return [[...a].sort(), [...a].sort((x, y) => x - y), a.toSorted((x, y) => y - x), a.toReversed(), a.toSpliced(1, 2, 7, 8), a.with(0, 9), a.at(-1), a.findLast((n) => n < 5), a.findLastIndex((n) => n < 5), a.find((n) => n > 20), a.includes(4), a.indexOf(4), [1, [2, [3, [4]]]].flat(Infinity), a.flatMap((n) => [n, n]), a.reduce((s, n) => s + n, 0), a.reduceRight((s, n) => s + n, ""), a.every((n) => n > 0), a.some((n) => n > 9), Array.from({ length: 3 }, (_, i) => i * i), Array.of(7, 8), new Array(3).fill(0), a.slice(-2), [1, 2, 3, 4].copyWithin(0, 2), a.join("-"), a.concat([1], 2 as any), people.toSorted((l, r) => l.t - r.t).map(({ n }) => n), (() => { const s = [1, 2, 3, 4]; const out = s.splice(1, 2); return [s, out, s.push(5), s.pop(), s.shift(), s.unshift(0), s]; })(), Array.isArray([]), [3, undefined, 1].sort(), [,1].length, Array.isArray(Array.prototype), [..."cab"].sort().join(""), a.keys().next(), a.lastIndexOf(1), a.toString()];`,
  JSON: `
    const value: any = { a: [1, null, "é\\u2028\\ud800", true], b: { c: undefined, d: NaN, e: -0 }, toJSON: undefined };
    return [JSON.stringify(value), JSON.stringify(value, null, 2), JSON.stringify(value, ["a"]), JSON.stringify({ k: 1, l: 2 }, (key, v) => (key === "k" ? undefined : v)), JSON.parse('{"a":[1,{"b":2}],"constructor":3,"toString":4}', (key, v) => (typeof v === "number" ? v + 1 : v)), JSON.stringify(undefined), JSON.stringify("\\"\\n"), JSON.stringify({ d: 1n < 2 }), JSON.parse(" [1e3, -0.5] "), (() => { const cycle: any = {}; cycle.self = cycle; try { return JSON.stringify(cycle); } catch (error: any) { return error.name; } })(), Object.keys(JSON.parse('{"__proto__": 1}')), JSON.stringify(new Map([[1, 2]])), JSON.stringify({ [Symbol("s")]: 1, f() {} })];`,
  structuredClone: `
    const shared = { n: 1 }; const source: any = { list: [shared, shared], map: new Map<any, any>([["k", { v: 1 }], [{ key: 1 }, 2]]), set: new Set([1, "a"]), nothing: null, gap: undefined, nested: { deep: [[1], []] }, big: 12n }; source.self = source;
    const copy = structuredClone(source); copy.list[0].n = 5; copy.map.get("k").v = 9;
    const log = structuredClone([{ term: 1, command: { op: "set" } }]); log.push({ term: 2, command: { op: "x" } });
    const frozen = structuredClone(Object.freeze({ a: Object.freeze([1]) })) as any; frozen.a.push(2);
    return [source.list[0].n, copy.list[1].n, copy.self === copy, copy.map instanceof Map, [...copy.set], source.map.get("k").v, copy.list.length, Object.keys(copy), copy.big, log, frozen, copy.list instanceof Array, Object.getPrototypeOf(copy) === Object.prototype, structuredClone("text"), structuredClone(1), structuredClone(null), structuredClone(undefined)];`,
  "structuredClone of what it refuses": `
    const tell = (f: () => unknown) => { try { return [f()]; } catch (error: any) { return error instanceof Error; } };
    return [tell(() => structuredClone(() => 1)), tell(() => structuredClone({ f() {} })), tell(() => structuredClone(Symbol("s")))];`,
  BigInt: `
    const big = 2n ** 70n; return [big, big % 1_000_007n, BigInt("0x1f"), BigInt(12), -5n / 2n, 5n > 4, 2n == (2 as any), typeof big, big.toString(36), BigInt.asUintN(8, 257n), (123n).toLocaleString(), Number(9n), 0n ? 1 : 0, [3n, 1n, 2n].sort((a, b) => (a < b ? -1 : 1)), big << 2n, ~1n];`,
  "typed arrays": `
    const bytes = new Uint8Array([1, 2, 300]); const view = new DataView(new ArrayBuffer(16)); view.setFloat64(0, Math.PI, true); view.setInt16(8, -2); view.setBigUint64(8, 5n);
    const words = new Int32Array(bytes.length).map((_, i) => i * 2); const shared = new Uint8Array(bytes.buffer, 1, 1); shared[0] = 77; class Bits extends Uint32Array { count = 1; }
    return [[...bytes], view.getFloat64(0, true), view.getUint8(0), view.getBigUint64(8), [...words], bytes.subarray(1).length, bytes.slice(-1)[0], Float64Array.from([3, 1, 2]).sort().join(), new Float32Array([0.1])[0], new Uint8ClampedArray([300])[0], words.toSorted((a, b) => b - a).join(), bytes.at(-1), bytes.includes(77), new Bits(2).count, ArrayBuffer.isView(view), new BigInt64Array(1)[0], bytes.with(0, 5)[0], Object.prototype.toString.call(bytes), [...bytes.entries()].length, new Uint16Array([1, 2]).buffer.byteLength, bytes.findLast((n) => n > 50), bytes instanceof Object.getPrototypeOf(Int8Array)];`,
  "regular expressions": `
    const re = /(?<key>\\w+)=(?<value>\\d+)/g; const all = [..."a=1, b=22".matchAll(re)].map((m) => [m[0], m.index, m.groups?.key, { ...m.groups }]);
    const sticky = /ab/y; sticky.lastIndex = 2; const g = /a/g; const indexes: number[] = []; while (g.exec("banana")) indexes.push(g.lastIndex);
    class Loud extends RegExp { override exec(text: string) { const found = super.exec(text); if (found) (found as any).loud = true; return found; } } const own = /x/; own.lastIndex = 3;
    return [all, sticky.test("xxab"), sticky.lastIndex, indexes, "2024-05-06".replace(/(\\d+)-(\\d+)-(\\d+)/, "$3.$2.$1"), "aXbX".replaceAll("X", (_, at) => String(at)), "a1b2".split(/\\d/), "a1b2".split(/(\\d)/), /^\\p{L}+$/u.test("éa"), "x".search(/y/), "AbC".match(/[a-z]/gi), "abc".match(/(?<=a)b(?=c)/)?.index, /a.c/s.test("a\\nc"), /(a)|(b)/.exec("b"), new RegExp("a+", "i").flags, String(/a\\/b/), /a(?:b)c/d.exec("abc")?.indices?.[0], new Loud("a").exec("cat")?.index, own.lastIndex, /\\bS(\\d+)\\b/.exec("at S12")?.[1], RegExp("[.*+?^\${}()|[\\\\]\\\\\\\\]").test("."), /a/ instanceof RegExp, re.source.length, "tel".replace(/e/, "[$&$1]"), "x-y".replace(/(?<l>x)-(?<r>y)/, "$<r>$<l>")];`,
  "String's methods": `
    const s = "Raft §5.4 – élan 😀";
    return [s.length, s.at(-1), s.codePointAt(s.length - 2), s.normalize("NFD").length, s.toUpperCase(), s.toLowerCase(), s.padStart(25, "ab"), s.padEnd(25).length, s.includes("§"), s.startsWith("R"), s.endsWith("😀"), s.indexOf("a"), s.lastIndexOf("a"), s.slice(-3), s.substring(3, 1), s.split(" "), s.trim(), "  x ".trimStart(), "ab".repeat(3), "b".localeCompare("a"), "a".localeCompare("B"), "ä".localeCompare("z"), ["é", "z", "a", "Z"].sort((a, b) => a.localeCompare(b)), "S10".localeCompare("S9"), "S10".localeCompare("S9", undefined, { numeric: true }), "abc".charAt(1), "abc".charCodeAt(1), String.fromCharCode(65, 66), String.fromCodePoint(128512), String.raw\`a\\n\${1}\`, "I".toLocaleLowerCase(), "a-b".replaceAll("-", "+"), "x".concat("y", 1 as any), "\\ud800".isWellFormed?.(), [..."abc"].reverse().join(""), "abc" < "abd", "a\\u0000b".length, encodeURIComponent("a b&é"), escape("é"), "abc"[1], "%7B", decodeURI("%20"), "ß".toUpperCase()];`,
  "numbers and Math": `
    return [(1234567.891).toFixed(2), (0.1 + 0.2).toString(), (255).toString(16), (0.000001234).toString(), (1e21).toString(), (1234.5678).toPrecision(6), (1234.5).toExponential(2), (1234567.891).toLocaleString(), (0.5).toLocaleString("en", { style: "percent" }), (5).toLocaleString("en-US", { minimumIntegerDigits: 2 }), Number("0x1f"), Number(""), Number("1e3"), parseInt("12px", 10), parseFloat("3.5.6"), Number.parseFloat("1"), Number.isInteger(5.0), Number.isSafeInteger(2 ** 53), Number.EPSILON > 0, Number.MAX_SAFE_INTEGER, 1 / -0, 0 === -0, Object.is(0, -0), isNaN("x" as any), isFinite(1), 7 % -3, -7 % 3, 2 ** -1, 5 >>> 1, -5 >> 1, -5 >>> 28, ~~5.7, 1_000_000, 0b101, 0o17, Math.max(), Math.min(1, 2), Math.floor(-1.5), Math.round(2.5), Math.round(-2.5), Math.trunc(-1.7), Math.sign(-3), Math.cbrt(27), Math.hypot(3, 4), Math.log2(8), Math.log10(1000), Math.exp(1), Math.sin(1), Math.atan2(1, 2), Math.clz32(1), Math.imul(3, 4), Math.fround(5.5), Math.abs(-1), Math.sqrt(2), Math.pow(2, 10), Math.PI, Math.E, Math.ceil(0.2), Math.expm1(1e-10), Math.tanh(0.5), typeof Math.random];`,
  "control flow": `
    const trail: string[] = [];
    outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 1) continue outer; if (i === 2) break outer; trail.push(i + "" + j); } }
    const order = (() => { try { trail.push("try"); throw new Error("x"); } catch { trail.push("catch"); return "caught"; } finally { trail.push("finally"); } })();
    const overridden = (() => { try { return 1; } finally { trail.push("late"); } })(); let n = 0; do n++; while (n < 5); while (true) { if (n-- < 2) break; } block: { trail.push("in"); if (n) break block; } switch (3 as number) { case 1: trail.push("1"); default: trail.push("default"); case 2: trail.push("fall"); }
    for (const key in { b: 1, a: 2, 1: 3 }) trail.push(key); for (const [k, v] of Object.entries({ x: 1 })) trail.push(k + v); for (;;) break; const e: any = undefined; let z: any = null; z ??= 4; z &&= 5; z ||= 6; if (n) trail.push("if"); else trail.push("else"); let i = 0; for (; i < 3; i += 1); var hoisted = typeof laterFunction; function laterFunction() {}
    return [trail, order, overridden, n, e?.a?.b.c, e?.(), e?.[0], z, e ?? "default", hoisted, i, (1, 2), void 0, typeof e, [1, 2, 3].map((x) => { if (x === 2) return; return x; })];`,
  "Object's functions": `
    const frozen: any = Object.freeze({ a: 1, inner: { b: 2 } }); let refused = ""; try { (() => { throw new TypeError("kept"); })(); } catch (error: any) { refused = error.message; } frozen.inner.b = 3;
    const o: any = {}; Object.defineProperty(o, "hidden", { value: 1 }); Object.defineProperty(o, "live", { get: () => 7, set() {}, enumerable: true, configurable: true }); Object.defineProperties(o, { c: { value: 1, writable: true, enumerable: true } }); const sealed: any = Object.seal({ x: 1 }); sealed.x = 2; const accessor = { _v: 1, get v() { return this._v; }, set v(n) { this._v = n * 2; } }; accessor.v = 4;
    return [Object.isFrozen(frozen), frozen.inner.b, refused, Object.keys(o), o.live, o.hidden, Object.getOwnPropertyNames(o), sealed.x, Object.isSealed(sealed), accessor.v, Object.entries({ a: 1 }), Object.is(NaN, NaN), Object.getOwnPropertyDescriptor(o, "hidden"), Object.assign({}, null, { q: 1 }), Object.getOwnPropertySymbols({ [Symbol.for("s")]: 1 }).length, Object.setPrototypeOf({ own: 1 }, { up: 2 }).up, Object.create({ up: 1 }, { d: { value: 2, enumerable: true } }), Object.isExtensible(Object.preventExtensions({})), Object.keys("ab"), new Object(1), (o as object) instanceof Object, Object.values([4, 5]), typeof Object.groupBy, typeof (Map as any).groupBy, Object.keys(Object.getOwnPropertyDescriptors({ a: 1, get b() { return 1; } }).b)];`,
  "WeakMap, WeakSet, Symbol, Proxy, Reflect": `
    const weak = new WeakMap<object, number>(); const key = {}; weak.set(key, 1); const set = new WeakSet([key]); const seen: string[] = [];
    const proxy: any = new Proxy({ a: 1 } as any, { get(target, name, receiver) { seen.push(String(name)); return Reflect.get(target, name, receiver); }, set(target, name, value) { target[name] = value * 2; return true; }, has: () => true, deleteProperty: () => true, ownKeys: () => ["a", "z"], getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: 1 }) }); proxy.b = 4; const callable: any = new Proxy(function (n: number) { return n; }, { apply: (f, _, [n]) => f(n) + 1, construct: () => ({ made: true }) });
    const { proxy: revoked, revoke } = Proxy.revocable({}, {}); revoke(); let gone = ""; try { (revoked as any).x; } catch (error: any) { gone = error.name; } const unique = Symbol("u"); class Even { static [Symbol.hasInstance](n: any) { return n % 2 === 0; } }
    return [weak.get(key), weak.has({}), set.has(key), proxy.a, proxy.b, "zzz" in proxy, Object.keys(proxy), delete proxy.q, seen, callable(1), new callable(), gone, Reflect.ownKeys({ a: 1, [unique]: 2 }).length, Reflect.apply(Math.max, null, [1, 2]), Reflect.construct(Map, [[[1, 2]]]).size, Reflect.has({ a: 1 }, "a"), String(unique), unique.description, Symbol.for("a") === Symbol.for("a"), Symbol.keyFor(Symbol.for("k")), (4 as any) instanceof Even, typeof unique, Reflect.getPrototypeOf([]) === Array.prototype, Reflect.set({}, "a", 1), Reflect.defineProperty({}, "a", { value: 1 })];`,
  "tagged templates": `
    const tag = (parts: TemplateStringsArray, ...values: unknown[]) => [parts.join("|"), parts.raw.join("|"), values, Object.isFrozen(parts), Array.isArray(parts)]; const one = () => tag\`x\`; const same = (p: TemplateStringsArray) => p; const again = () => same\`y\`;
    return [tag\`a\${1}b\\n\${{ c: 2 }}\`, one(), again() === again(), \`\${[1, 2]} \${null} \${undefined} \${{}}\`];`,
  "Map and Set": `
    const map = new Map<any, any>([[NaN, "n"], [0, "zero"], ["k", 1]]); map.set(-0, "minus").delete("k"); const order = new Set([3, 1, 3, 2]); const during: number[] = []; for (const n of order) { during.push(n); if (n === 3) order.add(9); if (n === 1) order.delete(2); } map.forEach((v, k) => during.push(String(v).length));
    return [[...map], map.get(NaN), map.size, during, [...order], new Map(Object.entries({ a: 1 })).get("a"), Object.fromEntries(new Map([["a", 1]])), [...new Set("hello")].join(""), new Map([[1, { a: 1 }]]).get(1)?.a, [...map.keys()], map.has(0), new Set([1]).has(1), [...map].map(([k]) => typeof k), Object.prototype.toString.call(map), map.clear(), map.size];`,
  functions: `
    function sum(this: any, ...all: number[]) { return all.reduce((a, b) => a + b, this?.base ?? 0); } const bound = sum.bind({ base: 10 }, 1); const args = (function () { return [arguments.length, [...arguments], typeof arguments, Array.from(arguments)]; } as any)(1, 2); const memo = ((cache = new Map<number, number>()) => function fib(n: number): number { if (n < 2) return n; const known = cache.get(n); if (known !== undefined) return known; const made = fib(n - 1) + fib(n - 2); cache.set(n, made); return made; })();
    const pipe = (...fs: ((n: number) => number)[]) => (n: number) => fs.reduce((x, f) => f(x), n); class Handler { readonly n = 5; arrow = () => this.n; method() { return this?.n; } } const { arrow, method } = new Handler(); const curry = (a: number) => (b: number) => (c: number) => a + b + c; let self: any; (function (this: any) { self = this; })();
    return [sum.call({ base: 1 }, 2), sum.apply(null, [1, 2]), bound(2), bound.name, bound.length, args, memo(50), pipe((n) => n + 1, (n) => n * 2)(3), arrow(), (() => { try { return method(); } catch (error: any) { return error.name; } })(), curry(1)(2)(3), self === undefined, (() => {}).name, (class Foo {}).name, typeof class {}, String(function named(a: any) {}).startsWith("function named"), new (function (this: any) { this.x = 1; } as any)().x, ((a: any, b = 1, ...c: any[]) => {}).length, (function () { return new.target; })(), sum instanceof Function, sum.constructor === Function, Function.prototype.isPrototypeOf(sum)];`,
  "recursion 5,000 deep": `
    const down = (n: number): number => (n === 0 ? 0 : 1 + down(n - 1)); const list: any = { next: null }; let at = list; for (let i = 0; i < 5_000; i++) at = at.next = { next: null }; const length = (node: any): number => (node === null ? 0 : 1 + length(node.next));
    return [down(5_000), length(list)];`,
  "recursion without end is caught like any error": `
    const forever = (n: number): number => forever(n + 1) + 1; try { forever(0); return "no end"; } catch (error: any) { return [error.name, error.message, error instanceof RangeError, error.constructor === RangeError]; }`,
  "strings of 1 MB": `
    let text = ""; for (let i = 0; i < 10_000; i++) text += "0123456789".repeat(10); const parts = text.split("9"); return [text.length, parts.length, text.replaceAll("0", "").length, text.indexOf("90", 500_000), JSON.stringify(text).length, text.slice(-5), [...text].length, /8(9)$/.exec(text)?.[1], JSON.parse(JSON.stringify(text)) === text];`,
  "sorting 100,000 numbers": `
    let x = 1; const numbers = Array.from({ length: 100_000 }, () => (x = (x * 48_271) % 2_147_483_647)); const sorted = numbers.toSorted((a, b) => a - b); return [sorted[0], sorted[50_000], sorted.at(-1), sorted.every((n, i) => i === 0 || sorted[i - 1] <= n)];`,
  "logs of 10,000 entries": `
    const log = Array.from({ length: 10_000 }, (_, i) => ({ term: Math.floor(i / 100), command: { op: "set", key: "k" + (i % 7) } })); const state = new Map<string, number>(); for (const { command } of log) state.set(command.key, (state.get(command.key) ?? 0) + 1); return [[...state], log.filter((e) => e.term === 5).length, log.findLastIndex((e) => e.term < 50), JSON.stringify(log).length, structuredClone(log).length];`,
  "what stands around a program": `
    const level = process.env.DEBUG ? "debug" : "quiet"; const isTest = process.env.NODE_ENV_OF_NOBODY === "test"; if (process.env["RAFT_TRACE_OF_NOBODY"] !== undefined) throw new Error("no"); const { LOG_LEVEL_OF_NOBODY = "info" } = process.env as any;
    return [level, isTest, LOG_LEVEL_OF_NOBODY, typeof console.log, typeof process.env, typeof globalThis, typeof undefined, NaN, Infinity, typeof module, typeof exports];`,
  "asking whether something is there": `
    return [typeof setTimeout, typeof setImmediate, typeof queueMicrotask, typeof Buffer, typeof fetch, typeof require, typeof WeakRef, typeof URL, typeof TextEncoder, typeof nobodyKnowsThis, typeof Promise, typeof Date, typeof structuredClone, typeof undefined, typeof Symbol.asyncIterator];`,
  "a name that nobody knows": `
    try { return (nobodyKnowsThis as any).x; } catch (error: any) { return [error.name, error.message]; }`,
  "what the kit gives": `
    const stub = new NotImplemented("9.9"); return [stub.name, stub.message, stub instanceof Error, stub instanceof NotImplemented, TIMING.electionTimeoutMin, stub.constructor === NotImplemented];`,
  "env and messages": `
    const { self, peers, now, random, log, setTimer, cancelTimer, send, disk } = env; const draws = [random(), random()].map((n) => n >= 0 && n < 1); disk.write({ a: [1, { b: 2 }], constructor: "c" }); const read: any = disk.read("a"); setTimer("t", 5); cancelTimer("t"); const peer: string = peers[0]; send(peer, { type: "Note", toString: 1, constructor: [2], text: "é😀\\ud800", empty: {}, none: [], deep: { a: { b: null } }, big: 2 ** 60, small: -1.5 });
    const tell = (f: () => unknown) => { try { f(); return "done"; } catch (error: any) { return [error.name, error instanceof TypeError]; } };
    return [self, [...peers], typeof now(), draws, read, Object.isFrozen(read), disk.read("nobody"), disk.read("toString"), disk.read("constructor"), Object.keys(env), Object.isFrozen(env), message.type, Object.keys(message), tell(() => { const { length } = peers; return length; }), peers.map((id: string) => id.length), peers.includes("S2"), peers.concat("S9"), Array.isArray(peers), message.nested, message.list.map((n: number) => n * 2), Array.isArray(message.list), message.constructor, Object.getPrototypeOf(message) === Object.prototype, message.nested.toString, { ...message }.name === message.name, Object.isFrozen(message) && Object.isFrozen(message.list), from];`,
};

/** What stands around the honest code. */
const AROUND = `
  namespace Shapes { export const unit = 1; export function area(r: number) { return r * r * unit; } }
  const moduleState = new Map<string, number>();
  const written = (value: any): any =>
    typeof value === "bigint" ? value + "n"
    : value === undefined ? "(undefined)"
    : typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)) ? (Object.is(value, -0) ? "-0" : String(value))
    : typeof value === "symbol" ? String(value)
    : Array.isArray(value) ? Array.from(value, written)
    : typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, written(inner)]))
    : typeof value === "function" ? "(function)"
    : value;
  const HONEST: Record<string, (env: any, from: string, message: any) => unknown> = {
    ${Object.entries(HONEST)
      .map(([name, body]) => `${JSON.stringify(name)}: (env, from, message) => {${body}},`)
      .join("\n")}
  };`;

/** In pieces: a line of a log has an end. */
const TELL = `
  let text: string;
  try { text = JSON.stringify(written(HONEST[message.name](env, from, message))); } catch (error: any) { text = "threw " + error.stack; }
  for (let at = 0; at < text.length; at += 900) env.log(text.slice(at, at + 900));`;

test("honest code does in a cell what it does anywhere", async (t) => {
  const program = await programOf(AROUND, "", TELL);
  const cell = await InCell.of(program);
  const { makeHost } = load(program, LAB);
  try {
    for (const name of Object.keys(HONEST)) {
      const message = {
        type: "Case",
        name,
        list: [1, 2],
        nested: { a: 1, toString: "own" },
        constructor: "field",
      };
      const inCell = await cell.play(2, message as AnyMessage);
      const here = await play({ seed: 1, servers: 2, host: makeHost() }, message as AnyMessage);
      t.deepEqual(pieces(inCell), pieces(here), name);
      t.ok(
        here.failure === undefined && !here.logs[0].startsWith("threw "),
        `${name}: ${here.failure ?? here.logs[0].slice(0, 200)}`,
      );
    }
  } finally {
    cell.close();
  }
});

/** What was told, taken apart where it can be: a difference is easier to find then. */
function pieces({ logs, failure }: Told): unknown {
  const text = logs.join("");
  return { told: text.startsWith("[") ? JSON.parse(text) : text, failure };
}

/** What is not as in Node, and what the cell says instead. */
const NOT_THERE: Readonly<Record<string, RegExp>> = {
  "window.addEventListener('x', () => {})": /window/,
  "document.title": /document/,
  "new Intl.NumberFormat()": /a use of Intl/,
  "setTimeout(() => {}, 5)": /setTimeout/,
  "setInterval(() => {}, 5)": /setInterval/,
  "queueMicrotask(() => {})": /queueMicrotask/,
  "performance.now()": /performance/,
  "crypto.randomUUID()": /crypto/,
  "process.exit(0)": /process/,
  "process.hrtime()": /process/,
  "fetch('http://127.0.0.1')": /fetch/,
  "Buffer.from('a')": /a use of Buffer/,
  "new TextEncoder()": /a use of TextEncoder/,
  "new WeakRef({})": /WeakRef/,
  "new SharedArrayBuffer(8)": /a use of SharedArrayBuffer/,
  "Atomics.wait": /a call of Atomics.wait/,
  "WebAssembly.Module": /a use of WebAssembly/,
  "global.x = 1": /a use of global\./,
  "globalThis.setTimeout(() => {}, 1)": /setTimeout/,
  "new Date()": /a call of Date/,
  "Date.now()": /a call of Date\.now.*env\.now\(\)/s,
  "Math.random()": /a call of Math\.random.*env\.random\(\)/s,
  "Promise.resolve(1)": /a call of Promise\.resolve/,
  "(async () => {})()": /a call of an async function/,
  "(globalThis as any).mine = 1": /a change of one/,
  "(Array.prototype as any).last = 1": /a change of one/,
  "(Object.prototype as any).toString = () => 'x'": /a change of one/,
  "(Object.prototype as any).extra = 1": /a change of one/,
  "(Math as any).tau = 6": /a change of one/,
  "(JSON as any).stringify = () => 'x'": /a change of one/,
  "(process.env as any).DEBUG = '1'": /a change of one/,
  "const queue: any[] = []; queue.push = () => 0": /a change of one/,
  "const map: any = new Map(); map.get = () => 0": /a change of one/,
  "const f: any = () => 1; f.toString = () => 'f'": /a change of one/,
  "(Error as any).stackTraceLimit = 50": /a change of one/,
  "(Error as any).prepareStackTrace = (_: unknown, frames: unknown) => frames": /a change of one/,
  "eval('1')": /Code generation from strings disallowed/,
  "new Function('return 1')()": /Code generation from strings disallowed/,
  "(() => {}).constructor('return 1')()": /Code generation from strings disallowed/,
  "(function* () {}).constructor('yield 1')()": /Code generation from strings disallowed/,
  "(async () => {}).constructor('return 1')()": /Code generation from strings disallowed/,
  "env.peers.push('S9')": /a change of one/,
  "message.list.push(3)": /a change of one/,
  "message.type = 'Other'": /a change of one/,
};

test("what is not there explains itself", async (t) => {
  const codes = Object.keys(NOT_THERE);
  const cases = codes.map((code) => `(env: any, message: any) => { ${code}; },`);
  const program = await programOf(
    `const CASES = [${cases.join("\n")}];`,
    "",
    "CASES[message.n](env, message);",
  );
  const cell = await InCell.of(program);
  try {
    for (const [n, code] of codes.entries()) {
      const { failure } = await cell.play(2, { type: "Case", n, list: [1] } as AnyMessage);
      t.match(failure ?? "no failure", NOT_THERE[code], code);
    }
  } finally {
    cell.close();
  }
});

test("what is left out without a word: the memory of RegExp; and the console says nothing", async (t) => {
  const methods =
    "log info warn error debug trace dir dirxml table group groupCollapsed groupEnd assert count countReset clear";
  const start = `
    /(\\w)/.exec("abc");
    env.log([typeof (RegExp as any).$1, typeof (RegExp as any).lastMatch, typeof (RegExp as any).input].join());
    for (const name of "${methods}".split(" ")) if (typeof (console as any)[name] !== "function") env.log("no console." + name); else (console as any)[name]("x");
    env.log([process.env.DEBUG, typeof process.env].join());`;
  const cell = await InCell.of(await programOf("", start));
  const { logs, failure } = await cell.play(1);
  cell.close();
  t.deepEqual(logs, ["undefined,undefined,undefined", ",object"]);
  t.equal(failure, undefined);
});

test("names that Node does not have either do not seem to be there", async (t) => {
  const cell = await InCell.of(
    await programOf("", "env.log([typeof window, typeof document, typeof localStorage].join());"),
  );
  const { logs } = await cell.play(1);
  cell.close();
  t.deepEqual(logs, ["undefined,undefined,undefined"]);
});

/** Code that walks over everything it can reach. `visit` gets each object once, with the way to it. */
const WALK = `
  type Visit = (object: any, path: string) => void;
  const PRESENT = ["AggregateError", "Array", "ArrayBuffer", "BigInt", "BigInt64Array", "Boolean", "DataView", "Date", "Error", "Float64Array", "Function", "JSON", "Map", "Math", "Number", "Object", "Promise", "Proxy", "RangeError", "Reflect", "RegExp", "Set", "String", "Symbol", "SyntaxError", "TypeError", "Uint8Array", "WeakMap", "WeakSet", "console", "decodeURI", "escape", "isFinite", "isNaN", "parseInt", "parseFloat", "structuredClone"];
  function walk(roots: [string, unknown][], visit: Visit): number {
    const found = new Set<object>();
    const open = [...roots];
    for (const [path, value] of open) {
      if ((typeof value !== "object" && typeof value !== "function") || value === null || found.has(value)) continue;
      found.add(value);
      visit(value, path);
      open.push([path + ".__proto__", Object.getPrototypeOf(value)]);
      for (const key of Reflect.ownKeys(value)) {
        const { value: inner, get, set }: any = Object.getOwnPropertyDescriptor(value, key);
        const at = path + "." + String(key);
        open.push([at, inner], [at + ".get", get], [at + ".set", set]);
        if (get !== undefined) try { open.push([at + "()", Reflect.get(value, key)]); } catch (error) { open.push([at + " throws", error]); }
      }
    }
    return found.size;
  }
  const thrown = (f: () => unknown): unknown => { try { return f(); } catch (error) { return error; } };
  function unnamed(): [string, unknown][] {
    const many: [string, () => unknown][] = [
      ["function", () => function () {}], ["arrow", () => () => {}], ["class", () => class {}], ["generator", () => (function* () {})()], ["async", () => async () => {}],
      ["async generator", () => (async function* () {})()], ["array iterator", () => [][Symbol.iterator]()], ["map iterator", () => new Map().entries()],
      ["set iterator", () => new Set().entries()], ["string iterator", () => ""[Symbol.iterator]()], ["matchAll", () => "".matchAll(/a/g)], ["template", () => ((parts: any) => parts)\`x\`],
      ["match", () => /(?<a>a)/d.exec("a")], ["helper", () => ([] as any).values().map?.((x: any) => x)], ["wrapped", () => (globalThis as any).Iterator?.from?.({ next() {} })],
      ["arguments", function () { return arguments; }], ["callee", function () { return Object.getOwnPropertyDescriptor(arguments, "callee"); }], ["caller", () => thrown(() => (function f() {} as any).caller)],
      ["callee's", () => thrown(function () { return arguments.callee; })], ["parsed", () => JSON.parse('{"a":[{}]}')], ["boxed", () => [Object(1), Object("a"), Object(Symbol()), Object(1n)]],
      ["revocable", () => Proxy.revocable({}, {})], ["descriptors", () => Object.getOwnPropertyDescriptors(Object.prototype)], ["cloned", () => structuredClone({ a: new Map([[{}, new Set([{}])]]) })],
      ["clone refused", () => thrown(() => structuredClone(() => 1))], ["null read", () => thrown(() => (null as any).x)], ["no code", () => thrown(() => Function("1"))],
      ["frozen", () => thrown(() => { (Object as any).x = 1; })], ["bad array", () => thrown(() => new Array(-1))], ["bad regex", () => thrown(() => new RegExp("("))],
      ["bad json", () => thrown(() => JSON.parse("{"))], ["bad uri", () => thrown(() => decodeURI("%"))], ["this", function (this: unknown) { return this; }], ["eval", () => eval],
      ["eval's", () => thrown(() => (0, eval)("1"))], ["process.env", () => process.env], ["kit", () => [NotImplemented, TIMING, new NotImplemented("1.1")]], ["stack", () => thrown(() => { const f = (): unknown => f(); f(); })],
      ["async's promise", () => thrown(() => (async (a = (() => { throw new Error("early"); })()) => a)())],
    ];
    return many.map(([name, make]) => [name, make.call(undefined)]);
  }
  const named = (): [string, unknown][] => [...PRESENT.map((name): [string, unknown] => [name, (globalThis as any)[name]]), ["Object itself", Object], ["Math itself", Math]];
  const TOP: [string, unknown][] = [["top arguments", arguments], ["top this", (() => this)()], ["module", module], ["exports", exports], ["require", (arguments as any)[0]], ["step", (arguments as any)[3]], ["async", (arguments as any)[4]]];`;

test("no server leaves anything for another one in its cell", async (t) => {
  const start = `
    const key = "left by " + env.self;
    const left: string[] = [];
    walk([...named(), ...unnamed().filter(([name]) => name !== "async's promise"), ...TOP], (object, path) => {
      if (Reflect.ownKeys(object).some((own) => String(own).startsWith("left by "))) left.push(path);
    });
    walk([...named(), ...unnamed().filter(([name]) => name !== "async's promise"), ...TOP], (object) => {
      try { Object.defineProperty(object, key, { value: 1, configurable: true }); } catch {}
    });
    env.log(left.slice(0, 20).map((path) => path.slice(0, 60)).join("; ").slice(0, 990));`;
  const cell = await InCell.of(await programOf(WALK, start));
  try {
    const { logs, failure } = await cell.play(3);
    t.equal(failure, undefined);
    t.deepEqual(logs, ["", "", ""], "three servers of one world");
    t.deepEqual((await cell.play(1)).logs, [""], "a server of the next world");
  } finally {
    cell.close();
  }
});

/** Ways to an object of another realm that were ever found, or that others have found in other sandboxes. */
const ATTACKS: Readonly<Record<string, string>> = {
  "everything that can be reached":
    "walk([...named(), ...unnamed(), ...TOP, ['env', env], ['message', message], ['from', from]], look);",
  "what env throws": `
    const wrong: unknown[] = [undefined, null, 1, {}, () => 1, Symbol("s"), [], new Map(), "S9", NaN, 10n, { type: Symbol("t") }, { toString: 1 }, new Proxy({}, {}), Object.create(null), new Proxy({}, { get() { throw new Error("got"); } })];
    for (const a of wrong) for (const b of wrong) for (const call of [() => env.send(a, b), () => env.send("S2", b), () => env.setTimer(a, b), () => env.cancelTimer(a), () => env.disk.write(a), () => env.disk.read(a), () => env.now(a), () => env.random(a)])
      try { look(call(), "result"); } catch (error) { walk([["thrown", error]], look); }`,
  "an error whose name is a symbol": `
    for (const make of [() => new Error("x"), () => new TypeError("x"), () => ({}) as any]) for (const field of ["name", "message"]) for (const value of [Symbol("s"), { toString: () => ({}) }, { toString: null, valueOf: null }, Object.create(null), 1n, new Proxy({}, {}), new Proxy(() => {}, {})]) {
      try { const error = make(); Error.captureStackTrace(error); Object.defineProperty(error, field, { value }); look(error.stack, "stack"); } catch (error) { look(error, "error.stack threw"); }
      try { class Odd extends Error { static made() { return new Odd("x"); } } Object.defineProperty(Odd.prototype, field, { value }); look(Odd.made().stack, "stack"); } catch (error) { look(error, "error.stack threw"); }
    }`,
  "an error with a getter": `
    const error: any = new Error("x"); const seen: unknown[] = []; for (const field of ["name", "message", "constructor", "toString", "code"]) Object.defineProperty(error, field, { get(...all: unknown[]) { seen.push(this, all, ...all); try { look((arguments as any).callee, "callee"); } catch (thrown) { look(thrown, "callee"); } return "x"; } });
    String(error.stack); for (const value of [...seen]) walk([["seen", value]], look);
    const behind: any = new Error("y"); const got: unknown[] = []; Object.setPrototypeOf(behind, new Proxy({}, { get(...all) { got.push(...all); return undefined; }, has(...all) { got.push(...all); return false; }, getPrototypeOf(...all) { got.push(...all); return null; }, getOwnPropertyDescriptor(...all) { got.push(...all); return undefined; } }));
    String(thrown(() => behind.stack)); for (const value of [...got]) if (value !== behind) walk([["got", value]], look);`,
  "Error.prepareStackTrace": `
    const frames: unknown[] = []; const prepare = (error: unknown, all: unknown) => { frames.push(error, all); return all; };
    try { (Error as any).prepareStackTrace = prepare; } catch (error) { look(error, "thrown"); } try { Object.defineProperty(Error, "prepareStackTrace", { value: prepare }); } catch (error) { look(error, "thrown"); }
    class Own extends Error { static prepareStackTrace = prepare; } String(new Own("x").stack); const target: any = {}; Error.captureStackTrace(target, Own); look(target.stack, "stack"); for (const frame of frames) walk([["frame", frame]], look); if (frames.length > 0) env.log("frames were seen");`,
  ...Object.fromEntries(
    Object.entries({
      "error.stack": "new Error('x').stack",
      "env.cancelTimer": "env.cancelTimer('a')",
      "env.send": "env.send('S2', null)",
      "a message read": "message.list.map((n: number) => n)",
      JSON: "JSON.parse(JSON.stringify({ a: [1] }))",
      sorting: "[3, 1, 2].sort((a, b) => a - b)",
      structuredClone: "structuredClone({ a: { b: [1] } })",
      "a regular expression": "'aab'.replace(/a/g, (x) => x + x)",
      "a Proxy": "new Proxy({}, { get: () => 1 } as any).x",
      toLocaleString: "(5).toLocaleString()",
      NotImplemented: "new NotImplemented('1.1').message",
      "process.env": "process.env.X",
      console: "console.log('x')",
    }).map(([name, probe]) => [
      `a full stack, and then ${name}`,
      `const kept: unknown[] = []; const deep = (room: number): void => {
        let probes = 0;
        const dig = (a: number, b: number, c: number): number => { let got = 0; try { got = dig(a + 1, b, c) + 1; } catch (error) { if (kept.length < 5_000) kept.push(error); } if (probes++ < 300) try { kept.push(${probe}); } catch (error) { kept.push(error); } return got + a + b + c; };
        const padded = (n: number): number => (n === 0 ? dig(0, 1, 2) : padded(n - 1));
        try { padded(room); } catch (error) { kept.push(error); }
      };
      for (let room = 0; room < 8; room++) deep(room);
      for (const value of kept) look(value, "kept");`,
    ]),
  ),
};

/**
 * An error that is thrown while Node itself writes the text of `error.stack` is of Node's own realm, and there is no way
 * to keep it from whoever asked. So nothing in that realm can be changed either.
 */
test("no way leads from a cell's realm into another one, but to errors with nothing to change behind them", async (t) => {
  const look = `
    const foreign = new Set<string>();
    const ends = new Set<object>();
    const look: Visit = (object, path) => {
      if ((typeof object !== "object" && typeof object !== "function") || object === null) return;
      let last = object;
      while (Object.getPrototypeOf(last) !== null) last = Object.getPrototypeOf(last);
      if (last === Object.prototype || last === object || ends.has(last)) return;
      ends.add(last);
      const where = path.slice(0, 60) + " leads to another realm";
      const name = thrown(() => object.constructor.name);
      if (!(typeof name === "string" && name.endsWith("Error"))) foreign.add(where + ": " + String(name).slice(0, 40));
      const outer = last.constructor;
      const made = [outer.keys({ a: 1 }), outer.entries({ a: 1 }), outer.getOwnPropertyDescriptor({ a: 1 }, "a")];
      const roots: [string, unknown][] = [object, ...made, made[0][Symbol.iterator](), made[0].map(() => 1)].map((one) => ["", Object.getPrototypeOf(one)]);
      walk(roots, (one, at) => { if (!Object.isFrozen(one) && !at.endsWith(" throws")) foreign.add(where + (", where this can be changed: " + at).slice(0, 100)); });
      const code = thrown(() => outer.constructor("return 1")());
      if (code === 1) foreign.add(where + ", where code can be made");
    };`;
  const cases = Object.values(ATTACKS).map(
    (code) => `(env: any, from: string, message: any): Set<string> => { ${look} ${code}; return foreign; },`,
  );
  const onMessage = `
    const found = CASES[message.n](env, from, message);
    env.log([...found].join("; ").slice(0, 990));`;
  const program = await programOf(`${WALK} const CASES = [${cases.join("\n")}];`, "", onMessage);
  const cell = await InCell.of(program);
  try {
    for (const [n, name] of Object.keys(ATTACKS).entries()) {
      const { logs, failure } = await cell.play(2, { type: "Case", n, list: [{}] } as AnyMessage);
      t.deepEqual(
        logs,
        [""],
        `${name}${failure === undefined ? "" : ` (${failure.split("\n")[0].slice(0, 200)})`}`,
      );
    }
  } finally {
    cell.close();
  }
});
