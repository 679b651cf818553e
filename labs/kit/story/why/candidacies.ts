import type { Term } from "../../contract";
import { type Micros, NONE } from "../../trace/trace";
import { type Ballot, ballotOf } from "./ballots";
import type { Letter } from "./letters";
import type { RunView } from "./run-view";
import { silentStands } from "./stands";

/** A server's attempt to be elected in a term, or to find out by pre-votes whether it could be. */
export interface Candidacy {
  readonly node: number;
  readonly term: Term;
  /** True: it only asks for pre-votes (Ongaro's dissertation §9.6). */
  readonly isPre: boolean;
  /** The record of the event that made it stand. */
  readonly record: number;
  readonly at: Micros;
  /** The record at which it was over: another role, or another term. {@link NONE}: it still stands. */
  readonly end: number;
  /** Its requests, one for each time that it asked somebody. Empty: it said that it stands, and asked nobody. */
  readonly requests: readonly Letter[];
  /** The answer of each of the other servers, or why there is none. */
  readonly ballots: readonly Ballot[];
  /** Votes that reached it in time, its own included. */
  readonly votes: number;
  /** True if it was elected. */
  readonly isWon: boolean;
}

/** Candidacies that are looked at: the last ones tell why it does not come to an end. */
const CANDIDACIES_MAX = 60;

/** The last candidacies of some servers that stood, or asked for votes, at a record or later, in order. */
export function candidaciesOf(
  view: RunView,
  nodes: readonly number[],
  since: number,
  most = CANDIDACIES_MAX,
): Candidacy[] {
  const found = new Map<string, Letter[]>();
  for (const letter of [...view.lettersOf("RequestVote"), ...view.lettersOf("PreVote")]) {
    const { type, term } = letter.message;
    if (!nodes.includes(letter.from)) continue;
    const key = `${letter.from} ${type} ${type === "PreVote" ? eventOf(view, letter) : term}`;
    const requests = found.get(key);
    if (requests === undefined) found.set(key, [letter]);
    else requests.push(letter);
  }
  const asking = [...found.values()].filter((requests) => requests[requests.length - 1].send >= since);
  const silent = nodes.flatMap((node) => silentStands(view, node)).filter(({ record }) => record >= since);
  return [
    ...asking.map((requests) => ({ begin: requests[0].send, make: () => asked(view, requests) })),
    ...silent.map((stand) => ({
      begin: stand.record,
      make: () => candidacy(view, { ...stand, isPre: false }, []),
    })),
  ]
    .sort((a, b) => a.begin - b.begin)
    .slice(-most)
    .map(({ make }) => make());
}

/** The candidacy to which requests of one server and one term belong. */
function asked(view: RunView, requests: readonly Letter[]): Candidacy {
  const [{ from: node, message, send, at }] = requests;
  const term = message.term ?? 0;
  const isPre = message.type === "PreVote";
  const record = isPre
    ? eventOf(view, requests[0])
    : (beginOf(view, node, term, send) ?? eventOf(view, requests[0]));
  return candidacy(view, { node, term, isPre, record, at }, requests);
}

function candidacy(
  view: RunView,
  { node, term, isPre, record, at }: Pick<Candidacy, "node" | "term" | "isPre" | "record" | "at">,
  requests: readonly Letter[],
): Candidacy {
  const end = endOf(view, node, term, isPre, record);
  const send = requests[0]?.send ?? record;
  const others = view.nodes.filter(({ index, isClient }) => index !== node && !isClient);
  const ballots = others.map(({ index }) =>
    ballotOf(
      view,
      { node, term, isPre, end, send },
      requests.filter(({ to }) => to === index),
      index,
    ),
  );
  const isWon = isPre
    ? hasStood(view, node, term, record)
    : view.turnsOf(node).some(({ status }) => status.role === "leader" && status.currentTerm === term);
  const votes = 1 + ballots.filter(({ fate }) => fate === "granted").length;
  return { node, term, isPre, record, at, end, requests, ballots, votes, isWon };
}

/** The event at which a server became a candidate: some designs ask for votes a little later. */
function beginOf(view: RunView, node: number, term: Term, before: number): number | undefined {
  const first = view
    .turnsOf(node)
    .find(({ status }) => status.role !== "follower" && status.currentTerm === term);
  const event = first === undefined ? NONE : view.trace.handlerOf(first.record);
  return event === NONE || event > before ? undefined : event;
}

/** The event in which a message was sent, or its sending if a test sent it. */
function eventOf({ trace }: RunView, { send }: Letter): number {
  const handler = trace.handlerOf(send);
  return handler === NONE ? send : handler;
}

function endOf(view: RunView, node: number, term: Term, isPre: boolean, record: number): number {
  const later = view.turnsOf(node).filter((turn) => turn.record > record);
  const isOver = isPre
    ? ({ status }: (typeof later)[number]) => status.currentTerm >= term || status.role === "leader"
    : ({ status }: (typeof later)[number]) => status.currentTerm > term || status.role !== "candidate";
  return later.find(isOver)?.record ?? NONE;
}

/** True if a server that asked for pre-votes of a term went on to stand in it. */
function hasStood(view: RunView, node: number, term: Term, record: number): boolean {
  return view
    .lettersOf("RequestVote")
    .some(({ from, send, message }) => from === node && send > record && message.term === term);
}
