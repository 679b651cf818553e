import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { mutantsOf } from "../catalogue/catalogue";
import { LABS } from "../course/labs";
import type { ClassResult } from "../grade/class-result";
import { gradeAll } from "../grade/grade-all";
import { htmlReport } from "../grade/html-report";
import { planGrading } from "../grade/plan";
import { writeReports } from "../grade/write-reports";
import { judge } from "../judge/judging";
import { suiteResult, type TestResult } from "../labgrader/result";

const [LAB] = LABS;
const HOSTILE = `a"><img src=x onerror=alert(1)>`;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "diagrams-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A bug that public and hidden tests catch: a server that votes for everybody. */
function generousVoter() {
  const mutant = mutantsOf(LAB).find(({ id }) => id === "E13");
  if (mutant === undefined) throw new Error("There is no mutant E13.");
  return mutant.submission;
}

test("the judge draws the run for which a test fails, and only that", async (t) => {
  await inFolder(async (folder) => {
    const diagrams = path.join(folder, "drawn");
    const graded = await judge(generousVoter(), { baseSeed: 1, seeds: 3, only: ["1.1a", "1.3b"], diagrams });
    if (graded.kind !== "graded") throw new Error(graded.text);
    const [passed, failed] = graded.result.tests;

    t.equal(passed.failure, undefined);
    t.equal(failed.failure?.diagram, "1.3b.html");
    t.deepEqual(readdirSync(diagrams), ["1.3b.html", "1.3b.run.json"], "and keeps it");
    const page = readFileSync(path.join(diagrams, "1.3b.html"), "utf8");
    t.ok(page.includes(`seed ${failed.failure?.seed}, `), "of the seed that the result names");
    t.ok(page.includes("One vote per term"), "with its story");
  });
});

test("without a folder, no run is drawn", async (t) => {
  const graded = await judge(generousVoter(), { baseSeed: 1, seeds: 1, only: ["1.3b"] });
  if (graded.kind !== "graded") throw new Error(graded.text);
  t.equal(graded.result.tests[0].failure?.diagram, undefined);
});

test("grading writes diagrams, the report leads to them, and a student's copy has those of visible tests", async (t) => {
  await inFolder(async (folder) => {
    const home = path.join(folder, "class", "ana", LAB.folder);
    const out = path.join(folder, "out");
    const { files } = generousVoter();
    mkdirSync(home, { recursive: true });
    for (const { name, text } of files) writeFileSync(path.join(home, name), text);
    cpSync(path.join(folder, "class", "ana"), path.join(folder, "class", "b n&c"), { recursive: true });
    const plan = await planGrading([path.join(folder, "class")], []);
    const options = { baseSeed: 1, seeds: 2, jobs: 2, diagrams: out };
    const labs = await gradeAll(plan, options, () => {});
    writeReports(out, labs);

    const kept = readdirSync(path.join(out, "diagrams", LAB.folder, "ana"));
    const drawn = kept.filter((file) => file.endsWith(".html"));
    t.ok(drawn.length > 3, `${drawn.length} diagrams`);
    const report = readFileSync(path.join(out, "lab-1.html"), "utf8");
    const [{ result }] = labs;
    const commands = result.submissions.flatMap(({ graded }) =>
      graded.kind === "graded" ? graded.result.tests.flatMap(({ failure }) => failure?.mended ?? []) : [],
    );
    t.equal(commands.length, 2 * kept.filter((file) => file.endsWith(".run.json")).length, "and tells how");
    const place = path.relative(process.cwd(), path.join(out, "diagrams", LAB.folder));
    const of = path.join(folder, "class");
    t.ok(commands.includes(`npm run replay -- ${place}/ana/1.3b.run.json --against ${of}/ana`), commands[0]);
    t.ok(
      commands.some((command) => command.endsWith(`.run.json --against '${of}/b n&c'`)),
      "quoted for a shell",
    );
    const links = [...report.matchAll(/href="\.\/([^"]+)"/g)].map(([, link]) => decodeURIComponent(link));
    t.equal(links.length, 2 * drawn.length, "the report leads to each");
    t.deepEqual(
      links.filter((link) => !existsSync(path.join(out, link))),
      [],
      "and each link leads to a file",
    );
    const tests = labs[0].result.submissions[0].graded;
    const hidden =
      tests.kind === "graded"
        ? tests.result.tests.filter(({ visibility }) => visibility === "hidden").map(({ number }) => number)
        : [];
    t.ok(
      drawn.some((file) => hidden.includes(path.parse(file).name)),
      "hidden tests are drawn too",
    );
    const copies = path.join(out, "students", LAB.folder);
    const copy = readFileSync(path.join(copies, "ana.html"), "utf8");
    const own = [...copy.matchAll(/href="\.\/([^"]+)"/g)].map(([, link]) => decodeURIComponent(link));
    t.ok(own.length > 0, "the copy leads to some");
    t.ok(
      own.every((link) => existsSync(path.join(copies, link))),
      "which are beside it",
    );
    const given = readdirSync(path.join(copies, "diagrams", "ana"));
    t.deepEqual(given.sort(), own.map((link) => path.basename(link)).sort(), "and no others");
    t.deepEqual(
      given.filter((file) => hidden.includes(path.parse(file).name)),
      [],
      "none of a hidden test",
    );
    const data = readFileSync(path.join(copies, "ana.json"), "utf8");
    for (const number of hidden) t.notOk(data.includes(`${number}.html`), `nor its name: ${number}`);
  });
});

test("a diagram's name cannot leave the report's folder, or be anything but a link", (t) => {
  const result = (diagram: string): ClassResult => {
    const failed: TestResult = {
      number: "1.1a",
      title: "A test",
      path: [],
      visibility: "visible",
      state: "failed",
      points: 0,
      maxPoints: 1,
      seedsRun: 1,
      seedsPlanned: 1,
      events: 1,
      virtualMs: 1,
      wallMs: 1,
      failure: { text: "No.", diagram },
    };
    const graded = { kind: "graded", result: suiteResult("Lab 1", [failed]) } as const;
    return { title: "Lab 1", maxPoints: 1, submissions: [{ student: "ana", lab: "1", graded }] };
  };
  for (const name of [HOSTILE, "javascript:alert(1)", "a b?c#d"]) {
    const page = htmlReport(result(name));
    const [, link] = /<p class="diagram"><a href="([^"]*)"/.exec(page) ?? [];
    t.equal(link, `./${encodeURIComponent(name).replace(/'/g, "&#39;")}`, name);
  }
  t.end();
});
