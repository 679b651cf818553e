import test from "tape";
import { World } from "../../labs/kit";
import { LABS } from "../course/labs";
import { bundle } from "../submission/bundle";
import { type Submission, SubmissionProblem } from "../submission/intake";
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
