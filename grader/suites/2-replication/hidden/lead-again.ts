import { type LogIndex, type ScriptedPeers, type Term, TIMING, type World } from "../../../../labs/kit";
import { propose, SENT } from "../leading";
import { ScriptedLeader } from "../scripted-leader";

/**
 * Five servers. S1 leads and sends S2 ten entries, which nobody else gets, so that they are not committed. S5, elected
 * by the others, replaces all of them at S1 by two of its own. Then S1 leads again, with the votes of S2 and S3.
 * @param isAnswered whether S2's answers reached S1
 * @returns the earlier term, and the last entry that S2 got then
 */
export async function leadAgain(
  world: World,
  peers: ScriptedPeers,
  { isAnswered }: { readonly isAnswered: boolean },
): Promise<{ readonly earlier: Term; readonly reached: LogIndex }> {
  const earlier = await peers.elect();
  for (const id of ["S3", "S4", "S5"]) peers.silent.add(id);
  if (!isAnswered) peers.silent.add("S2");
  let reached: LogIndex = 0;
  for (let n = 1; n <= 10; n++) reached = (await propose(world, "S1", `lost ${n}`)).index;
  await world.runFor(SENT);

  const usurper = new ScriptedLeader(world, peers, "S5", earlier + 1, [earlier + 1, earlier + 1]);
  await usurper.mustSend(0, 2);
  peers.silent.clear();
  peers.isLost = () => true;
  await peers.elect();
  await world.runFor(TIMING.answerWithin);
  return { earlier, reached };
}
