import { MICROS_PER_MILLI, NONE } from "../../trace/trace";
import { listWords, millisWords, plural } from "../words";
import type { Fate } from "./ballots";
import type { Loss } from "./lost-elections";
import type { Answer } from "./question";
import { terms } from "./same-again";
import { atWords, waitBefore } from "./waits";
import { othersWords } from "./who-could-win";
import type { Vacancy } from "./why-no-leader";

const VOTES =
  "Figure 2, RequestVote receiver, step 2: if votedFor is null or candidateId, and the candidate's log is at least as up-to-date as the receiver's log, grant the vote.";

/** The words for one fate of the votes that candidates needed. */
interface Telling {
  readonly reason: string;
  readonly rule?: string;
  readonly next: string;
  readonly more?: readonly number[];
  readonly wrong?: number;
}

/** Tells of elections that were lost for want of votes of one fate. */
export function blocked(vacancy: Vacancy, loss: Loss): Answer {
  const { fate, lost } = loss;
  const isWrong = fate === "wrongly-refused" || fate === "unanswered" || fate === "not-asked";
  const { candidacy, ballots } = isWrong ? lost[0] : lost[lost.length - 1];
  const telling = TELLINGS[fate](vacancy, loss);
  const records = ballots
    .flatMap(({ record, answer }) => [record, answer])
    .filter((record) => record !== NONE);
  return {
    cause: `no-leader: ${fate}`,
    reason: `Nobody could win, because ${telling.reason}`,
    evidence: [candidacy.record, ...records, ...(telling.more ?? [])],
    wrong: isWrong ? (fate === "not-asked" ? candidacy.record : ballots[0].record) : telling.wrong,
    rule: telling.rule,
    next: telling.next,
  };
}

/** The names in one loss: of its first or last candidate, of those voters, and of all candidates. */
function namesIn(vacancy: Vacancy, { lost }: Loss, isFirst = false) {
  const { view } = vacancy;
  const { candidacy, ballots } = isFirst ? lost[0] : lost[lost.length - 1];
  const all = lost.map(({ candidacy: { node } }) => node);
  return {
    self: view.names[candidacy.node],
    voters: listWords(ballots.map(({ voter }) => view.names[voter])),
    isOne: ballots.length === 1,
    one: view.names[ballots[0].voter],
    term: candidacy.term,
    vote: candidacy.isPre ? "pre-vote" : "vote",
    nodes: [...new Set(all)],
    candidates: listWords([...new Set(all.map((node) => view.names[node]))].sort()),
    times: `in ${lost.length} of the last ${plural(vacancy.candidacies.length, "candidacy", "candidacies")}`,
    candidacy,
    ballots,
  };
}

const TELLINGS: Readonly<Record<Fate, (vacancy: Vacancy, loss: Loss) => Telling>> = {
  "wrongly-refused": (vacancy, loss) => {
    const { self, voters, isOne, one, term, times, ballots, candidacy } = namesIn(vacancy, loss, true);
    const { view } = vacancy;
    const { lastLogIndex = 0, lastLogTerm = 0 } = candidacy.requests[0].message;
    const log =
      lastLogIndex === 0
        ? "all logs are empty"
        : `${self}'s log, up to ${lastLogIndex} of term ${lastLogTerm}, is as up to date as ${isOne ? "its own" : "theirs"} or more`;
    return {
      reason: `${voters} ${isOne ? "refuses" : "refuse"} votes that ${isOne ? "it has" : "they have"} to give, ${times}: ${atWords(view, ballots[0].record)} ${one} turns ${self} away in term ${term}, although it has voted for nobody in term ${term} and ${log}.`,
      rule: VOTES,
      next: `Which of the two conditions does ${one} take for false, and with which values of its own?`,
    };
  },
  unanswered: (vacancy, loss) => {
    const { self, voters, isOne, one, term, times, ballots } = namesIn(vacancy, loss, true);
    return {
      reason: `${voters} ${isOne ? "does" : "do"} not answer requests for votes, ${times}: ${atWords(vacancy.view, ballots[0].record)} ${one} gets ${self}'s of term ${term} and says nothing.`,
      rule: "Figure 2, RequestVote: the receiver always answers, with its term and voteGranted.",
      next: `On which way through its handler does ${one} return without a reply?`,
    };
  },
  "not-asked": (vacancy, loss) => {
    const { self, voters, term, candidacy } = namesIn(vacancy, loss, true);
    const asks = candidacy.requests.length === 0 ? "asks nobody" : "does not ask everybody";
    return {
      reason: `${self} ${asks}: in term ${term} it sends ${voters} no RequestVote, and with ${plural(candidacy.votes, "vote")} of ${vacancy.view.servers} servers it has no majority.`,
      rule: "Figure 2, Candidates: on conversion to candidate, send RequestVote to all other servers.",
      next:
        candidacy.requests.length === 0
          ? `Does ${self} get to the line that sends RequestVote, and over which peers does that go?`
          : `To whom does ${self} send its requests, and who is missing?`,
    };
  },
  log: (vacancy, loss) => {
    const { self, voters, isOne, term, candidacy, nodes, candidates } = namesIn(vacancy, loss);
    const { lastLogIndex = 0, lastLogTerm = 0 } = candidacy.requests[0].message;
    const others = othersWords(vacancy, nodes);
    return {
      reason: `only ${candidates} ${nodes.length === 1 ? "stands" : "stand"} for election, and ${voters} ${isOne ? "has" : "have"} more in the log: ${self} stands in term ${term} with a log up to ${lastLogIndex} of term ${lastLogTerm}.${others.words}`,
      rule: "§5.4.1: a voter refuses if its own log is more up to date: a later last term, or the same last term and more entries.",
      next:
        others.words === ""
          ? `What is the last entry of ${self}'s log, what of the voters', and is that what they compare?`
          : "Who has the most up-to-date log, and what keeps that server from standing?",
      more: others.records,
      ...(others.wrong === NONE ? {} : { wrong: others.wrong }),
    };
  },
  late: (vacancy, loss) => {
    const { view } = vacancy;
    const { self, voters, candidacy, ballots } = namesIn(vacancy, loss);
    const took = view.millisBetween(candidacy.record, ballots[0].answer);
    const waited = candidacy.end === NONE ? took : view.millisBetween(candidacy.record, candidacy.end);
    return {
      reason: `candidates do not wait for their votes: ${self} stands in term ${candidacy.term} and gives that up after ${millisWords(waited)}; the vote of ${voters} comes after ${millisWords(took)}.`,
      rule: "§5.6: broadcastTime ≪ electionTimeout: answers must be there long before a candidate stands again.",
      next: `What ended ${self}'s candidacy before the answers came?`,
      more: candidacy.end === NONE ? [] : [candidacy.end],
    };
  },
  voted: (vacancy, loss) => {
    const { view } = vacancy;
    const { lost } = loss;
    const { term, candidates, nodes } = namesIn(vacancy, loss);
    const rivals = vacancy.candidacies.filter((other) => other.term === term && !other.isPre);
    const waits = lost.flatMap(({ candidacy }) => waitBefore(view, candidacy.record) ?? []);
    const range =
      waits.length < 2
        ? ""
        : ` Waits were ${millisWords(Math.min(...waits) / MICROS_PER_MILLI)} to ${millisWords(Math.max(...waits) / MICROS_PER_MILLI)}.`;
    const rounds = terms(lost.map(({ candidacy }) => candidacy));
    return {
      reason: `the votes were given to others: ${candidates} stood in ${plural(rounds, "term")} and each time found votes taken${nodes.length > 1 ? ", for they stand against each other" : ""}.${range}`,
      rule: "§5.2: each server votes for at most one candidate in a given term; random timeouts make split votes rare and soon over.",
      next: `Who voted for whom in term ${term}, and how far apart did the candidates stand?`,
      more: rivals.map(({ record }) => record),
    };
  },
  "newer-term": (vacancy, loss) => {
    const { self, voters, isOne, term, ballots, times } = namesIn(vacancy, loss);
    return {
      reason: `candidates stand in terms that are over: ${self} stands in term ${term}, ${voters} ${isOne ? "is" : "are"} in term ${vacancy.view.statusBefore(ballots[0].voter, ballots[0].record).currentTerm} already, and so on, ${times}.`,
      rule: "§5.1: a server rejects requests with a stale term number; a candidate that hears of a newer term goes into it and becomes a follower.",
      next: `From where did the voters have the newer term, and when does ${self} hear of it?`,
    };
  },
  "request-lost": lostWords("requests for votes"),
  "reply-lost": lostWords("votes"),
  refused: (vacancy, loss) => {
    const { self, voters, isOne, vote, term, times } = namesIn(vacancy, loss);
    return {
      reason: `${voters} ${isOne ? "refuses its" : "refuse their"} ${vote}s, ${times}, the last to ${self} for term ${term}.`,
      next: "What do the voters compare, and which of their values says no?",
    };
  },
  "leader-known": (vacancy, loss) => {
    const { self, voters, isOne, vote, times } = namesIn(vacancy, loss);
    return {
      reason: `${voters} ${isOne ? "has" : "have"} lately heard from a leader and ${isOne ? "refuses its" : "refuse their"} ${vote}s, ${times}, the last to ${self}.`,
      next: "Who sends these heartbeats, does a majority follow that server, and how long does a voter count on it?",
    };
  },
  pending: (vacancy, loss) => {
    const { self, voters, term } = namesIn(vacancy, loss);
    return {
      reason: `answers are still on their way: ${self} stands in term ${term} and has not heard from ${voters}.`,
      next: "How long do candidates wait before they stand again, and how long does an answer take?",
    };
  },
  granted: () => ({
    reason: "votes that were granted did not suffice.",
    next: "How many votes make a majority?",
  }),
};

function lostWords(what: string) {
  return (vacancy: Vacancy, loss: Loss): Telling => {
    const { candidates, nodes, ballots } = namesIn(vacancy, loss);
    const { trace } = vacancy.view;
    const why = [
      ...new Set(
        ballots.map(({ record, answer }) => String(trace.dataOf(answer === NONE ? record : answer))),
      ),
    ];
    return {
      reason: `${what} do not arrive (${why.join(", ")}); ${candidates} ${nodes.length === 1 ? "stands" : "stand"} in vain.`,
      next: "Which links are cut, and do candidates stand again often enough for what is lost?",
    };
  };
}
