import type { Line } from "../attack";
import { raft } from "../submission";

const noStrings = /EvalError: Code generation from strings disallowed/;

export const ESCAPES: Line = {
  number: 13,
  title: "Escapes from the realm",
  happens:
    "Nothing in reach comes from another realm, and strings never become code. Behind that stand the walls of the process.",
  attacks: [
    {
      id: "13a",
      does: 'env.constructor.constructor("return process")()',
      submission: raft({ start: 'this.env.constructor.constructor("return process")().exit(0);' }),
      verdict: "no points",
      says: noStrings,
    },
    {
      id: "13b",
      does: "the error of a failed import()",
      submission: raft({
        start:
          'const name = "x";\nimport(name).catch((e) => e.constructor.constructor("return process")().exit(0));',
      }),
      verdict: "refused",
      says: /import\(…\) cannot be used here/,
    },
    {
      id: "13c",
      does: "Error.prepareStackTrace, to get at call sites",
      submission: raft({ start: "Error.prepareStackTrace = (_, sites) => sites[0].getThis();" }),
      verdict: "no points",
      says: /found a change of one/,
    },
    {
      id: "13d",
      does: "the error of a stack overflow within the grader’s own functions",
      submission: raft({
        start: `const deep = () => this.env.log({ toString: deep });
try { deep(); } catch (e) { e.constructor.constructor("return process")().exit(0); }`,
      }),
      verdict: "no points",
      says: noStrings,
    },
    {
      id: "13e",
      does: "eval, direct and indirect",
      submission: raft({ start: 'const run = eval;\nrun("process.exit(0)");' }),
      verdict: "no points",
      says: noStrings,
    },
    {
      id: "13f",
      does: "new Function",
      submission: raft({ start: 'new Function("return process")().exit(0);' }),
      verdict: "no points",
      says: noStrings,
    },
    {
      id: "13g",
      does: "the constructors of generators and async functions",
      submission: raft({
        start: `for (const f of [function* () {}, async () => {}, async function* () {}])
  try { Object.getPrototypeOf(f).constructor("return process")(); } catch (e) { if (e.name !== "EvalError") throw e; }
Object.getPrototypeOf(function* () {}).constructor("yield process")().next();`,
      }),
      verdict: "no points",
      says: noStrings,
    },
    {
      id: "13h",
      does: "Reflect.construct and bound constructors",
      submission: raft({ start: 'Reflect.construct(Function.bind(null, "return process"), [])();' }),
      verdict: "no points",
      says: noStrings,
    },
    {
      id: "13i",
      does: "arguments.callee.caller",
      submission: raft({ start: "arguments.callee.caller.call();" }),
      verdict: "no points",
      says: /TypeError: 'caller', 'callee', and 'arguments'/,
    },
    {
      id: "13j",
      does: "the wrapper’s own arguments",
      submission: raft({
        top: "const outer = arguments;",
        start: 'throw new Error(Object.values(outer).map((x) => x.constructor("return process")()));',
      }),
      verdict: "no points",
      says: noStrings,
    },
    {
      id: "13k",
      does: "an error with an inspect function that Node would call",
      submission: raft({
        start: `throw { [Symbol.for("nodejs.util.inspect.custom")]: (_, options, inspect) => inspect.constructor("return process")() };`,
      }),
      verdict: "no points",
      says: /threw \[object Object\] \(not an Error\)/,
    },
    {
      id: "13l",
      does: "a promise whose constructor throws such an error, as a handler’s result",
      submission: raft({
        start: `const promise = (async () => {})();
Object.defineProperty(promise, "constructor", { get() { throw { [Symbol.for("nodejs.util.inspect.custom")]: (_, options, inspect) => inspect }; } });
return promise;`,
      }),
      verdict: "no points",
      says: /found a call of an async function/,
    },
    {
      id: "13m",
      does: "WebAssembly, to write to memory that is not its own",
      submission: raft({ start: "new WebAssembly.Memory({ initial: 1 });" }),
      verdict: "no points",
      says: /found a (use|call) of WebAssembly/,
    },
    {
      id: "13n",
      does: "structuredClone and other functions of the host",
      submission: raft({ start: 'structuredClone.constructor("return process")().exit(0);' }),
      verdict: "no points",
      says: noStrings,
    },
    {
      id: "13o",
      does: "this of a sloppy function",
      submission: raft({
        start: 'const self = (function () { return this; })();\nthrow new Error("this is " + self);',
      }),
      verdict: "no points",
      says: /threw Error: this is undefined/,
    },
  ],
};
