import type { Move } from "../schedule";
import type { Deed } from "./local-state";
import type { Space } from "./space";

/** How a step of a path is written: the number of a deed, and what the network does besides. */
export const STEP = { plain: 0, again: 1, drop: 2 } as const;
const STEP_BITS = 2;
const STEP_MASK = (1 << STEP_BITS) - 1;

export function codeOf(deed: number, step: number): number {
  return (deed << STEP_BITS) | step;
}

export function deedOf(code: number): number {
  return code >> STEP_BITS;
}

export function stepOf(code: number): number {
  return code & STEP_MASK;
}

/** A path as moves that a scheduled world can play. */
export function movesOf(space: Space, codes: readonly number[]): Move[] {
  return codes.flatMap((code) =>
    stepOf(code) === STEP.drop
      ? []
      : movesOfDeed(space, space.deeds[deedOf(code)], stepOf(code) === STEP.again),
  );
}

function movesOfDeed(space: Space, deed: Deed, again: boolean): Move[] {
  const { names } = space;
  const node = names[deed.node];
  switch (deed.kind) {
    case "deliver": {
      const { from, message } = deed.letter;
      return [{ kind: "deliver", from: names[from], to: node, message, ...(again ? { again } : {}) }];
    }
    case "timer":
      return [{ kind: "timer", node, name: deed.name }];
    case "propose":
      return [{ kind: "propose", node, command: deed.command }];
    case "invoke":
      return [{ kind: "invoke", node, operation: space.operation(deed.node, deed.nth) }];
    case "reboot":
      return [
        { kind: "stop", node },
        { kind: "start", node },
      ];
    case "cut": {
      const [move] = movesOfDeed(space, space.deeds[deed.of], false);
      return [
        { ...move, effects: deed.effects },
        { kind: "start", node },
      ];
    }
  }
}
