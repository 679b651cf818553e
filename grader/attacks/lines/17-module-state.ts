import type { Line } from "../attack";
import { raft } from "../submission";

export const MODULE_STATE: Line = {
  number: 17,
  title: "Persistence in a variable instead of on the disk",
  happens:
    "Each server and each restart gets the program afresh: a variable outside of the class is new every time.",
  attacks: [
    {
      id: "17a",
      does: "counts starts in a variable of the module",
      submission: raft({
        top: "let starts = 0;",
        start: 'if (++starts > 1) throw new Error("IT REMEMBERS");',
      }),
      verdict: "no effect",
    },
    {
      id: "17b",
      does: "keeps votes in a WeakMap and a static field",
      submission: raft({
        top: "const memory = new WeakMap();\nclass Kept { static votes = new Map(); }",
        start:
          'if (memory.has(Map) || Kept.votes.size > 0) throw new Error("IT REMEMBERS");\nmemory.set(Map, 1);\nKept.votes.set(1, 1);',
      }),
      verdict: "no effect",
    },
  ],
};
