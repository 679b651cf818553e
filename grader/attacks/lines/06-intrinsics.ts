import type { Attack, Line } from "../attack";
import { raft } from "../submission";

const CHANGES: readonly (readonly [does: string, code: string])[] = [
  ["Array.prototype.every", "Array.prototype.every = () => true;"],
  ["JSON.stringify", "JSON.stringify = () => '{\"points\":100}';"],
  ["Object.prototype.passed", "Object.prototype.passed = true;"],
  ["Object.prototype.toJSON", "Object.prototype.toJSON = () => ({ points: 100 });"],
  ["Array.prototype[Symbol.iterator]", "Array.prototype[Symbol.iterator] = function* () {};"],
  ["Map.prototype.get", "Map.prototype.get = () => undefined;"],
  ["Number.isSafeInteger", "Number.isSafeInteger = () => true;"],
  ["Function.prototype.call", "Function.prototype.call = () => true;"],
  ["RegExp.prototype.exec", "RegExp.prototype.exec = () => null;"],
  ["String.prototype.charCodeAt", "String.prototype.charCodeAt = () => 0;"],
  ["Uint8Array.prototype.set", "Object.getPrototypeOf(Uint8Array.prototype).set = () => {};"],
  ["Object.prototype.toString, by assignment", "Object.prototype.toString = () => 'passed';"],
  ["a setter on Object.prototype", 'Object.defineProperty(Object.prototype, "failure", { set() {} });'],
  ["the prototype of Array.prototype", "Object.setPrototypeOf(Array.prototype, { every: () => true });"],
  [
    "the prototype of generators",
    "Object.getPrototypeOf(function* () {}).prototype.next = () => ({ done: true });",
  ],
  ["Object.freeze", "Object.freeze = (value) => value;"],
  ["Math.random’s guard", "Math.random = () => 0.5;"],
  ["globalThis.Map", "globalThis.Map = class {};"],
];

const poisoned = ([does, code]: (typeof CHANGES)[number], index: number): Attack => ({
  id: `06${String.fromCharCode("a".charCodeAt(0) + index)}`,
  does,
  submission: raft({ start: code }),
  verdict: "no points",
  says: /found a change of one \(|TypeError/,
});

export const INTRINSICS: Line = {
  number: 6,
  title: "Poisoned intrinsics",
  happens:
    "Every object of the language is frozen before student code runs, and the verdict is made elsewhere.",
  attacks: [
    ...CHANGES.map(poisoned),
    {
      id: "06x",
      does: "poisons while the file is loaded",
      submission: raft({ top: "Array.prototype.every = () => true;" }),
      verdict: "refused",
      says: /while the file is loaded there is a change of one/,
    },
    {
      id: "06y",
      does: "tries, and catches the error: nothing was changed",
      submission: raft({ start: "try { Array.prototype.every = () => true; } catch {}" }),
      verdict: "no effect",
    },
    {
      id: "06z",
      does: "a variable called Array in its own file",
      submission: raft({ top: "const Array = { isArray: () => true };" }),
      verdict: "no effect",
    },
  ],
};
