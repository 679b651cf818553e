import type { NodeId, Proposed } from "../../contract";
import type { Proposal } from "../../trace/requests";
import { KIND, NONE } from "../../trace/trace";
import type { Letter } from "./letters";
import type { RunView } from "./run-view";

/** How far an entry got, as far as a run shows it. */
export interface EntryOnItsWay {
  readonly view: RunView;
  readonly entry: Proposed;
  /** Who took it, as the leader of its term. */
  readonly leader: number;
  /** The event at which it was taken. */
  readonly taken: number;
  /** The record at which the leader's term of office was over; {@link NONE} if it still leads that term. */
  readonly over: number;
  /** What the leader sent and got from then on, as the leader of that term. */
  readonly peers: readonly Peer[];
  /** The servers that are to apply it, as numbers: the real ones that run. */
  readonly group: readonly number[];
}

/** What went on between the leader and one peer since the entry was taken. */
export interface Peer {
  readonly node: number;
  /** All AppendEntries of the term to it. */
  readonly sent: readonly Letter[];
  /** Those that bring the entry. */
  readonly bringing: readonly Letter[];
  /** Its answers of the term. */
  readonly answers: readonly Letter[];
  /** The arrival, at the leader, of the first answer that says that it stores the entry; or {@link NONE}. */
  readonly stored: number;
}

/** @returns undefined if no leader took such an entry in this run */
export function entryOnItsWay(
  view: RunView,
  entry: Proposed,
  among: readonly NodeId[],
): EntryOnItsWay | undefined {
  const found = takenAt(view, entry);
  if (found === undefined) return undefined;
  const { leader, taken } = found;
  const { term } = entry;
  const stop = [...view.recordsOf(leader, KIND.fault, taken)][0];
  const turn = view
    .turnsOf(leader)
    .find(
      ({ record, status }) => record > taken && (status.role !== "leader" || status.currentTerm !== term),
    );
  const ends = [stop, turn?.record].filter((record) => record !== undefined);
  const over = ends.length === 0 ? NONE : Math.min(...ends);
  const group = view.running(among).map(({ index }) => index);
  const others = view.nodes.filter(({ index, isClient }) => !isClient && index !== leader);
  const peers = others.map(({ index }) => peerOf(view, entry, leader, taken, index));
  return { view, entry, leader, taken, over, peers, group };
}

function takenAt(view: RunView, { index, term }: Proposed) {
  const { trace } = view;
  for (let taken = 0; taken < trace.length; taken++) {
    if (trace.kindOf(taken) !== KIND.propose) continue;
    const { answer } = trace.dataOf(taken) as Proposal;
    if (answer?.index === index && answer.term === term) return { leader: trace.nodeOf(taken), taken };
  }
  // In lab 4 nobody proposes from outside: whoever first sent the entry in its term has taken it.
  const first = view
    .lettersOf("AppendEntries")
    .find(({ message }) => message.term === term && brings(message, index));
  return first && { leader: first.from, taken: trace.handlerOf(first.send) };
}

function peerOf(view: RunView, { index, term }: Proposed, leader: number, taken: number, node: number): Peer {
  const isOfTerm = ({ send, message }: Letter) => send >= taken && message.term === term;
  const sent = view
    .lettersOf("AppendEntries")
    .filter((letter) => letter.from === leader && letter.to === node && isOfTerm(letter));
  const answers = view
    .lettersOf("AppendEntriesReply")
    .filter((letter) => letter.from === node && letter.to === leader && isOfTerm(letter));
  const stored = answers.find(
    ({ message, arrival }) =>
      arrival !== NONE && message.success === true && (message.matchIndex ?? 0) >= index,
  );
  const bringing = sent.filter(({ message }) => brings(message, index));
  return { node, sent, bringing, answers, stored: stored?.arrival ?? NONE };
}

/** True if an AppendEntries has an entry for an index. */
export function brings({ prevLogIndex = 0, entries = [] }: Letter["message"], index: number): boolean {
  return prevLogIndex < index && index <= prevLogIndex + entries.length;
}

/** The entries that a server has applied up to now, in its present life. */
export function hasApplied({ view, entry }: EntryOnItsWay, node: number): boolean {
  return view.nodes[node].applied[entry.index - 1]?.term === entry.term;
}
