/** What can happen to one key. */
export type RegisterAction =
  /** The value was seen. */
  | { readonly kind: "read"; readonly value: Value }
  /** It was seen that the value is another one. */
  | { readonly kind: "differ"; readonly value: Value }
  | { readonly kind: "write"; readonly value: string }
  | { readonly kind: "append"; readonly value: string }
  /** `expected` was seen and, in the same instant, replaced. */
  | { readonly kind: "swap"; readonly expected: Value; readonly value: string }
  /** An answer that no state explains. */
  | { readonly kind: "nonsense" };

/** What a key holds: null if it was never written. */
export type Value = string | null;

/** Some value that nobody will look at. */
export const UNSEEN: unique symbol = Symbol("a value that nobody will look at");
export type RegisterState = Value | typeof UNSEEN;
