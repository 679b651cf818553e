import { spawnSync } from "node:child_process";
import path from "node:path";
import test from "tape";
import { ROOT } from "../course/labs";
import { EXIT } from "../tools/command-line";

const GATE = ["-r", "ts-node/register", path.join(ROOT, "grader", "gate", "gate.ts")];

for (const args of [["--help"], ["-t", "2.1"], ["--check-determinism"]])
  test(`npm test -- ${args.join(" ")} in the repository's folder runs nothing, and says what to type`, (t) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...GATE, ...args], {
      cwd: ROOT,
      encoding: "utf8",
      timeout: 60_000,
      killSignal: "SIGKILL",
    });
    t.equal(status, EXIT.usage);
    t.equal(stdout, "");
    t.ok(stderr.includes(`found “${args.join(" ")}”`), stderr);
    t.ok(stderr.includes("cd labs/1-election && npm test -- -t 1.3"));
    t.end();
  });
