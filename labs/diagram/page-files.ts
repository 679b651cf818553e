import { readFileSync } from "node:fs";
import path from "node:path";

/** The modules of the page's script: each uses only names of those before it. */
export const PAGE_MODULES = [
  "dom",
  "fitting",
  "run",
  "words",
  "layout",
  "causes",
  "state",
  "spells",
  "lanes",
  "messages",
  "marks",
  "operations",
  "bands",
  "heads",
  "drawing",
  "values",
  "details",
  "list",
  "legend",
  "keys",
  "choosing",
  "bar",
  "keyboard",
  "pointer",
  "main",
] as const;

const STYLES = ["palette", "frame", "lanes", "events", "side", "list", "help", "print"] as const;

let script: string | undefined;
let style: string | undefined;

/** The script of every diagram: its modules in one scope. Nothing of a run is ever part of it. */
export function pageScript(): string {
  script ??= `"use strict";(() => {\n${PAGE_MODULES.map((name) => inOneScope(read(`${name}.mjs`))).join("\n")}\n})();`;
  return script;
}

export function pageStyle(): string {
  style ??= STYLES.map((name) => read(`${name}.css`).replace(/^\s+|^\/\*.*\*\/$/gm, "")).join("\n");
  return style;
}

/** A module without its imports and exports, which names in one scope do not need, and without its comments. */
function inOneScope(source: string): string {
  return source
    .replace(/^import [^;]*;\n/gm, "")
    .replace(/^export /gm, "")
    .replace(/^ *\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n/gm, "")
    .replace(/^ +/gm, "");
}

function read(file: string): string {
  return readFileSync(path.join(__dirname, "page", file), "utf8");
}
