import path from "node:path";
import { build } from "esbuild";

/**
 * The fingerprints' program as one script without Node: it calls `report(text)` when it is done. What esbuild cannot
 * resolve for a browser fails here, so this also proves that the kit imports nothing of Node.
 */
export async function browserScript(): Promise<string> {
  const result = await build({
    stdin: {
      contents:
        'import { fingerprints } from "./hashes"; fingerprints().then(report, (error) => report(String(error)));',
      resolveDir: path.join(__dirname),
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  });
  return result.outputFiles[0].text;
}
