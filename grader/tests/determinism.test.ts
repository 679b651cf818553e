import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createContext, runInContext } from "node:vm";
import test from "tape";
import { ROOT } from "../course/labs";
import { browserScript } from "../determinism/bundle";
import { fingerprints } from "../determinism/hashes";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) =>
  existsSync(file),
);
const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

test("the same seeds give the same traces twice in one process", async (t) => {
  t.equal(await fingerprints(), await fingerprints());
});

test("the same seeds give the same traces in another process", async (t) => {
  const script = path.join(ROOT, "grader", "determinism", "print.ts");
  const printed = execFileSync(process.execPath, ["-r", "ts-node/register", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  t.equal(printed.trim(), await fingerprints());
});

test("the kit runs where there is no Node at all, with the same traces", async (t) => {
  const script = await browserScript();
  const found = await new Promise<string>((resolve) => {
    runInContext(script, createContext({ report: resolve }));
  });
  t.equal(found, await fingerprints());
});

test("the same seeds give the same traces in Chromium", {
  skip: CHROMIUM === undefined && "no chromium on this machine",
}, async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "chromium-"));
  try {
    const page = path.join(folder, "page.html");
    const script = `var report = (text) => { document.body.textContent = text; };\n${await browserScript()}`;
    writeFileSync(
      page,
      `<!doctype html><meta charset="utf-8"><body><script>${script.replaceAll("</", "<\\/")}</script></body>`,
    );
    const flags = [
      ...CHROMIUM_FLAGS,
      `--user-data-dir=${folder}/profile`,
      "--virtual-time-budget=10000",
      "--dump-dom",
      `file://${page}`,
    ];
    const dom = execFileSync(CHROMIUM ?? "", flags, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 60_000,
    });
    const [first] = (await fingerprints()).split("\n");
    t.ok(dom.includes(first), `found ${/<body>([\s\S]*)<\/body>/.exec(dom)?.[1] ?? dom.slice(0, 200)}`);
    t.ok(dom.includes((await fingerprints()).replaceAll("\n", "\n")), "all of them");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
