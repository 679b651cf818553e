import type { Line } from "../attack";
import { raft } from "../submission";

export const TYPES: Line = {
  number: 32,
  title: "Source that a compiler never finishes",
  happens: "Types are taken away and never checked when a program is graded.",
  attacks: [
    {
      id: "32a",
      does: "a recursive type with 2^40 members",
      submission: raft({
        top: `type Double<T extends unknown[]> = [...T, ...T];
type Grow<T extends unknown[], N extends number> = N extends 0 ? T : Grow<Double<T>, [never, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20][N]>;
type Huge = Grow<[0], 20>["length"];
type Deep<T> = T extends infer U ? Deep<[U, U]> : never;
export const size: Huge = 1 as Huge;
export let deep: Deep<1>;`,
      }),
      verdict: "no effect",
    },
    {
      id: "32b",
      does: "type errors on every line",
      submission: raft({
        top: 'const a: number = "text";\nconst b: Missing<Missing> = a.nothing as never as Missing;\nlet c: { x: 1 } = 5;',
      }),
      verdict: "no effect",
    },
    {
      id: "32c",
      does: "40 async arrow functions, each a default value within the one before: parsers try 2^40 ways",
      submission: raft({ top: `const nested = ${"async (a = ".repeat(40)}1${")".repeat(40)};` }),
      verdict: "refused",
      says: /raft\.ts takes too long to be read/,
    },
  ],
};
