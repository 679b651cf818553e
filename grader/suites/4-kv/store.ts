import type { KvOperation, KvResult, ScriptedPeers, World } from "../../../labs/kit";
import { carryOut, operationWords, request, resultWords, saidLately } from "./requests";
import { STORE } from "./rules";

/** Fails unless S1, the leader, carries operations out with these results. Clients C1 and C2 ask in turn. */
export async function mustGive(
  world: World,
  peers: ScriptedPeers,
  steps: readonly (readonly [KvOperation, KvResult])[],
): Promise<void> {
  const before: string[] = [];
  for (const [i, [operation, expected]] of steps.entries()) {
    const sequence = Math.floor(i / 2) + 1;
    const result = await carryOut(world, peers, request(i % 2 === 0 ? "C1" : "C2", sequence, operation));
    world.check(result === expected, () => ({
      sentence: `${before.length === 0 ? "The store is empty; then" : `After ${before.slice(-4).join(", ")},`} ${operationWords(operation)} gives ${resultWords(result)}; expected ${resultWords(expected)}.`,
      rule: STORE,
      next: "What does execute() read, what does it write, and what does it return?",
      evidence: saidLately(world),
    }));
    before.push(operationWords(operation));
  }
}
