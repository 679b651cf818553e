import { TIMING } from "../../contract";
import { MICROS_PER_MILLI, NONE } from "../../trace/trace";
import { listWords, plural } from "../words";
import { brings, type EntryOnItsWay, hasApplied } from "./entry-on-its-way";
import type { Answer } from "./question";
import { atWords } from "./waits";

/** In this time a leader has worked out what is committed; virtual. */
const GRACE = (TIMING.commitWithin / 2) * MICROS_PER_MILLI;

/** A majority stores the entry, the leader was told so, and does not commit it. */
export function storedInVain(way: EntryOnItsWay): Answer | undefined {
  const { view, entry, leader, peers, taken } = way;
  const { names, trace } = view;
  const answers = peers.filter(({ stored }) => stored !== NONE).sort((a, b) => a.stored - b.stored);
  const deciding = view.servers === 1 ? taken : answers[view.majority - 2]?.stored;
  if (deciding === undefined || isCommitted(way)) return undefined;
  if (view.now - trace.microsOf(deciding) < GRACE || view.nodes[leader].isPaused) return undefined;
  const chief = names[leader];
  const holders = listWords([chief, ...answers.map(({ node }) => names[node])].sort());
  const how =
    view.servers === 1
      ? `${chief} is the whole cluster and has it`
      : `${holders} store it, ${answers.length + 1} of ${view.servers}, and ${chief} was told so`;
  return {
    cause: "not-applied: majority in vain",
    reason: `A majority stores entry ${entry.index}, and ${chief} does not commit it: ${how} since ${atWords(view, deciding).slice(3)}, and its commitIndex is ${commitWords(way)}.${olderWords(way)}`,
    evidence: [taken, ...answers.map(({ stored }) => stored)],
    wrong: deciding,
    rule: "Figure 2, Leaders: if there exists an N > commitIndex such that a majority of matchIndex[i] ≥ N and log[N].term == currentTerm, set commitIndex = N (§5.3, §5.4).",
    next: `With which matchIndexes, its own included, does ${chief} count here, and from which index to which does it look for N?`,
  };
}

/** No majority stores the entry yet, and nothing says why. */
export function notCommitted(way: EntryOnItsWay): Answer | undefined {
  const { view, entry, leader, peers, taken } = way;
  if (isCommitted(way)) return undefined;
  const storing = peers.filter(({ stored }) => stored !== NONE);
  if (storing.length + 1 >= view.majority) return undefined;
  return {
    cause: "not-applied: no majority",
    reason: `Entry ${entry.index} has not come to a majority: ${view.names[leader]} knows of ${plural(storing.length, "other server")} that ${storing.length === 1 ? "stores" : "store"} it, and needs ${view.majority - 1}.`,
    evidence: [
      taken,
      ...peers.flatMap(({ bringing }) =>
        bringing.slice(-1).map(({ send, arrival }) => (arrival === NONE ? send : arrival)),
      ),
    ],
    next: "Who got the entry, who answered, and what did the leader do with the answers?",
  };
}

/** True if the leader says that it is committed, or has applied it. */
export function isCommitted(way: EntryOnItsWay): boolean {
  const { view, leader, entry } = way;
  return (
    (view.statusBefore(leader, view.trace.length).commitIndex ?? 0) >= entry.index || hasApplied(way, leader)
  );
}

/** Entries of earlier terms are committed along with a newer one, but not by counting (Raft §5.4.2): some stop there. */
function olderWords({ view, leader, entry }: EntryOnItsWay): string {
  const { commitIndex } = view.statusBefore(leader, view.trace.length);
  if (commitIndex === undefined) return "";
  const index = commitIndex + 1;
  const found = view
    .lettersOf("AppendEntries")
    .findLast(({ from, message }) => from === leader && brings(message, index))?.message;
  const term = found?.entries?.[index - (found.prevLogIndex ?? 0) - 1]?.term ?? entry.term;
  return term === entry.term
    ? ""
    : ` Entry ${index}, the next one, is of term ${term}: it is not committed by counting, but along with a newer one.`;
}

function commitWords({ view, leader }: EntryOnItsWay): string {
  const { commitIndex } = view.statusBefore(leader, view.trace.length);
  return commitIndex === undefined ? "not told" : String(commitIndex);
}
