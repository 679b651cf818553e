import type { Attack, Line } from "../attack";
import { raft } from "../submission";

const IMPORTS = [
  "node:net",
  "node:dns",
  "node:http",
  "node:worker_threads",
  "node:vm",
  "node:wasi",
  "node:module",
  "node:inspector",
  "./addon.node",
];
const NAMES: readonly (readonly [name: string, code: string])[] = [
  ["fetch", 'fetch("http://127.0.0.1/");'],
  ["WebSocket", 'new WebSocket("ws://127.0.0.1/");'],
  ["BroadcastChannel", 'new BroadcastChannel("x").postMessage(1);'],
  ["MessageChannel", "new MessageChannel();"],
  ["Worker", 'new Worker("data:,");'],
  ["SharedArrayBuffer", "new SharedArrayBuffer(8);"],
  ["process", 'process.binding("spawn_sync");'],
  ["process", 'process.dlopen({}, "./addon.node");'],
  ["process", 'process.getBuiltinModule("fs");'],
];

const letter = (index: number): string => String.fromCharCode("a".charCodeAt(0) + index);

const named = ([name, code]: (typeof NAMES)[number], index: number): Attack => ({
  id: `14${letter(index)}`,
  does: code.replace(/;$/, ""),
  submission: raft({ start: code }),
  verdict: "no points",
  says: new RegExp(`found a (use|call) of ${name}`),
});

const imported = (name: string, index: number): Attack => ({
  id: `14${letter(NAMES.length + index)}`,
  does: `import of ${name}`,
  submission: raft({ top: `import * as outside from "${name}";\nconsole.log(outside);` }),
  verdict: "refused",
  says: /cannot be imported here/,
});

export const OUTSIDE: Line = {
  number: 14,
  title: "Sockets, threads, processes, addons",
  happens: "None of the names is there. The process could not use them either: no network, no new processes.",
  attacks: [
    ...NAMES.map(named),
    ...IMPORTS.map(imported),
    {
      id: "14s",
      does: "new Worker, and the error that comes of it is caught",
      submission: raft({ start: 'try { new Worker("data:,"); } catch {}' }),
      verdict: "no points",
      says: /found a use of Worker/,
    },
  ],
};
