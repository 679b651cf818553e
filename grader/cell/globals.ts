/**
 * The names of the language itself that a student's code finds. Everything else that the realm has, or that Node and
 * browsers have, explains itself when it is touched.
 */
export const STANDARD = [
  "AggregateError",
  "Array",
  "ArrayBuffer",
  "BigInt",
  "BigInt64Array",
  "BigUint64Array",
  "Boolean",
  "DataView",
  "Date",
  "Error",
  "EvalError",
  "Float32Array",
  "Float64Array",
  "Function",
  "Int16Array",
  "Int32Array",
  "Int8Array",
  "Iterator",
  "JSON",
  "Map",
  "Math",
  "Number",
  "Object",
  "Promise",
  "Proxy",
  "RangeError",
  "ReferenceError",
  "Reflect",
  "RegExp",
  "Set",
  "String",
  "Symbol",
  "SyntaxError",
  "TypeError",
  "URIError",
  "Uint16Array",
  "Uint32Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "WeakMap",
  "WeakSet",
  "decodeURI",
  "decodeURIComponent",
  "encodeURI",
  "encodeURIComponent",
  "escape",
  "isFinite",
  "isNaN",
  "parseFloat",
  "parseInt",
  "unescape",
] as const;

/**
 * What Node has besides, and students know from there. What only browsers have stays undefined, as in Node: programs ask
 * `typeof window` to learn where they are.
 */
export const FOREIGN = [
  "AbortController",
  "AbortSignal",
  "Atomics",
  "BroadcastChannel",
  "Buffer",
  "Event",
  "EventTarget",
  "FinalizationRegistry",
  "Intl",
  "MessageChannel",
  "SharedArrayBuffer",
  "TextDecoder",
  "TextEncoder",
  "URL",
  "URLSearchParams",
  "WeakRef",
  "WebAssembly",
  "WebSocket",
  "Worker",
  "__dirname",
  "__filename",
  "atob",
  "btoa",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "crypto",
  "fetch",
  "global",
  "navigator",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
] as const;

/** Names that code in the realm finds as parameters around it: looking them up in a context's global object is slow. */
export type Globals = ReadonlyMap<string, unknown>;

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const NO_PARAMETER = new Set(["eval", "undefined", "NaN", "Infinity", "arguments"]);

/** The names of `globals` that can stand as parameters. */
export function parameterNames(globals: Globals): string[] {
  return [...globals.keys()].filter((name) => IDENTIFIER.test(name) && !NO_PARAMETER.has(name));
}

/** The source of a function that takes the named globals and returns `expression`, all in one line. */
export function withGlobals(names: readonly string[], expression: string): string {
  return `(function (${names.join(", ")}) { "use strict"; return ${expression}\n})`;
}
