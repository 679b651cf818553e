import type { Reaction, Stimulus } from "../host/reaction";

/** Stands in the place of a client's status. */
const NO_STATUS = { role: "follower", currentTerm: 0, leader: undefined, commitIndex: undefined } as const;

/** Stimuli are used again by whoever makes them: this one is to stay. */
export function ownCopyOf({ node, kind, now, from, message, timer, command, boot }: Stimulus): Stimulus {
  return { node, kind, now, from, message, timer, command, boot };
}

/** Reactions are used again by the host; a client has no status, and what stands there is of whoever ran before it. */
export function copyOf(reaction: Reaction, isClient: boolean): Reaction {
  const { effects, effectCount, answer, trouble, steps } = reaction;
  const { role, currentTerm, leader, commitIndex } = isClient ? NO_STATUS : reaction;
  return {
    effects: effects.slice(0, effectCount),
    effectCount,
    role,
    currentTerm,
    leader,
    commitIndex,
    answer,
    trouble,
    steps,
  };
}
