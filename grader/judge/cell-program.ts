import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { exitOnSignals } from "../tools/exit-on-signals";
import { furnish } from "./walls-kinds";

const CELL = path.resolve(__dirname, "..", "cell");

let written: Promise<string> | undefined;

/**
 * Builds the program of the untrusted process: one file without imports of its own, so that nothing else of the
 * repository has to be readable where it runs.
 * @returns its path, in a folder that goes with this process
 */
export function cellProgram(): Promise<string> {
  written ??= write().catch((error: unknown) => {
    written = undefined;
    throw error;
  });
  return written;
}

async function write(): Promise<string> {
  const realm = await bundle("realm.ts", "neutral", {});
  const source = `(() => { const module = { exports: {} }; ((exports, module) => { ${realm}\n})(module.exports, module); return (outside, all) => new module.exports.Realm(outside, all); })()`;
  const cell = await bundle("cell.ts", "node", { REALM_SOURCE: JSON.stringify(source) });
  const folder = mkdtempSync(path.join(tmpdir(), "raft-cell-"));
  exitOnSignals();
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  furnish(folder);
  const file = path.join(folder, "cell.js");
  writeFileSync(file, cell);
  chmodSync(file, 0o444);
  return file;
}

async function bundle(
  entry: string,
  platform: "node" | "neutral",
  define: Record<string, string>,
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(CELL, entry)],
    bundle: true,
    write: false,
    platform,
    format: "cjs",
    target: "es2022",
    define,
    logLevel: "silent",
  });
  return outputFiles[0].text;
}
