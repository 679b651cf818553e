import { TIMING } from "../../contract";
import { MICROS_PER_MILLI, type Micros, NONE } from "../../trace/trace";
import { listWords, millisWords } from "../words";
import type { Candidacy } from "./candidacies";
import type { Answer } from "./question";
import { LONG_WAIT, waitBefore } from "./waits";
import type { Vacancy } from "./why-no-leader";

/** Waits that are all within so much of each other, although they are drawn from a range of 200 ms at least… */
const ALIKE: Micros = 20 * MICROS_PER_MILLI;
/** …cannot be chance if they are so many. */
const WAITS_MIN = 6;
/** Shorter waits are no election timeouts, with clocks that go wrong by a tenth. */
const ELECTION_MIN: Micros = 0.88 * TIMING.electionTimeoutMin * MICROS_PER_MILLI;

/** A candidate asks again and again in one term, and never begins another election. */
export function sameTerm({ view, candidacies }: Vacancy): Answer | undefined {
  const { names, trace } = view;
  for (const { node, term, isPre, isWon, requests, end, record } of candidacies) {
    if (isPre || isWon || end !== NONE || !view.livesThrough(node, record)) continue;
    const events = [...new Set(requests.map(({ send }) => trace.handlerOf(send)))];
    const again = events.find((event) => event !== record && waitBefore(view, event) !== undefined);
    if (again === undefined || view.now - trace.microsOf(record) < LONG_WAIT) continue;
    return {
      cause: "no-leader: same term again",
      reason: `Nobody could win, because ${names[node]} never begins a new election: it has asked for votes ${events.length} times, always in term ${term}, and who has voted in term ${term} cannot vote for another.`,
      evidence: [
        record,
        again,
        ...requests
          .map(({ arrival }) => arrival)
          .filter((arrival) => arrival > again)
          .slice(0, 2),
      ],
      wrong: again,
      rule: "Figure 2, Candidates: if the election timeout elapses, start a new election: increment currentTerm, vote for self, reset the timer, ask all others.",
      next: `What does ${names[node]} do with currentTerm when its timer runs out while it is a candidate?`,
    };
  }
  return undefined;
}

/** All servers wait equally long, so that they stand together again and again (Raft §5.2). */
export function sameTimeouts({ view, candidacies }: Vacancy): Answer | undefined {
  const { names, trace } = view;
  const split = candidacies.filter(
    ({ ballots, isWon }) => !isWon && ballots.some(({ fate }) => fate === "voted"),
  );
  if (new Set(split.map(({ node }) => node)).size < 2) return undefined;
  const waits = split
    .flatMap(({ record }) => waitBefore(view, record) ?? [])
    .filter((wait) => wait >= ELECTION_MIN);
  if (waits.length < WAITS_MIN || Math.max(...waits) - Math.min(...waits) > ALIKE) return undefined;
  const rivals = [...new Set(split.map(({ node }) => names[node]))].sort();
  const [first, second] = lastRivals(split);
  const drawn = trace.handlerOf(trace.causeOf(second.record));
  return {
    cause: "no-leader: equal timeouts",
    reason: `Nobody could win, because votes were split ${terms(split)} times in a row: ${listWords(rivals)} wait equally long, ${millisWords((waits.at(-1) ?? 0) / MICROS_PER_MILLI)} each time, and so they stand at the same moment and each votes for itself.`,
    evidence: [drawn, first.record, second.record, ...refusalsOf(first), ...refusalsOf(second)],
    wrong: drawn,
    rule: "§5.2: election timeouts are chosen randomly from a fixed interval, anew at the start of each election, so that in most cases only one server times out.",
    next: "From what is each timeout drawn, and when: once, or for each wait?",
  };
}

/** How many elections there were, each in its term. */
export function terms(candidacies: readonly Candidacy[]): number {
  return new Set(candidacies.map(({ term }) => term)).size;
}

/** The last two candidates that stood against each other. */
function lastRivals(split: readonly Candidacy[]): readonly [Candidacy, Candidacy] {
  const last = split[split.length - 1];
  const rival = split.findLast(({ node, term }) => node !== last.node && term === last.term);
  const other = rival ?? split.findLast(({ node }) => node !== last.node) ?? last;
  return other.record < last.record ? [other, last] : [last, other];
}

function refusalsOf({ ballots }: Candidacy): number[] {
  return ballots.filter(({ fate }) => fate === "voted").map(({ record }) => record);
}
