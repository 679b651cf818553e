import { readSync, writeSync } from "node:fs";
import vm from "node:vm";
import { ANSWER, FRAME_HEADER_BYTES } from "../wire/format";
import { STANDARD, withGlobals } from "./globals";
import { freezeIntrinsics } from "./lockdown";
import type { Outside, Realm } from "./realm";

/** The script of the realm; the judge puts it here when it builds this program. */
declare const REALM_SOURCE: string;

/** The only ways in and out: pipes from the judge and to it. */
const PIPE = { from: 3, to: 4 } as const;

/**
 * The program of the untrusted process. It does nothing but carry frames between its pipes and the realm, and never
 * comes back to an event loop: promises do not go on in here.
 */
function main(): void {
  const realm = makeRealm();
  sendFrame(Uint8Array.of(ANSWER.ready));
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  for (;;) {
    if (!fill(header, header.length)) return;
    const size = new DataView(header.buffer).getUint32(0, true);
    if (!fill(realm.room(size), size)) return;
    realm.handle(size);
  }
}

function makeRealm(): Realm {
  // No prototype: whatever is found on the global object must come from the new realm and not from this one.
  const global: object = Object.create(null);
  const context = vm.createContext(global, { codeGeneration: { strings: false, wasm: false } });
  const evaluate = (source: string, filename: string): unknown =>
    new vm.Script(source, { filename }).runInContext(context);
  const names = evaluate("Object.getOwnPropertyNames(globalThis)", "node:cell") as string[];
  // The host changes its Math and its names before it freezes them: it needs an object of its own for that.
  const own = evaluate(
    `({ __proto__: null, ${STANDARD.map((name) => `${name}: globalThis.${name}`).join(", ")} })`,
    "node:cell",
  ) as Record<string, unknown>;
  const parameters = [...STANDARD, "globalThis"];
  const enclose = evaluate(withGlobals(parameters, REALM_SOURCE), "node:cell") as (
    ...values: unknown[]
  ) => (outside: Outside, all: readonly string[]) => Realm;
  const realm = enclose(...STANDARD.map((name) => own[name]), own)({ evaluate, send: sendFrame }, names);
  Object.freeze(global);
  // An error whose stack cannot be told is replaced by one of this realm: nothing behind it may be changed either.
  freezeIntrinsics(STANDARD.map((name): unknown => Reflect.get(globalThis, name)));
  return realm;
}

/** @returns false if the judge has gone */
function fill(bytes: Uint8Array, size: number): boolean {
  for (let at = 0; at < size; ) {
    const count = readSync(PIPE.from, bytes, at, size - at, null);
    if (count === 0) return false;
    at += count;
  }
  return true;
}

function sendFrame(bytes: Uint8Array): void {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length, true);
  frame.set(bytes, FRAME_HEADER_BYTES);
  for (let at = 0; at < frame.length; ) at += writeSync(PIPE.to, frame, at);
}

main();
