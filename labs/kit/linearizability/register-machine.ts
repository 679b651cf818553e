import { IMPOSSIBLE, type Impossible, type Machine } from "./model";
import { type RegisterAction, type RegisterState, UNSEEN } from "./register";
import { registerOutlook } from "./register-outlook";
import { zoneTest } from "./zones/zone-test";

/** One key of the store as a machine. */
export const REGISTER: Machine<RegisterState, RegisterAction> = {
  initial: null,
  apply: applyToRegister,
  nameOf: registerActionName,
  isRead: ({ kind }) => kind === "read" || kind === "differ" || kind === "nonsense",
  isBlind: ({ kind }) => kind === "write" || kind === "append",
  overwrites: ({ kind }) => kind === "write",
  outlook: registerOutlook,
  shortcut: (intervals) => zoneTest(intervals),
};

function applyToRegister(state: RegisterState, action: RegisterAction): RegisterState | Impossible {
  switch (action.kind) {
    case "read":
      return state === action.value ? state : IMPOSSIBLE;
    case "differ":
      return state !== action.value ? state : IMPOSSIBLE;
    case "write":
      return action.value;
    case "append":
      return state === UNSEEN ? UNSEEN : (state ?? "") + action.value;
    case "swap":
      return state === action.expected ? action.value : IMPOSSIBLE;
    case "nonsense":
      return IMPOSSIBLE;
  }
}

/** The length keeps apart what could be read in two ways: a swap of "a b" for "c" is not one of "a" for "b c". */
function registerActionName(action: RegisterAction): string {
  switch (action.kind) {
    case "swap":
      return `swap ${action.expected?.length} ${action.expected} ${action.value}`;
    case "nonsense":
      return "nonsense";
    default:
      return action.value === null ? action.kind : `${action.kind} ${action.value}`;
  }
}
