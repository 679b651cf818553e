import type { NodeId, World } from "../kit";
import { KIND, type StatusChange } from "../kit/trace/trace";

/** Events that are looked for: a story has room for about as many. */
const EVENTS_MAX = 14;

/**
 * What clients and servers said to each other last, with the faults and elections in between: trace records for the
 * story of a test of the key-value store, in which the servers' own messages would drown it.
 * @param client only this client's talk. Without: that of all clients
 */
export function clientTalk({ trace, names, clients, simulation }: World, client?: NodeId): number[] {
  const talkers = new Set((client === undefined ? clients : [client]).map((id) => names.indexOf(id)));
  const isPlayed = (node: number): boolean => simulation.nodes[node]?.isScripted === true;
  const isTold = (i: number): boolean => {
    const [node, peer] = [trace.nodeOf(i), trace.peerOf(i)];
    switch (trace.kindOf(i)) {
      case KIND.fault:
      case KIND.step:
        return true;
      case KIND.status:
        return isElected(trace.dataOf(i) as StatusChange);
      case KIND.send: // stands for the event of the server that answers
        return talkers.has(peer) && !isPlayed(node);
      case KIND.deliver:
        return (talkers.has(node) || talkers.has(peer)) && !isPlayed(node);
      case KIND.drop:
        return talkers.has(node) || talkers.has(peer);
      default:
        return trace.isHandler(i) && talkers.has(node) && !isPlayed(node);
    }
  };
  const found: number[] = [];
  for (let i = trace.length - 1; i >= 0 && found.length < EVENTS_MAX; i--) if (isTold(i)) found.push(i);
  return found.reverse();
}

function isElected({ before, after }: StatusChange): boolean {
  return after.role === "leader" && before.role !== "leader";
}
