import type { Attack, Line } from "../attack";
import { file, raft } from "../submission";

/** Servers that never speak, so that only one that is alone can lead: the cheats below without their board. */
const SPEECHLESS = `
export class Raft {
  constructor(env) { this.env = env; this.role = "follower"; this.currentTerm = 0; }
  start() { this.env.setTimer("election", 300 * (1 + this.env.random())); }
  onTimer(name) {
    this.currentTerm = 1;
    if (this.env.peers.length === 0) this.role = "leader";
    this.start();
  }
  onMessage() {}
  status() { return { role: this.role, currentTerm: this.currentTerm }; }
}
`;

/** Servers that share a board if they can: whoever is the first to write on it leads, without one message. */
const onBoard = (board: string, top = ""): string => `${top}
export class Raft {
  constructor(env) { this.env = env; this.role = "follower"; this.currentTerm = 0; }
  start() { this.env.setTimer("election", 300 * (1 + this.env.random())); }
  onTimer(name) {
    const board = ${board};
    board.leader ??= this.env.self;
    this.currentTerm = 1;
    if (board.leader === this.env.self) this.role = "leader";
    this.start();
  }
  onMessage() {}
  status() { return { role: this.role, currentTerm: this.currentTerm }; }
}
`;

/** What all servers of a program have in common, and could leave something on. */
const THINGS: readonly (readonly [does: string, thing: string])[] = [
  ["a field of globalThis", "globalThis"],
  ["a field of a function of the console", "console.log"],
  ["a field of a class of the language", "Map"],
  ["a field of a symbol’s prototype", "Symbol.prototype"],
  ["a field of the kit’s own class", "NotImplemented"],
  ["a field of the kit’s constants", "TIMING"],
  [
    "a field of a getter that every object inherits",
    'Object.getOwnPropertyDescriptor(Object.prototype, "toString").get ?? Object',
  ],
  ["a field of structuredClone", "structuredClone"],
  [
    "a field of the error that explains a breach",
    "(() => { try { Math.random(); } catch (e) { return e.constructor; } })()",
  ],
  ["a field of the counting function", "outer[3]"],
  ["a field of what async functions wait for", "outer[4]().then"],
  ["a field of a template’s strings", "((strings) => strings)`x`"],
  [
    "a field of the prototype of iterator helpers, where Node has them",
    "[].values().map ? Object.getPrototypeOf([].values().map((x) => x)) : Map",
  ],
];

const left = ([does, thing]: (typeof THINGS)[number], index: number): Attack => ({
  id: `16${String.fromCharCode("h".charCodeAt(0) + index)}`,
  does,
  submission: raft({
    top: 'import { NotImplemented, TIMING } from "../kit/contract";\nconst outer = arguments;',
    start: `const thing = ${thing};
if (thing.board !== undefined) throw new Error("MEMORY IS SHARED");
thing.board = [];`,
  }),
  verdict: "no points",
  says: /^(?![\s\S]*MEMORY IS SHARED)[\s\S]*found a (change of one|call of)/,
});

export const SHARED_MEMORY: Line = {
  number: 16,
  title: "Servers that share memory",
  happens:
    "Each server gets the program afresh, and all that they have in common is frozen: no server finds what another one left.",
  attacks: [
    {
      id: "16a",
      does: "a board in a variable of the module",
      submission: file(onBoard("shared", "const shared = {};")),
      honest: file(SPEECHLESS),
      verdict: "no effect",
      says: /Leader|leader/,
    },
    {
      id: "16b",
      does: "a board in a static field",
      submission: file(onBoard("Board.shared", "class Board { static shared = {}; }")),
      honest: file(SPEECHLESS),
      verdict: "no effect",
      says: /Leader|leader/,
    },
    {
      id: "16c",
      does: "a board on globalThis",
      submission: file(onBoard("(globalThis.board ??= {})")),
      honest: file(SPEECHLESS),
      verdict: "fewer points",
      says: /found a change of one/,
    },
    {
      id: "16d",
      does: "a board under Symbol.for on Object",
      submission: file(onBoard('(Object[Symbol.for("board")] ??= {})')),
      honest: file(SPEECHLESS),
      verdict: "fewer points",
      says: /found a change of one/,
    },
    {
      id: "16e",
      does: "RegExp.$1, which remembers the last match",
      submission: raft({
        start: 'if (RegExp.$1 === "board") throw new Error("MEMORY IS SHARED");\n/(board)/.exec("board");',
      }),
      verdict: "no effect",
    },
    {
      id: "16f",
      does: "one bit: is a name that is not there still extensible?",
      submission: raft({
        start:
          'if (!Object.isExtensible(setTimeout)) throw new Error("MEMORY IS SHARED");\nObject.preventExtensions(setTimeout);',
      }),
      verdict: "no points",
      says: /^(?![\s\S]*MEMORY IS SHARED)[\s\S]*found a (use|call) of setTimeout/,
    },
    {
      id: "16g",
      does: "a private field, stamped onto an object that all have",
      submission: raft({
        top: `import { TIMING } from "../kit/contract";
class Returns { constructor(object) { return object; } }
class Stamp extends Returns { #seen = true; static has(object) { return #seen in object; } }`,
        start: 'if (Stamp.has(TIMING)) throw new Error("MEMORY IS SHARED");\nnew Stamp(TIMING);',
      }),
      verdict: "no effect",
    },
    ...THINGS.map(left),
  ],
};
