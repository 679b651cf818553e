import {
  type LogIndex,
  type Millis,
  type NodeId,
  type ScriptedPeers,
  TIMING,
  type World,
} from "../../../labs/kit";
import { isDone, repliesTo, resultWords } from "./requests";

/** Words for tests whose one real node is the server S1: its peers and the clients are played. */

/** Whoever has something to send to a peer has sent it after this. */
export const SENT_WITHIN: Millis = TIMING.heartbeatIntervalMax + TIMING.answerWithin;

/** Lets S1 win an election among peers that store nothing: what it takes from clients stays uncommitted. */
export async function electUnheard(world: World, peers: ScriptedPeers): Promise<void> {
  peers.answersHeartbeats = false;
  await peers.elect();
  await world.runFor(SENT_WITHIN); // an entry with which it begins its term is out
}

/** The index of the last entry that S1 has sent to a peer. */
export function lastSent(peers: ScriptedPeers, to: NodeId): LogIndex {
  const ends = peers
    .all("AppendEntries")
    .filter((heard) => heard.to === to)
    .map(({ message: { prevLogIndex = 0, entries = [] } }) => prevLogIndex + entries.length);
  return Math.max(0, ...ends);
}

/** Fails if S1 has told a client that its operation was carried out. */
export function mustNotBeDone(
  world: World,
  peers: ScriptedPeers,
  client: NodeId,
  sequence: number,
  words: { readonly because: string; readonly rule: string; readonly next: string },
): void {
  const lie = repliesTo(peers, client).find(({ message }) => isDone(message, sequence));
  world.check(lie === undefined, () => ({
    sentence: `${words.because}, and S1 answers ${client}: ok, ${resultWords(lie?.message.result)}.`,
    rule: words.rule,
    next: words.next,
  }));
}
