import { NONE } from "../../trace/trace";
import { listWords } from "../words";
import { waitOf } from "./waits";
import type { Vacancy } from "./why-no-leader";

/** Why servers that could have won instead did not stand: "S2 has no timer running". */
export function othersWords(
  { view, nodes }: Vacancy,
  candidates: readonly number[],
): { words: string; records: number[]; wrong: number } {
  const waits = nodes
    .filter((node) => !candidates.includes(node))
    .map((node) => waitOf(view, node))
    .filter((wait) => wait !== undefined);
  const withoutTimer = waits.filter(({ kind }) => kind === "no-timer");
  const reset = waits.filter(({ kind }) => kind === "reset");
  const records = [...withoutTimer, ...reset].map(({ record }) => record).filter((record) => record !== NONE);
  const namesOf = (some: typeof waits) => listWords(some.map(({ node }) => view.names[node]));
  const words = [
    withoutTimer.length === 0
      ? ""
      : ` ${namesOf(withoutTimer)} could, but ${withoutTimer.length === 1 ? "has" : "have"} no timer running.`,
    reset.length === 0
      ? ""
      : ` ${namesOf(reset)} could, but ${reset.length === 1 ? "its timer is" : "their timers are"} set anew each time by ${reset[0].by?.type}, before ${reset.length === 1 ? "it runs" : "they run"} out.`,
  ].join("");
  return {
    words,
    records,
    wrong: withoutTimer.length > 0 ? Math.min(...withoutTimer.map(({ record }) => record)) : NONE,
  };
}
