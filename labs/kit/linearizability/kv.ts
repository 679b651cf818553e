import type { KvOperation, KvResult } from "../contract";
import { type Bounds, DEFAULT_BOUNDS } from "./bounds";
import { check, type Illegal, type Verdict } from "./check";
import type { History, HistoryItem } from "./history";
import type { Model } from "./model";
import type { RegisterAction, RegisterState } from "./register";
import { REGISTER } from "./register-machine";

export type KvItem = HistoryItem<KvOperation, KvResult>;
export type KvHistory = History<KvOperation, KvResult>;
export type KvVerdict = Verdict<KvOperation, KvResult>;
export type KvIllegal = Illegal<KvOperation, KvResult>;

/** The key-value store of lab 4: each key a register. */
export const KV_MODEL: Model<KvOperation, KvResult, RegisterState, RegisterAction> = {
  machine: REGISTER,
  partOf: (operation) => operation.key,
  meaning: kvMeaning,
  openMeaning: kvOpenMeaning,
};

/** Checks that what the clients of a key-value store saw is linearizable (Herlihy and Wing 1990; Raft §8). */
export function checkKv(history: KvHistory, bounds: Bounds = DEFAULT_BOUNDS): KvVerdict {
  return check(history, KV_MODEL, bounds);
}

function kvMeaning(operation: KvOperation, result: KvResult): RegisterAction {
  const nonsense: RegisterAction = { kind: "nonsense" };
  switch (operation.kind) {
    case "get":
      return typeof result === "boolean" ? nonsense : { kind: "read", value: result };
    case "put":
      return result === null ? { kind: "write", value: operation.value } : nonsense;
    case "append":
      return result === null ? { kind: "append", value: operation.value } : nonsense;
    case "cas":
      if (result === false) return { kind: "differ", value: operation.expected };
      return result === true ? swapOf(operation.expected, operation.value) : nonsense;
  }
}

/** Whether a cas that replaces a value by itself happened can make no difference to anybody. */
function swapOf(expected: string | null, value: string): RegisterAction {
  return expected === value ? { kind: "read", value } : { kind: "swap", expected, value };
}

function kvOpenMeaning(operation: KvOperation): RegisterAction | undefined {
  switch (operation.kind) {
    case "get":
      return undefined;
    case "put":
      return { kind: "write", value: operation.value };
    case "append":
      return { kind: "append", value: operation.value };
    case "cas":
      if (operation.expected === operation.value) return undefined;
      return { kind: "swap", expected: operation.expected, value: operation.value };
  }
}
