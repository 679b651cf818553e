const SIGNALS = [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

let isDone = false;

/** Makes the usual signals an ordinary end of this process: what is to be cleared away at its exit then is. */
export function exitOnSignals(): void {
  if (isDone) return;
  isDone = true;
  for (const [signal, code] of SIGNALS) process.once(signal, () => process.exit(code));
}
