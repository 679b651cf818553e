import {
  type Heard,
  type Millis,
  narrowest,
  pauses,
  type ScriptedPeers,
  type Term,
  TIMING,
  widest,
} from "../kit";
import { listWords, millisWords } from "../kit/story/words";

declare global {
  namespace jest {
    interface Matchers<R> {
      /** Expects S1 to have asked its peers for votes at least once. */
      toHaveBeenAskedForVotes(): R;
      /** Expects the last two elections in which S1 stood to lie at least this far apart. */
      toHaveBeenAskedAgainAfter(wait: Millis): R;
      /** Expects the times between the elections in which S1 stood to differ. */
      toHaveBeenAskedAtRandomTimes(): R;
      /** Expects S1 to have sent AppendEntries of this term to every peer. */
      toHaveAllHeardTheLeader(term: Term): R;
      /** Expects S1 to have sent AppendEntries to each peer, from its first ones until now, in this rhythm. */
      toHaveHeardTheLeaderEvery(rhythm: Rhythm): R;
      /** Expects S1 to have sent AppendEntries after this time. */
      toHaveHeardTheLeaderSince(time: Millis): R;
      /** Lab 4. Expects C1, which has had no answer, to have asked again and again until now, in this rhythm. */
      toHaveHeardTheClientEvery(rhythm: Rhythm): R;
      /** Lab 4. Expects C1 to have asked every server. */
      toHaveAllHeardTheClient(): R;
    }
  }
}

/** What a matcher found, and the event of which its message speaks, if that may lie far before the end of the run. */
interface Result extends jest.CustomMatcherResult {
  /** A record of the trace. */
  readonly wrong?: number | undefined;
}

interface Rhythm {
  readonly shortest: Millis;
  readonly longest: Millis;
  readonly now: Millis;
}

/** Waits that are drawn from a range of 200 ms and more practically never all lie as close together as this. */
const RANDOM_SPREAD_MIN: Millis = 10;

export function toHaveBeenAskedForVotes(peers: ScriptedPeers): Result {
  const [first] = peers.all("RequestVote");
  return {
    pass: first !== undefined,
    wrong: first?.record,
    message: () =>
      first === undefined
        ? "S1 did not stand for election."
        : `S1 stood for election in term ${first.message.term}, at ${millisWords(first.sentAt)}.`,
  };
}

export function toHaveBeenAskedAgainAfter(peers: ScriptedPeers, wait: Millis): Result {
  const last = waits(peers).at(-1) ?? 0;
  return {
    // Whoever batches messages may have sent the earlier ones a little later than it decided to.
    pass: last >= wait - TIMING.answerWithin,
    wrong: stands(peers).at(-1)?.record,
    message: () => `S1 stood for election again after ${millisWords(last)}; expected ${wait} ms or more.`,
  };
}

export function toHaveBeenAskedAtRandomTimes(peers: ScriptedPeers): Result {
  const all = waits(peers);
  const spread = Math.max(...all) - Math.min(...all);
  return {
    pass: spread >= RANDOM_SPREAD_MIN,
    message: () =>
      `S1 waited ${listWords(all.map(millisWords))} between its elections; expected waits from a range of 200 ms or more.`,
  };
}

export function toHaveAllHeardTheLeader(peers: ScriptedPeers, term: Term): Result {
  const heartbeats = peers.all("AppendEntries").filter(({ message }) => message.term === term);
  const without = peers.ids.filter((id) => !heartbeats.some(({ to }) => to === id));
  return {
    pass: without.length === 0,
    message: () =>
      `S1 leads term ${term}, and sent no heartbeat to ${listWords(without)} within ${TIMING.answerWithin} ms.`,
  };
}

export function toHaveHeardTheLeaderEvery(peers: ScriptedPeers, rhythm: Rhythm): Result {
  const complaints = peers.ids.map((id) => {
    const heartbeats = peers.all("AppendEntries").filter(({ to }) => to === id);
    return complaint(id, heartbeats, rhythm);
  });
  const first = complaints.find((found) => found !== undefined);
  return {
    pass: first === undefined,
    wrong: first?.wrong,
    message: () => first?.text ?? "S1 sent heartbeats at the intervals expected.",
  };
}

export function toHaveHeardTheLeaderSince(peers: ScriptedPeers, time: Millis): Result {
  const late = peers.all("AppendEntries").find(({ sentAt }) => sentAt > time);
  return {
    pass: late !== undefined,
    wrong: late?.record,
    message: () =>
      late === undefined
        ? `S1 sent no heartbeat after ${millisWords(time)}.`
        : `S1 sent ${late.to} a heartbeat of term ${late.message.term} at ${millisWords(late.sentAt)}.`,
  };
}

export function toHaveHeardTheClientEvery(peers: ScriptedPeers, { shortest, longest, now }: Rhythm): Result {
  const asked = peers.all("ClientRequest");
  const pause = widest(asked, now);
  const pestered = peers.ids
    .map((id) => narrowest(asked.filter(({ to }) => to === id)))
    .find(({ wait }) => wait < shortest);
  const isAskedAgain = asked.length > 1 && pause.wait <= longest + TIMING.answerWithin;
  return {
    pass: isAskedAgain && pestered === undefined,
    wrong: isAskedAgain ? pestered?.end?.record : pause.end?.record,
    message: () => {
      if (asked.length <= 1)
        return `C1 asked ${asked.length === 0 ? "nobody" : "once and never again"}; expected it to ask again each ${longest} ms at least.`;
      if (!isAskedAgain)
        return `C1 had no answer, and asked nobody for ${millisWords(pause.wait)}; expected ${longest} ms at most.`;
      return `C1 asked ${pestered?.end?.to} again after ${millisWords(pestered?.wait ?? 0)} without an answer; expected ${shortest} ms at least.`;
    },
  };
}

export function toHaveAllHeardTheClient(peers: ScriptedPeers): Result {
  const asked = new Set(peers.all("ClientRequest").map(({ to }) => to));
  const without = peers.ids.filter((id) => !asked.has(id));
  return {
    pass: without.length === 0,
    message: () =>
      asked.size === 0
        ? "C1 asked nobody."
        : `Nobody answers, and C1 asks ${listWords([...asked])} only; ${listWords(without)} may be the leader.`,
  };
}

/** The longest time without a heartbeat is judged one by one, the shortest on average: who batches is not in step. */
function complaint(
  id: string,
  heartbeats: readonly Heard[],
  { shortest, longest, now }: Rhythm,
): { readonly text: string; readonly wrong?: number | undefined } | undefined {
  if (heartbeats.length < 2)
    return {
      text: `S1 sent ${id} ${heartbeats.length === 0 ? "no heartbeat" : "one heartbeat and no more"}.`,
    };
  const { wait, end } = widest(heartbeats, now);
  if (wait > longest + TIMING.answerWithin)
    return {
      text: `S1 sent ${id} no heartbeat for ${millisWords(wait)}; expected one every ${longest} ms at least.`,
      wrong: end?.record,
    };
  const times = heartbeats.map(({ sentAt }) => sentAt);
  const average = (times[times.length - 1] - times[0]) / (times.length - 1);
  if (average >= shortest - 1) return undefined;
  return {
    text: `S1 sent ${id} a heartbeat every ${millisWords(average)}; expected no more than one in ${shortest} ms.`,
  };
}

/** The times between the elections in which S1 stood. */
function waits(peers: ScriptedPeers): readonly Millis[] {
  return pauses(stands(peers)).map(({ wait }) => wait);
}

/** The first request of each election in which S1 stood. */
function stands(peers: ScriptedPeers): readonly Heard[] {
  const firstOf = new Map<number, Heard>();
  for (const request of peers.all("RequestVote")) {
    const { term } = request.message;
    if (term !== undefined && !firstOf.has(term)) firstOf.set(term, request);
  }
  return [...firstOf.values()];
}
