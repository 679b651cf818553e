/** Rules that several groups of tests are about, in the paper's words. */
export const RULE = {
  upToDate:
    "§5.4.1: the voter denies its vote if its own log is more up-to-date: the later last term wins, and with equal terms the longer log.",
  consistency:
    "Figure 2, AppendEntries receiver, step 2: reply false if the log has no entry at prevLogIndex whose term matches prevLogTerm.",
  conflict:
    "Figure 2, AppendEntries receiver, step 3: if an existing entry conflicts with a new one, delete it and all that follow it.",
  append: "Figure 2, AppendEntries receiver, step 4: append any new entries not already in the log.",
  followerCommit:
    "Figure 2, AppendEntries receiver, step 5: if leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry).",
  stale: "Figure 2, AppendEntries receiver, step 1: reply false if term < currentTerm.",
  send: "Figure 2, Leaders: if last log index ≥ nextIndex for a follower: send AppendEntries with log entries starting at nextIndex.",
  retry:
    "§5.3: if followers crash or run slowly, or packets are lost, the leader retries AppendEntries until all followers store all entries.",
  match:
    "Figure 2, Volatile state on leaders: matchIndex is the highest entry known to be replicated on a server; it increases monotonically, and begins at 0 in each term that a server leads.",
  commit:
    "Figure 2, Leaders: if there is an N > commitIndex with a majority of matchIndex[i] ≥ N and log[N].term == currentTerm: set commitIndex = N.",
  apply:
    "Figure 2, All Servers: if commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to the state machine.",
  appendOnly: "Figure 3, Leader Append-Only: a leader never overwrites or deletes entries in its log.",
  backUp:
    "§5.3: a follower's refusal tells the leader how far to go back, so that one AppendEntries is needed for each term with conflicting entries, rather than one per entry.",
} as const;

/** Tests that a cluster cannot do without: a leader that commits, and followers that store and apply. */
export const WORKING = ["2.1a", "2.6a", "2.6b"];

/** Refusals that it may take to find where two logs part: so many for each term in conflict, and a few more. */
export function refusalsMax(termsInConflict: number): number {
  return 2 * termsInConflict + 5;
}
