import type { Attack, Line } from "../attack";
import { raft } from "../submission";

const VOTE = 'type: "RequestVote", candidateId: this.env.self, lastLogIndex: 0, lastLogTerm: 0';

/** Messages with odd values, and what is said of them; nothing where they do no harm. */
const MESSAGES: readonly (readonly [does: string, message: string, says?: RegExp])[] = [
  ["NaN", '{ type: "X", term: NaN }', /field term .* found NaN/],
  ["Infinity", '{ type: "X", list: [1, -Infinity] }', /field list\[1\] .* found -Infinity/],
  ["[undefined]", '{ type: "X", list: [undefined] }', /field list\[0\] .* found undefined/],
  ["a sparse array", '{ type: "X", list: [1, , 3] }', /field list\[1\] .* found a hole in an array/],
  [
    "a field named __proto__",
    'JSON.parse(\'{ "type": "X", "__proto__": { "passed": true } }\')',
    /a field named __proto__/,
  ],
  ["a message without a type", "{ term: 1 }", /expected a message with a `type`/],
  ["null instead of a message", "null", /expected a message with a `type`/],
  ['a term of "10"', `{ ${VOTE}, term: "10" }`, /whose term is "10"; expected a whole number/],
  [
    "a term of 2^53 + 2",
    `{ ${VOTE}, term: 2 ** 53 + 2 }`,
    /whose term is 9007199254740994; expected a whole number/,
  ],
  [
    "a negative index",
    `{ ${VOTE}, term: 1, lastLogIndex: -1 }`,
    /whose lastLogIndex is -1; expected a whole number/,
  ],
  [
    "a vote asked for somebody else",
    `{ ${VOTE}, term: 1, candidateId: "S9" }`,
    /whose candidateId is "S9"; expected the sender's own name/,
  ],
  ["-0", '{ type: "X", term: -0 }'],
  ["a field of undefined", '{ type: "X", term: 0, nothing: undefined }'],
  ["types named like members of objects", '{ type: "constructor", term: 0, hasOwnProperty: 1, toString: 2 }'],
  ["the type __proto__", '{ type: "__proto__", term: 0 }'],
];

const sent = ([does, message, says]: (typeof MESSAGES)[number], index: number): Attack => ({
  id: `25${String.fromCharCode("a".charCodeAt(0) + index)}`,
  does,
  submission: raft({ start: `for (const peer of this.env.peers) this.env.send(peer, ${message});` }),
  ...(says === undefined ? { verdict: "no effect" } : { verdict: "fewer points", says }),
});

export const ODD_VALUES: Line = {
  number: 25,
  title: "Odd values",
  happens:
    "What a wire could not carry is refused at the call, what Figure 2 does not allow is found by an oracle; `-0` and missing fields arrive as 0 and as nothing.",
  attacks: [
    ...MESSAGES.map(sent),
    {
      id: "25p",
      does: "disk keys and timers named like members of objects",
      submission: raft({
        start:
          'this.env.disk.write({ constructor: 1, toString: 2 });\nthis.env.setTimer("__proto__", 1);\nthis.env.cancelTimer("toString");',
      }),
      verdict: "no effect",
    },
  ],
};
