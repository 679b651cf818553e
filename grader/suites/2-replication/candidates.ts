import { type Position, requestVote, type ScriptedPeers, type World } from "../../../labs/kit";
import { RULE } from "./rules";

/** Lets S3 stand for election, in a term of its own, and fails unless S1 votes as it should. */
export async function mustVote(
  world: World,
  peers: ScriptedPeers,
  own: Position,
  candidate: Position,
  voteGranted: boolean,
): Promise<void> {
  const term = peers.status.currentTerm + 1;
  const reply = await peers.ask("S3", requestVote("S3", term, candidate));
  world.check(reply.voteGranted === voteGranted && reply.term === term, () => ({
    sentence: `S1's last entry is ${words(own)}, and the last of S3, who stands for election in term ${term}, is ${words(candidate)}. S1 ${reply.voteGranted ? "votes for it" : "refuses"}; S3's log is ${voteGranted ? "" : "not "}at least as up to date.`,
    rule: RULE.upToDate,
    next: "Which of the two last terms is later? And if they are equal, which log is longer?",
  }));
}

function words({ index, term }: Position): string {
  return index === 0 ? "none: its log is empty" : `entry ${index} of term ${term}`;
}
