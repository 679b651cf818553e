import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { World } from "../../labs/kit";
import { LABS } from "../course/labs";
import { bundle } from "../submission/bundle";
import { readSubmission, type Submission, SubmissionProblem } from "../submission/intake";
import { load } from "../submission/load";

const [lab] = LABS;

const SERVER = `
  constructor(env) { this.env = env; }
  start() {}
  onMessage() {}
  onTimer() {}
  status() { return { role: "follower", currentTerm: 0 }; }
`;

function submission(text: string): Submission {
  return { folder: "test", student: "test", lab, files: [{ name: "raft.ts", text }] };
}

/** What the author of a submission is told, or "" if all is well. */
async function problemOf(text: string): Promise<string> {
  try {
    load(await bundle(submission(text)), lab);
    return "";
  } catch (error) {
    if (error instanceof SubmissionProblem) return error.message;
    throw error;
  }
}

/** Runs `body` on a folder that is removed afterwards. */
function inFolder(files: Readonly<Record<string, string | Buffer>>, body: (folder: string) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), "submission-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a correct file can be loaded", async (t) => {
  t.equal(await problemOf(`export class Raft {${SERVER}}`), "");
  t.equal(
    await problemOf(
      `import { NotImplemented } from "../kit/contract"; new NotImplemented("1.1"); export class Raft {${SERVER}}`,
    ),
    "",
  );
});

test("a syntax error is reported with file, line and the line itself", async (t) => {
  const problem = await problemOf("export class Raft {\n  start( {\n}\n");
  t.match(problem, /^raft\.ts:\d+: /);
});

test("an import that is not allowed is refused with file, line and what is allowed", async (t) => {
  for (const name of [
    "fs",
    "node:child_process",
    "../../grader/suites",
    "lodash",
    "../kit/world/world",
    "./other",
  ]) {
    const problem = await problemOf(
      `// a comment\nimport * as x from "${name}";\nexport class Raft {${SERVER}}\nconsole.log(x);`,
    );
    t.match(
      problem,
      /^raft\.ts:2: “.*” cannot be imported here\. A server uses only \.\.\/kit\/contract/,
      name,
    );
  }
  t.match(
    await problemOf(`export class Raft {${SERVER}}\nimport("fs");`),
    /cannot be imported here/,
    "a dynamic import too",
  );
});

test("a missing export says what was expected and what was found", async (t) => {
  t.match(
    await problemOf(`class Raft {${SERVER}}`),
    /Expected raft\.ts to export the class Raft; found no such export/,
  );
  t.match(await problemOf("export const Raft = 3;"), /found a number/);
  t.match(await problemOf(`export default class Raft {${SERVER}}`), /found no such export/);
});

test("code that throws while the file is loaded is named with its line", async (t) => {
  t.match(
    await problemOf(`export class Raft {${SERVER}}\nthrow new Error("at the top");`),
    /raft\.ts:\d+: loading the file throws Error: at the top/,
  );
});

test("servers do not share module state, and neither do restarts", async (t) => {
  const text = `let count = 0; export class Raft {${SERVER.replace("start() {}", 'start() { count += 1; this.env.log("count " + count); }')}}`;
  const { makeHost } = load(await bundle(submission(text)), lab);
  const world = new World({ seed: 1, servers: 3, host: makeHost() });
  await world.runFor(10);
  world.faults.stop("S2");
  world.faults.restart("S2");
  await world.runFor(10);
  const logs = Array.from({ length: world.trace.length }, (_, i) => world.trace.dataOf(i)).filter(
    (data) => typeof data === "string" && data.startsWith("count"),
  );
  t.deepEqual(logs, ["count 1", "count 1", "count 1", "count 1"]);
});

test("an error in a handler names the line of the student's own file", async (t) => {
  const text = `export class Raft {\n  ${SERVER.trim().replace("start() {}", "start() {\n\n    const x: number[] | undefined = undefined;\n    x!.push(1);\n  }")}\n}`;
  const line = text.split("\n").findIndex((candidate) => candidate.includes("x!.push")) + 1;
  const { makeHost } = load(await bundle(submission(text)), lab);
  const world = new World({ seed: 1, servers: 1, host: makeHost() });
  await world.runFor(10).catch(() => {});
  t.match(world.failure?.story.headline ?? "", new RegExp(`S1 threw TypeError.*\\(raft\\.ts:${line}\\)`));
});

test("a folder is read wherever the lab's files lie in it", (t) => {
  for (const place of ["raft.ts", `${lab.folder}/raft.ts`, `labs/${lab.folder}/raft.ts`]) {
    inFolder({ [place]: "\uFEFFexport class Raft {}\r\n" }, (folder) => {
      t.equal(readSubmission(folder, lab).files[0].text, "export class Raft {}\r\n", place);
    });
  }
  t.end();
});

test("packaging mistakes are explained", (t) => {
  const cases: readonly (readonly [Readonly<Record<string, string | Buffer>>, RegExp])[] = [
    [{ "Raft2.ts": "x" }, /Expected raft\.ts in .*; found Raft2\.ts/],
    [{}, /found an empty folder/],
    [{ "raft.ts": "" }, /raft\.ts is empty/],
    [{ "raft.ts": Buffer.from([0xff, 0xfe, 0x61, 0x00]) }, /UTF-16/],
    [{ "raft.ts": "x".repeat(1_000_001) }, /at most 1000000 are read/],
    [{ "raft.ts/inside.txt": "x" }, /Expected raft\.ts to be a file; found a folder or device/],
  ];
  for (const [files, message] of cases)
    inFolder(files, (folder) => t.throws(() => readSubmission(folder, lab), message));
  inFolder({ "secret.txt": "hidden" }, (folder) => {
    symlinkSync(path.join(folder, "secret.txt"), path.join(folder, "raft.ts"));
    t.throws(() => readSubmission(folder, lab), /found a link/);
  });
  t.throws(() => readSubmission("/no/such/folder", lab), /There is no folder/);
  t.end();
});
