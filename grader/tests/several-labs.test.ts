import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import * as archives from "../attacks/archives";
import { LABS, type Lab, ROOT } from "../course/labs";
import { courseVersion } from "../course/version";
import { classReport, titleOf } from "../grade/class-report";
import { type ClassResult, pointsOf, type SubmissionResult } from "../grade/class-result";
import { classTable } from "../grade/class-table";
import { htmlReport } from "../grade/html-report";
import { InOrder } from "../grade/in-order";
import { inParallel } from "../grade/in-parallel";
import { planGrading } from "../grade/plan";
import { type LabResult, standingsData, standingsOf } from "../grade/standings";
import { studentCopy } from "../grade/student-copy";
import { summaryTable } from "../grade/summary-table";
import { writeReports } from "../grade/write-reports";
import { suiteResult, type TestResult, type TestState } from "../labgrader/result";

const [LAB1, LAB2, LAB3, LAB4] = LABS;
const SOURCE = "export class Raft {}\n";
const HOSTILE = `<img src=x onerror="alert('1')">&amp;\u202Egnp.exe\u0007</script><!--`;

type Files = Readonly<Record<string, string | Buffer>>;

test("without a lab's number, every lab is graded that somebody has handed in", async (t) => {
  const files = {
    "ana/1-election/raft.ts": SOURCE,
    "ana/3-persistence/raft.ts": SOURCE,
    "ben/labs/1-election/raft.ts": SOURCE,
    "chen/chen-main/labs/3-persistence/raft.ts": SOURCE,
    "dora.zip": archives.zip([{ name: "dora-main/labs/3-persistence/raft.ts", content: SOURCE }]),
    "emil.tgz": await archives.tarGz([{ name: "1-election/raft.ts", content: SOURCE }]),
  };
  await inFolder(files, async (folder) => {
    t.deepEqual(await planned([folder]), {
      ana: "1 3",
      ben: "1 ·",
      chen: "· 3",
      dora: "· 3",
      emil: "1 ·",
    });
    t.deepEqual(await planned([path.join(folder, "ana")]), { ana: "1 3" }, "one of them is one submission");
    t.deepEqual(await planned(["ana", "emil.tgz"].map((name) => path.join(folder, name))), {
      ana: "1 3",
      emil: "1 ·",
    });
  });
});

test("loose files do not tell their lab", async (t) => {
  await inFolder({ "ana/raft.ts": SOURCE, "ben/ben-main/raft.ts": SOURCE }, async (folder) => {
    t.match(
      await refusal([folder]),
      /Which lab is it\?.* found raft\.ts outside of them in .*ana\..*--lab 1/,
    );
    t.match(await refusal([path.join(folder, "ana")]), /--lab 1/, "of one submission, too");
    t.deepEqual(await planned([folder], [LAB2]), { ana: "2", ben: "2" }, "with a number they count");
  });
  await inFolder({ "ana/raft.ts": SOURCE, "ben/2-replication/raft.ts": SOURCE }, async (folder) => {
    t.deepEqual(await planned([folder]), { ana: "·", ben: "2" });
    const { items } = await planGrading([folder], []);
    t.match(items[0].instead?.text ?? "", /raft\.ts lies in no lab’s folder.*Put it into 2-replication/);
  });
  await inFolder({ "ana/notes.txt": "x" }, async (folder) => {
    t.match(await refusal([path.join(folder, "ana")]), /found none of them/, "nothing at all");
  });
});

test("a lab that is chosen is graded as ever, unless only others were handed in", async (t) => {
  const files = {
    "ana/1-election/raft.ts": SOURCE,
    "ben/raft.ts": SOURCE,
    "chen/main.ts": SOURCE,
    "dora/2-replication/raft.ts": SOURCE,
    "emil.rar": "x",
  };
  await inFolder(files, async (folder) => {
    t.deepEqual(await planned([folder], [LAB2]), { ana: "·", ben: "2", chen: "2", dora: "2", emil: "2" });
    t.deepEqual(await planned([folder], [LAB1, LAB2]), {
      ana: "1 ·",
      ben: "1 2",
      chen: "1 2",
      dora: "· 2",
      emil: "1 2",
    });
    const { items } = await planGrading([folder], [LAB2]);
    t.equal(items[0].instead?.text, "There is 1-election, but no 2-replication with raft.ts.");
  });
});

test("a student's folder is one submission, whichever lab is chosen", async (t) => {
  const files = {
    "class/chen/1-election/raft.ts": SOURCE,
    "class/chen/2-Replication/raft.ts": SOURCE,
    "class/dora/labs/1-election/raft.ts": SOURCE,
    "odd/1-election/kv-server.ts": SOURCE,
  };
  await inFolder(files, async (folder) => {
    const at = (...names: string[]): string[] => [path.join(folder, ...names)];
    t.deepEqual(await planned(at("class", "chen"), [LAB3]), { chen: "·" }, "no class of her labs");
    t.deepEqual(await planned(at("class", "chen"), [LAB3, LAB4]), { chen: "· ·" });
    t.deepEqual(await planned(at("class", "dora"), [LAB4]), { dora: "·" });
    t.deepEqual(await planned(at("class"), [LAB3]), { chen: "·", dora: "·" }, "though nobody has this lab");
    t.deepEqual(await planned(at("odd"), [LAB4]), { odd: "4" }, "and the judge says what is odd");
    const { items } = await planGrading(at("class", "dora"), [LAB3]);
    t.equal(items[0].instead?.text, "There is 1-election, but no 3-persistence with raft.ts.");
  });
});

test("whoever tried to hand in a lab hears from the judge what is wrong", async (t) => {
  const files = {
    "ana/1-election/raft.ts": SOURCE,
    "ben/1-Election/raft.ts": SOURCE,
    "chen/labs/1-election/Raft.ts": SOURCE,
    "dora/1-election/raft.js": SOURCE,
    "emil.zip": "not a zip",
    "finn/1-election/README.md": "nothing of mine",
    "gina/.git/x": "x",
  };
  await inFolder(files, async (folder) => {
    mkdirSync(path.join(folder, "hugo"));
    symlinkSync("../ana/1-election", path.join(folder, "hugo", "1-election"));
    t.deepEqual(await planned([folder]), {
      ana: "1",
      ben: "1",
      chen: "1",
      dora: "1",
      emil: "1",
      finn: "·",
      gina: "·",
      hugo: "1",
    });
  });
});

test("two submissions of one name are refused, wherever they lie", async (t) => {
  const files = { "one/ana/1-election/raft.ts": SOURCE, "two/ana/2-replication/raft.ts": SOURCE };
  await inFolder(files, async (folder) => {
    const both = ["one", "two"].map((name) => path.join(folder, name));
    t.match(await refusal(both), /Two submissions are called “ana”/);
  });
});

test("mistakes on the command line are told with exit code 2, before anything runs", async (t) => {
  await inFolder({ "ana/raft.ts": SOURCE }, async (folder) => {
    const cli = ["-r", "ts-node/register", path.join(ROOT, "grader/grade/cli.ts")];
    const file = path.join(folder, "ana", "raft.ts");
    for (const [args, message] of [
      [[folder], /Which lab is it\?/],
      [["--lab", "1,99", folder], /There is no lab “99”/],
      [["--lab", "1", "--lab", "", folder], /There is no lab “”/],
      [["no/folder"], /There is no folder no\/folder\. .* of one or more labs, in the folders 1-election, /],
      [["no/folder", "--lab", "1"], /There is no folder no\/folder\. .* the files of lab 1: raft\.ts/],
      [["--seed", "4", folder], /Say --base-seed for .*; --seeds is how many runs/],
      [["--seeds", "zero", folder], /Expected a whole number, 1 or more/],
      [["--seeds", "0", folder], /Expected a whole number, 1 or more/],
      [["--lab", "1", "--out", file, folder], /Expected a folder after --out; \S+\/raft\.ts is a file\./],
      [["--lab", "1", "--out", path.join(file, "out"), folder], /raft\.ts\/out lies below a file\./],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [...cli, ...args], {
        cwd: ROOT,
        encoding: "utf8",
      });
      t.equal(status, 2, args.join(" "));
      t.match(stderr, message);
      t.doesNotMatch(stderr, /Did you mean|^\s+at /m, "no wrong hint, no stack");
    }
  });
});

test("reports say how to grade the same again, and no student's copy does", (t) => {
  const out = mkdtempSync(path.join(tmpdir(), "reports-"));
  try {
    const basis = { baseSeed: 987_654_321, course: "1.2.3" };
    writeReports(
      out,
      someLabs().map(({ lab, result }) => ({ lab, result: { ...result, basis } })),
    );
    for (const file of ["class", "lab-1", "lab-2"]) {
      const [page, data] = [".html", ".json"].map((end) => readFileSync(path.join(out, file + end), "utf8"));
      t.match(
        page,
        /Graded with base seed 987654321, each test on as many seeds as .*, by release 1\.2\.3 of/,
        file,
      );
      t.deepEqual(JSON.parse(data).basis, basis, `${file}.json`);
    }
    const copies = readdirSync(path.join(out, "students"), { recursive: true, withFileTypes: true });
    const files = copies.filter((entry) => entry.isFile());
    t.equal(files.length, 16);
    for (const { parentPath, name } of files)
      t.doesNotMatch(readFileSync(path.join(parentPath, name), "utf8"), /987654321|"basis"/, name);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  t.match(courseVersion(), /^\d+\.\d+\.\d+/, "the course has a release");
  t.end();
});

test("what was not handed in counts as 0 in sums, and is neither a failure nor an error", (t) => {
  const labs = someLabs();
  const [ana, ben, chen, dora] = standingsOf(labs);
  t.equal(ana.total, 8, "all points");
  t.equal(ana.look, undefined, "nothing to look at");
  t.equal(ben.total, 2, "0 for what is missing");
  t.deepEqual(ben.look, { index: 0, words: "1.1b  Text of 1.1b." }, "the first lab that is not complete");
  t.equal(chen.total, undefined, "no sum where the grader failed");
  t.match(chen.look?.words ?? "", /^not graded: It died\./);
  t.equal(dora.total, 0);
  t.match(dora.look?.words ?? "", /^cannot be run: No class\./);

  const data = JSON.parse(JSON.stringify(standingsData(labs)));
  t.deepEqual(
    data.labs.map(({ median }: { median: unknown }) => median),
    [2, 4],
    "a median is of what was handed in and graded",
  );
  t.deepEqual(
    data.students[1].labs,
    [
      { lab: "1", kind: "graded", points: 2 },
      { lab: "2", kind: "not-handed-in", points: 0 },
    ],
    "the data tells one from the other",
  );
  t.deepEqual([data.students[2].total, data.students[2].labs[0].points], [null, null]);

  const missing = labs[1].result.submissions[1];
  t.equal(pointsOf(missing), 0);
  t.deepEqual(studentCopy(missing), missing, "its author is told");
  const page = htmlReport(labs[1].result);
  t.ok(page.includes("not handed in: 0 of 4 points"), "the lab's report says it");
  t.ok(
    page.includes("<dt>Not handed in</dt><dd><b>1</b>") &&
      page.includes("<dt>Cannot be run</dt><dd><b>1</b>"),
  );
  t.ok(page.includes("<dt>Median</dt><dd><b>4</b>"), "it is not in the median");
  t.match(classTable(labs[1].result, 100), /│ ben +│ .*·.* │ .*not handed in/, "and so does its table");
  t.end();
});

test("the summary is a row for each student, in any terminal", (t) => {
  const labs = someLabs();
  for (const width of [40, 60, 80, 120, 200]) {
    const lines = plain(summaryTable(labs, width)).split("\n");
    const table = lines.filter((line) => /^[│┌├└]/.test(line));
    t.ok(
      table.every((line) => line.length <= width),
      `a table of ${width} columns`,
    );
    for (const student of ["ana", "ben", "chen", "dora"])
      t.equal(table.filter((line) => line.startsWith(`│ ${student} `)).length, 1, student);
    t.match(lines.join("\n"), /1\.1b {2}Text of/, "what to look at first");
  }
  t.match(plain(summaryTable(labs, 100)), /│ ben +│ +2 │ +· │ +2 │ lab 1: 1\.1b/);
  t.match(plain(summaryTable(labs, 100)), /│ chen +│ +\? │ +4 │ +\? │/);
  t.match(plain(summaryTable(labs, 100)), /· not handed in: counts as 0 {3}\? not graded/);
  t.end();
});

test("the overview's links lead into the labs' reports", (t) => {
  const out = mkdtempSync(path.join(tmpdir(), "reports-"));
  try {
    const labs = someLabs(HOSTILE);
    t.deepEqual(
      Object.values(writeReports(out, labs)),
      ["class.html", "class.json", "students"].map((name) => path.join(out, name)),
    );
    t.deepEqual(readdirSync(out).sort(), [
      "class.html",
      "class.json",
      "lab-1.html",
      "lab-1.json",
      "lab-2.html",
      "lab-2.json",
      "students",
    ]);
    t.deepEqual(readdirSync(path.join(out, "students")), [LAB1.folder, LAB2.folder], "copies by lab");
    for (const { folder } of [LAB1, LAB2])
      t.equal(readdirSync(path.join(out, "students", folder)).length, 8, "a page and data for each student");
    const read = (file: string): string => readFileSync(path.join(out, file), "utf8");
    const links = valuesOf(read("class.html"), "href");
    t.ok(links.length >= 14, `${links.length} links`);
    t.ok(links.includes("lab-2.html#student-ben"), "a name leads to the lab to look at first");
    for (const link of new Set(links)) {
      const [file, id] = link.split("#");
      const isThere =
        id === undefined ||
        valuesOf(read(file), "id").includes(decodeURIComponent(id.replaceAll("&#39;", "'")));
      t.ok(/^lab-[12]\.html$/.test(file) && isThere, link);
    }
    t.ok(valuesOf(read("lab-1.html"), "href").includes("class.html"), "and back");
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  t.end();
});

test("a single lab has no overview, and its page no link away", (t) => {
  const out = mkdtempSync(path.join(tmpdir(), "reports-"));
  try {
    t.equal(writeReports(out, someLabs().slice(0, 1)).report, path.join(out, "lab-1.html"));
    t.deepEqual(readdirSync(out).sort(), ["lab-1.html", "lab-1.json", "students"]);
    t.deepEqual(readdirSync(path.join(out, "students")), [LAB1.folder], "one layout of copies");
    const links = valuesOf(readFileSync(path.join(out, "lab-1.html"), "utf8"), "href");
    t.ok(
      links.every((link) => link.startsWith("#")),
      "every link stays on the page",
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  t.end();
});

test("the overview holds words of submissions as text, runs nothing and loads nothing", (t) => {
  const page = classReport(someLabs(HOSTILE));
  t.notOk(/<img|<!--|<\/?script/.test(page), "no tag of a submission, and no script at all");
  t.notOk(
    ["\u202e", "\u0007"].some((sign) => page.includes(sign)),
    "no sign that is not seen",
  );
  const withoutValues = page.replace(/="[^"]*"/g, '=""');
  t.notOk(
    /\s(style|src)=|url\(|@import|https?:/.test(page.replaceAll("img src=", "")),
    "nothing from elsewhere",
  );
  t.notOk(/<[^>]*\son\w+=/.test(withoutValues), "no event attribute");
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1].replaceAll("&#39;", "'") ?? "";
  t.match(policy, /^default-src 'none'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none'$/);
  t.ok(page.includes("&lt;img src=x"), "it is escaped");
  t.end();
});

test("the overview says which labs it is about", (t) => {
  const of = (labs: readonly Lab[]): string =>
    titleOf(labs.map((lab) => ({ lab, result: { title: "", maxPoints: 0, submissions: [] } })));
  t.equal(of(LABS), "Labs 1 to 4");
  t.equal(of([LAB1, LAB2]), "Labs 1 and 2");
  t.equal(of([LAB1, LAB2, LAB4]), "Labs 1, 2 and 4");
  t.equal(of([LAB2, LAB3, LAB4]), "Labs 2 to 4");
  t.end();
});

test("work that is done at the same time is told in its order", async (t) => {
  const said: string[] = [];
  const order = new InOrder((text) => said.push(text));
  const steps: (() => void)[] = [];
  const done = inParallel(["a", "b", "c"], 3, async (item, index) => {
    await new Promise<void>((resolve) => steps.push(resolve));
    order.add(index, item);
    return item.toUpperCase();
  });
  for (const step of [...steps].reverse()) {
    step();
    await Promise.resolve();
  }
  t.deepEqual(await done, ["A", "B", "C"]);
  t.deepEqual(said, ["a", "b", "c"]);
});

/** Which labs of whom go to a judge: "1 ·" is lab 1, and another one that was not handed in. */
async function planned(
  paths: readonly string[],
  chosen: readonly Lab[] = [],
): Promise<Record<string, string>> {
  const { labs, places, items } = await planGrading(paths, chosen);
  return Object.fromEntries(
    places.map((place, row) => [
      path.basename(place).replace(/\..*/, ""),
      items
        .slice(row * labs.length, (row + 1) * labs.length)
        .map(({ lab, instead }) => (instead === undefined ? lab.number : "·"))
        .join(" "),
    ]),
  );
}

async function refusal(paths: readonly string[]): Promise<string> {
  return planGrading(paths, []).then(
    () => "not refused",
    (error: unknown) => (error instanceof RangeError ? error.message : `no RangeError: ${error}`),
  );
}

/** Runs `body` on a folder with these files, which is removed afterwards. */
async function inFolder(files: Files, body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "several-labs-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two labs of four students: complete; one lab missing; one not graded; one that cannot be run. */
function someLabs(word = "Text of 1.1b."): LabResult[] {
  const names = ["ana", "ben", "chen", word === HOSTILE ? HOSTILE : "dora"];
  const died: SubmissionResult["graded"] = { kind: "grader-error", text: `It died. ${word}` };
  const broken: SubmissionResult["graded"] = { kind: "problem", text: `No class. ${word}` };
  const missing: SubmissionResult["graded"] = { kind: "not-handed-in", text: `Nothing here. ${word}` };
  const all = (lab: string) => gradedAs([result(`${lab}.1a`, "passed"), result(`${lab}.1b`, "passed")]);
  const half = gradedAs([result("1.1a", "passed"), result("1.1b", "failed", word)]);
  const half2 = gradedAs([result("2.1a", "passed"), result("2.1b", "not-written", word)]);
  const classOf = (
    title: string,
    lab: string,
    graded: readonly SubmissionResult["graded"][],
  ): ClassResult => ({
    title,
    maxPoints: 4,
    submissions: graded.map((of, i) => ({ student: names[i], lab, graded: of })),
  });
  return [
    { lab: LAB1, result: classOf("Lab 1 · Leader election", "1", [all("1"), half, died, broken]) },
    {
      lab: LAB2,
      result: classOf("Lab 2 · Log replication", "2", [
        all("2"),
        missing,
        word === HOSTILE ? half2 : all("2"),
        broken,
      ]),
    },
  ];
}

function gradedAs(tests: readonly TestResult[]): SubmissionResult["graded"] {
  return { kind: "graded", result: suiteResult("Suite", tests) };
}

function result(number: string, state: TestState, text?: string): TestResult {
  const work = { seedsRun: 1, seedsPlanned: 1, events: 1, virtualMs: 1, wallMs: 1 };
  return {
    number,
    title: `Sentence ${number}`,
    path: ["Group"],
    visibility: "hidden",
    state,
    points: state === "passed" ? 2 : 0,
    maxPoints: 2,
    failure: text === undefined ? undefined : { text },
    ...work,
  };
}

function plain(text: string): string {
  const start = String.fromCharCode(27);
  return text.replaceAll(new RegExp(`${start}\\[\\d+m`, "g"), "");
}

function valuesOf(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`\\s${name}="([^"]*)"`, "g"))].map(([, value]) => value);
}
