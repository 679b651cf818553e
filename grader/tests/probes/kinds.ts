import { probe } from "../../judge/walls";
import { bubblewrap, permissionModel, unshare, type WallOptions, type Walls } from "../../judge/walls-kinds";
import { LIMITS } from "../../judge/walls-limits";
import { inProgramFolder } from "./probe";

const KINDS = { bubblewrap, unshare, permissionModel } as const;

export type Kind = keyof typeof KINDS;

/** Whether whoever runs this is root. */
export const IS_ROOT = process.getuid?.() === 0;

/** Walls as grading uses them, but for what is said here. */
export function wallsOf(kind: Kind, options: Partial<WallOptions> = {}): Walls {
  return KINDS[kind]({ limits: LIMITS, isHeldByNode: true, isNobody: IS_ROOT, ...options });
}

const found = new Map<Kind, Promise<string | undefined>>();

/** @returns why a kind of walls does not work on this machine; undefined if it does */
export function whyNot(kind: Kind): Promise<string | undefined> {
  const answer = found.get(kind) ?? inProgramFolder("", (program) => probe(wallsOf(kind), program));
  found.set(kind, answer);
  return answer;
}
