import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import path from "node:path";
import { EXIT, runMain } from "../tools/command-line";
import { browserScript } from "./bundle";
import { fingerprints } from "./hashes";

/** Versions that are compared with the one that runs this. They come as npm packages. */
const VERSIONS = ["20", "22", "24"] as const;

/** `npm run node-versions`: the same seeds give the same traces on every version of Node. Slow: it installs them. */
async function main(): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), "node-versions-"));
  try {
    const expected = await fingerprints();
    const script = path.join(folder, "hashes.cjs");
    writeFileSync(script, `globalThis.report = (text) => console.log(text);\n${await browserScript()}`);
    writeFileSync(path.join(folder, "package.json"), "{}");
    console.log(`Node ${process.version}\n${expected}`);
    let failed = 0;
    for (const version of VERSIONS) {
      const name = `node-${platform()}-${arch()}`;
      execFileSync("npm", ["install", "--no-save", "--prefix", folder, `${name}@${version}`], {
        stdio: "ignore",
      });
      const node = path.join(folder, "node_modules", name, "bin", "node");
      const found = execFileSync(node, [script], { encoding: "utf8" }).trim();
      const exact = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
      if (found !== expected) failed += 1;
      console.log(found === expected ? `Node ${exact}: the same` : `Node ${exact}: different\n${found}`);
    }
    console.log(`Node versions: ${VERSIONS.length - failed} passed, ${failed} failed`);
    return failed === 0 ? EXIT.passed : EXIT.failed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

runMain(main);
