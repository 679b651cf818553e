import type { NodeId, Proposed } from "../../contract";
import { KIND, NONE } from "../../trace/trace";
import { listWords } from "../words";
import { type EntryOnItsWay, entryOnItsWay } from "./entry-on-its-way";
import { notCommitted, storedInVain } from "./not-committed";
import { notStored } from "./not-stored";
import { notTold } from "./not-told";
import type { Answer } from "./question";
import type { RunView } from "./run-view";
import { atWords } from "./waits";
import { whyNoPeace } from "./why-no-peace";

/** The stations of an entry on its way, the last ones first: what is the first that it did not reach? */
const STATIONS: readonly ((way: EntryOnItsWay) => Answer | undefined)[] = [
  officeOver,
  storedInVain,
  notStored,
  notCommitted,
  notTold,
];

/** Why an entry that a leader took is not applied by all of a group. */
export function whyNotApplied(view: RunView, entry: Proposed, among: readonly NodeId[]): Answer | undefined {
  const way = entryOnItsWay(view, entry, among);
  if (way === undefined) return undefined;
  for (const station of STATIONS) {
    const answer = station(way);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The leader did not stay in office: what became of the entry is the next leader's business. */
function officeOver({ view, leader, entry, taken, over, peers }: EntryOnItsWay): Answer | undefined {
  if (over === NONE) return undefined;
  const { names, trace } = view;
  const event = trace.handlerOf(over);
  const { role, currentTerm } = view.statusAfter(leader, event === NONE ? over : event);
  const holders = peers
    .filter(({ stored }) => stored !== NONE && stored < over)
    .map(({ node }) => names[node]);
  const servers = names.slice(0, view.servers);
  const unrest = view.running(servers).length === view.servers ? whyNoPeace(view, servers, taken) : undefined;
  if (unrest !== undefined)
    return {
      ...unrest,
      reason: `${names[leader]}, who took entry ${entry.index}, did not stay in office. ${unrest.reason}`,
    };
  const known =
    holders.length === 0
      ? "nobody had said by then that it stores it"
      : `${listWords(holders)} had stored it`;
  return {
    cause: "not-applied: leader deposed",
    reason: `${names[leader]}, who took entry ${entry.index}, did not stay in office: ${atWords(view, over)} it ${trace.kindOf(over) === KIND.fault ? "stops" : `becomes a ${role} in term ${currentTerm}`}, and ${known}.`,
    evidence: [taken, ...(event === NONE ? [over] : [event])],
    next: `What ended ${names[leader]}'s term: whose message, or which timer? And does the next leader have the entry?`,
  };
}
