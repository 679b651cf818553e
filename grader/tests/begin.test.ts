import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "tape";
import { type Begun, begin } from "../begin/begin";
import { conflictMarkerIn, mergeFiles } from "../begin/merge-files";
import { tasksWithStubs } from "../begin/stubs";
import { type Piece, threeWayMerge } from "../begin/three-way";
import { begunWords, isClean } from "../begin/words";
import { LABS, ROOT } from "../course/labs";
import { referenceOf } from "../course/skeleton";
import { SubmissionProblem } from "../submission/problem";
import { EXIT } from "../tools/command-line";
import {
  FIRST,
  FIRST_SKELETON,
  FIRST_SOLUTION,
  inMadeUpCourse,
  MADE_UP_LABS,
  type MadeUpCourse,
  SECOND,
  SECOND_SKELETON,
  STORE_SKELETON,
} from "./made-up-lab";

const OLD = "labs/1-election/raft.ts";
const NEW = "labs/2-made-up/raft.ts";
const STORE = "labs/2-made-up/store.ts";
const COPY = "labs/2-made-up/raft.before-begin.ts.txt";

/** A student's finished lab 1. */
const DONE = referenceOf(FIRST_SOLUTION, "first.ts");
/** A line of each task's code in it. */
const BODIES = ["this.env.setTimer(ELECTION, timeout);", "this.votes.add(from);", "entries: [],"];

const ESCAPE = String.fromCharCode(27);

/** Begins the made-up lab in a course; what is said comes without colours. */
async function beginIn(course: MadeUpCourse, from?: string): Promise<{ begun: Begun; words: string }> {
  const begun = await begin({ root: course.root, labs: MADE_UP_LABS, lab: SECOND, from });
  if (begun === undefined) throw new Error("Expected a lab that has one before it.");
  return { begun, words: begunWords(begun).replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, "g"), "") };
}

async function problemOf(course: MadeUpCourse, from?: string): Promise<string> {
  try {
    await beginIn(course, from);
  } catch (error) {
    if (error instanceof SubmissionProblem) return error.message;
    throw error;
  }
  return "none";
}

/** Replaces what must be there. */
function changed(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`Expected to find: ${from}`);
  return text.replace(from, () => to);
}

const filesIn = (course: MadeUpCourse): string[] => readdirSync(course.at("labs/2-made-up")).sort();

test("a finished lab 1 is carried over into lab 2, whose stubs are new", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write(OLD, DONE);

    const { begun, words } = await beginIn(course);

    t.ok(isClean(begun));
    const text = course.read(NEW);
    for (const body of BODIES) t.ok(text.includes(body), body);
    t.deepEqual(tasksWithStubs(text.split("\n")), ["2.1", "2.2"]);
    t.ok(
      text.includes("    this.sendHeartbeats();\n    // TODO 2.1."),
      "a stub right below a student's own line",
    );
    t.ok(text.includes("leader: this.leader, commitIndex: 0 };"), "what lab 2 changes is changed");
    t.equal(course.read(STORE), STORE_SKELETON, "a file that is new stays as it is");
    t.equal(course.read(OLD), DONE, "lab 1 keeps what was handed in");
    t.deepEqual(filesIn(course), ["raft.ts", "store.ts"], "no copies, nothing left behind");
    t.equal(
      words,
      [
        "Lab 2 · Made up, from your lab 1",
        "  ✓ labs/2-made-up/raft.ts  merged: code of your lab 1, stubs of tasks 2.1 and 2.2",
        "  ✓ labs/2-made-up/store.ts  new in lab 2, with stubs of task 2.3, as it was already",
        "",
        "Next: read README.md, then write task 2.1, and try it:  npm test -- -t 2.1",
      ].join("\n"),
    );
  });
});

test("helpers, fields and comments of the student's own come along", async (t) => {
  await inMadeUpCourse(async (course) => {
    const helper =
      "  private majority(): number {\n    return Math.floor(this.env.peers.length / 2) + 1;\n  }\n\n";
    let own = changed(DONE, "  /** Counts a vote. */", `${helper}  /** Counts a vote. */`);
    own = changed(own, "  private readonly votes", "  private elections = 0;\n\n  private readonly votes");
    own = changed(own, "const HEARTBEAT_INTERVAL_MS = 50;", "const HEARTBEAT_INTERVAL_MS = 70; // slower");
    own = changed(own, "private leader: NodeId | undefined;", "private leader?: NodeId;");
    course.write(OLD, own);

    const { begun } = await beginIn(course);

    t.ok(isClean(begun));
    const text = course.read(NEW);
    for (const part of [helper, "elections = 0;", "= 70; // slower", "private leader?: NodeId;", "LogEntry,"])
      t.ok(text.includes(part), part.trim());
  });
});

test("what was begun already is left alone, and begins again just as well", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write(OLD, DONE);
    await beginIn(course);
    const merged = course.read(NEW);

    const { begun, words } = await beginIn(course);

    t.ok(isClean(begun));
    t.deepEqual(filesIn(course), ["raft.ts", "store.ts"], "no copy of the same");
    t.equal(course.read(NEW), merged);
    t.match(words, /raft\.ts {2}merged: .*, as it was already\n/);
  });
});

test("what a student wrote into lab 2 is never overwritten without a copy, nor is a copy", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write(OLD, DONE);
    const works = ["// my first try\n", "// my second try\n"].map((line) => line + SECOND_SKELETON);

    for (const work of works) {
      course.write(NEW, work);
      const { words } = await beginIn(course);
      t.match(
        words,
        /What stood there before, your work on lab 2 included, is now in labs\/2-made-up\/raft\.before/,
      );
      t.ok(course.read(NEW).includes(BODIES[0]), "merged");
    }

    t.equal(course.read(COPY), works[0]);
    t.equal(course.read("labs/2-made-up/raft.before-begin-2.ts.txt"), works[1]);
    course.write(STORE, "// mine\n");
    await beginIn(course);
    t.equal(course.read(STORE), "// mine\n", "a file that is new in lab 2 is the student's");
  });
});

test("missing files of lab 2 are written", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write(OLD, DONE);
    course.remove("labs/2-made-up");

    const { words } = await beginIn(course);

    t.ok(course.read(NEW).includes(BODIES[0]));
    t.equal(course.read(STORE), STORE_SKELETON);
    t.match(words, /store\.ts {2}new in lab 2, with stubs of task 2\.3\n/);
  });
});

test("where both sides changed the same lines, both are shown, with their place and what to do", async (t) => {
  await inMadeUpCourse(async (course) => {
    const mine = "    return { role: this.role, currentTerm: this.currentTerm };\n";
    const given = "    return { role: this.role, currentTerm: this.currentTerm, leader: this.leader };\n";
    course.write(OLD, changed(DONE, given, mine));

    const { begun, words } = await beginIn(course);

    t.notOk(isClean(begun));
    const text = course.read(NEW);
    const theirs =
      "    return { role: this.role, currentTerm: this.currentTerm, leader: this.leader, commitIndex: 0 };\n";
    t.ok(text.includes(`<<<<<<< your lab 1\n${mine}=======\n${theirs}>>>>>>> lab 2's skeleton\n`));
    const line = conflictMarkerIn(text);
    t.ok(
      words.includes(`✗ ${NEW}  merged, but for 1 place\n      ${NEW}:${line}  both sides changed this\n`),
      words,
    );
    t.match(words, /Next: decide it in your editor\. .*delete the three marker lines/s);
    for (const body of BODIES) t.ok(text.includes(body), "all else is merged");

    await beginIn(course);
    t.deepEqual(filesIn(course), ["raft.ts", "store.ts"], "begun again: the same conflict, so no copy");
    course.write(NEW, changed(text, "<<<<<<< your lab 1\n", ""));
    await beginIn(course);
    t.equal(course.read(NEW), text, "begun again in the middle of deciding");
    t.notOk(course.read(COPY).includes("<<<<<<<"), "the decision is kept");
  });
});

test("a file with a conflict that nobody decided is not carried on", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write(OLD, `// one\n<<<<<<< your lab 0\n${DONE}`);
    t.match(
      await problemOf(course),
      /^labs\/1-election\/raft\.ts:2: a conflict of an earlier merge is still open\. Decide it/,
    );
    t.equal(course.read(NEW), SECOND_SKELETON, "nothing is written");
  });
});

test("tasks of lab 1 that are still to be written are named, and the lab begins all the same", async (t) => {
  await inMadeUpCourse(async (course) => {
    const [, stub] = /( {4}\/\/ TODO 1\.7.*?"1\.7"\);\n)/s.exec(FIRST_SKELETON) ?? [];
    const [, code] =
      /( {4}for \(const peer of this\.env\.peers\) \{\n {6}this\.env\.send\(peer, \{\n {8}type: "AppendE.*?_MS\);\n)/s.exec(
        DONE,
      ) ?? [];
    course.write(OLD, changed(DONE, code, stub));

    const { begun, words } = await beginIn(course);

    t.ok(isClean(begun));
    t.deepEqual(tasksWithStubs(course.read(NEW).split("\n")), ["1.7", "2.1", "2.2"]);
    t.match(words, /merged: code of your lab 1, stubs of tasks 2\.1 and 2\.2\n/);
    t.match(
      words,
      /Not written yet: task 1\.7\. Its stub is here too: write it first, for lab 2 builds on it\./,
    );
    t.match(words, /Next: write task 1\.7, in lab 1 with its tests; then begin again\./);
  });
});

test("who has written nothing gets the skeleton, and hears so", async (t) => {
  await inMadeUpCourse(async (course) => {
    const { words } = await beginIn(course);
    t.equal(course.read(NEW), SECOND_SKELETON);
    t.match(words, /Your file of lab 1 is its skeleton as it was handed out: nothing of yours is in here\./);
    t.match(words, /Not written yet: tasks 1\.1 to 1\.7\./);
  });
});

test("an untouched lab 1 does not take the place of work on lab 2", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write(OLD, FIRST_SKELETON);
    course.write(NEW, DONE);

    const problem = await problemOf(course);

    t.match(problem, /^Nothing was changed: your lab 1 is the untouched skeleton/);
    t.match(problem, /labs\/2-made-up\/raft\.ts has work of yours/);
    t.equal(course.read(NEW), DONE, "it is all there");
    t.notOk(
      filesIn(course).some((name) => name.includes("before-begin")),
      "and no copy was needed",
    );
  });
});

test("the import that only stubs need is put back if the student took it away", async (t) => {
  const line = 'import { NotImplemented } from "../kit/contract";\n';
  for (const own of [
    changed(DONE, `${line}\n`, ""),
    changed(DONE, line, ""),
    changed(
      changed(DONE, `${line}\n`, ""),
      "import type {\n  AppendEntries,",
      'import { TIMING } from "../kit/contract";\nimport type {\n  AppendEntries,',
    ),
  ])
    await inMadeUpCourse(async (course) => {
      course.write(OLD, own);
      const { begun } = await beginIn(course);
      t.ok(isClean(begun));
      t.equal(course.read(NEW).split(line).length, 2, "once");
    });
  await inMadeUpCourse(async (course) => {
    course.write(
      OLD,
      changed(changed(DONE, `${line}\n`, ""), "import type {\n", "import {\n  NotImplemented,\n"),
    );
    await beginIn(course);
    t.notOk(course.read(NEW).includes(line), "not if it stands in another import");
  });
});

test("line ends of Windows, spaces at the end and a missing last newline do no harm, and stay", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write(OLD, DONE);
    await beginIn(course);
    const merged = course.read(NEW);
    for (const [name, style] of [
      ["CRLF", (text: string) => text.replaceAll("\n", "\r\n")],
      ["no newline at the end", (text: string) => text.trimEnd()],
      ["CRLF, no newline at the end", (text: string) => text.trimEnd().replaceAll("\n", "\r\n")],
    ] as const) {
      course.write(OLD, style(DONE));
      course.write(NEW, style(SECOND_SKELETON));
      const { begun } = await beginIn(course);
      t.ok(isClean(begun), name);
      t.equal(course.read(NEW), style(merged), `${name}: the same, in that style`);
    }
    t.deepEqual(
      filesIn(course),
      ["raft.ts", "store.ts"],
      "a skeleton in another style is no work of a student's",
    );

    course.write(NEW, SECOND_SKELETON);
    course.write(OLD, DONE.replaceAll(";\n", "; \n"));
    const { begun } = await beginIn(course);
    t.ok(isClean(begun), "spaces");
    t.ok(course.read(NEW).includes('private role: Role = "follower"; \n'), "as the student has them");

    course.write(OLD, `\uFEFF${DONE}`);
    t.ok(isClean((await beginIn(course)).begun), "a byte order mark");
  });
});

test("files of lab 1 that are missing, empty or no text are explained with remedies, and nothing is written", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write(OLD, " \n");
    t.match(
      await problemOf(course),
      /^Expected your raft\.ts of lab 1; labs\/1-election\/raft\.ts is empty\.\n/,
    );
    course.write(OLD, "\uFEFFabc");
    writeFileSync(course.at(OLD), Buffer.from([0xff, 0xfe, 0x61, 0x00]));
    t.match(await problemOf(course), /^labs\/1-election\/raft\.ts is UTF-16\. Save it as UTF-8\./);
    course.remove(OLD);
    const problem = await problemOf(course);
    t.match(problem, /^Expected your raft\.ts of lab 1; found none in labs\/1-election\/\.\n/);
    t.match(problem, /git checkout -- labs\/1-election\/raft\.ts/);
    t.match(problem, /npm run begin -- --from path\/to\/that\/folder/);
    t.match(problem, /npm run begin -- --from reference/);
    mkdirSync(course.at(OLD));
    t.match(await problemOf(course), /found none in/, "a folder of that name");
    t.equal(course.read(NEW), SECOND_SKELETON);
  });
});

test("a skeleton that is not there is named, with the way to get it", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.remove("labs/pristine/2-made-up/raft.ts.txt");
    try {
      await beginIn(course);
      t.fail("expected an error");
    } catch (error) {
      t.ok(error instanceof RangeError);
      t.match(
        String(error),
        /Expected the skeleton of lab 2 as it was handed out, labs\/pristine\/2-made-up\/raft\.ts\.txt/,
      );
    }
  });
});

test("--from reference begins with the reference, where the course has handed it out", async (t) => {
  await inMadeUpCourse(async (course) => {
    t.match(
      await problemOf(course, "reference"),
      /^Your course has not handed out the reference of lab 1: there is no solutions\/1-/,
    );
    course.handOutReference();
    course.write(OLD, "what I did");

    const { begun, words } = await beginIn(course, "reference");

    t.ok(isClean(begun));
    const text = course.read(NEW);
    for (const body of BODIES) t.ok(text.includes(body), body);
    t.doesNotMatch(
      text,
      /#region|#endregion|\/\/\||\/\/-|\.\.\/\.\.\/labs/,
      "without markers, with the kit where it is",
    );
    t.deepEqual(tasksWithStubs(text.split("\n")), ["2.1", "2.2"]);
    t.equal(course.read(OLD), "what I did", "lab 1 stays the student's");
    t.match(
      words,
      /^Lab 2 · Made up, from the reference of lab 1\n.*code of the reference of lab 1, stubs of/,
    );
  });
});

test("--from a folder takes the files of lab 1 from there, in each place that grading accepts", async (t) => {
  for (const place of ["raft.ts", "1-election/raft.ts", "labs/1-election/raft.ts"])
    await inMadeUpCourse(async (course) => {
      course.write(`elsewhere/${place}`, DONE);
      const { words } = await beginIn(course, course.at("elsewhere"));
      t.ok(course.read(NEW).includes(BODIES[0]), place);
      t.match(words, /from your lab 1/);
    });
  await inMadeUpCourse(async (course) => {
    course.write("elsewhere/raft.js", DONE);
    const problem = await problemOf(course, course.at("elsewhere"));
    t.match(
      problem,
      /found none in elsewhere\/\.\nThe folder is searched for raft\.ts, 1-election\/raft\.ts, labs\/1-/,
    );
  });
});

test("--from refuses another lab's folder, and a solution that still has its markers", async (t) => {
  await inMadeUpCourse(async (course) => {
    course.write("mine/2-made-up/raft.ts", DONE);
    t.match(
      await problemOf(course, course.at("mine/2-made-up")),
      /^Expected a folder with your files of lab 1; found that of lab 2, 2-made-up\. Begin the labs in their order/,
    );
    course.handOutReference();
    t.match(
      await problemOf(course, course.at("solutions/1-election")),
      /^solutions\/1-election\/raft\.ts is the solution, with its markers\. Say --from reference instead\./,
    );
    t.equal(course.read(NEW), SECOND_SKELETON, "nothing is written");
  });
});

test("the first lab has nothing to merge", async (t) => {
  await inMadeUpCourse(async (course) => {
    t.equal(await begin({ root: course.root, labs: MADE_UP_LABS, lab: FIRST }), undefined);
  });
});

test("a merge takes changes that touch, and leaves to people what contradicts", async (t) => {
  const merged = async (base: string, ours: string, theirs: string): Promise<string> => {
    const pieces = await threeWayMerge([...base], [...ours], [...theirs]);
    const words = (piece: Piece): string =>
      piece.kind === "merged" ? piece.lines.join("") : `<${piece.ours.join("")}|${piece.theirs.join("")}>`;
    return pieces.map(words).join("");
  };
  for (const [base, ours, theirs, expected, name] of [
    ["abc", "abc", "abc", "abc", "no change"],
    ["abc", "aXc", "abc", "aXc", "ours"],
    ["abc", "abc", "aYc", "aYc", "theirs"],
    ["abcde", "aXcde", "abcYe", "aXcYe", "both, apart"],
    ["abcd", "aXcd", "abYd", "aXYd", "neighbours"],
    ["abc", "aXc", "abYc", "aXYc", "replaced, and inserted below"],
    ["abc", "aXc", "aYbc", "aYXc", "replaced, and inserted above"],
    ["abc", "aXbc", "aYbc", "a<X|Y>bc", "both inserted at one place"],
    ["abc", "aXc", "aYc", "a<X|Y>c", "both replaced"],
    ["abc", "ac", "aYc", "a<|Y>c", "deleted and replaced"],
    ["abc", "ac", "ac", "ac", "both deleted"],
    ["abc", "aXc", "aXc", "aXc", "the same change"],
    ["abcd", "aXYd", "abZd", "a<XY|bZ>d", "one within the other"],
    ["abcde", "aXe", "aYcZe", "a<X|YcZ>e", "two within one"],
    ["", "ab", "", "ab", "of nothing"],
    ["ab", "", "aYb", "<|aYb>", "into nothing"],
    ["abc", "abcX", "Yabc", "YabcX", "at the ends"],
  ])
    t.equal(await merged(base, ours, theirs), expected, name);
  t.end();
});

test("merging with a side that changed nothing gives the other side, whatever that is", async (t) => {
  const lines = FIRST_SKELETON.split("\n").slice(0, -1);
  const firstMethod = lines.findIndex((line) => line.includes("start(): void"));
  for (let place = firstMethod; place < lines.length; place += 3) {
    const other = [...lines.toSpliced(place, 3, "  }", "", `  // ${place}`, "  }"), ""].join("\n");
    const names = { oursName: "ours", theirsName: "theirs" };
    const theirs = await mergeFiles({ ...names, base: FIRST_SKELETON, ours: FIRST_SKELETON, theirs: other });
    const ours = await mergeFiles({ ...names, base: FIRST_SKELETON, ours: other, theirs: FIRST_SKELETON });
    if (theirs.text !== other || ours.text !== other) t.fail(`lines from ${place} on`);
  }
  t.pass("all");
  t.end();
});

/** `grader/begin/cli.ts` as a lab's package.json starts it. */
function run(root: string, ...args: readonly string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-r", "ts-node/register", "grader/begin/cli.ts", ...args],
    {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", INIT_CWD: path.join(root, "labs") },
    },
  );
  return { code: status, output: stdout + stderr };
}

test("the command says what it wants", (t) => {
  const first = run(ROOT, "--lab", "1");
  t.equal(first.code, EXIT.passed);
  t.match(
    first.output,
    /^Lab 1 begins with its skeleton: nothing to merge\. Read README\.md, then write task 1\.1\.\n/,
  );
  const unknown = run(ROOT, "--lab", "9");
  t.equal(unknown.code, EXIT.usage);
  t.match(unknown.output, /There is no lab “9”\. There are: 1-election/);
  t.equal(run(ROOT).code, EXIT.usage, "no lab");
  t.match(run(ROOT, "--help").output, /--from <folder>.*Nothing of yours is overwritten/s);
  t.end();
});

test("a student's copy of the course, which has no solutions, has all that begin needs", async (t) => {
  const pairs = LABS.slice(1).filter((lab) => isHandedOut(lab.folder));
  if (pairs.length === 0) {
    t.comment("There is no second lab yet.");
    return;
  }
  await inMadeUpCourse(async (course) => {
    const { root } = course;
    course.remove("labs");
    for (const folder of ["begin", "course", "submission", "tools"])
      cpSync(path.join(ROOT, "grader", folder), path.join(root, "grader", folder), { recursive: true });
    cpSync(path.join(ROOT, "labs"), path.join(root, "labs"), { recursive: true });
    for (const file of ["package.json", "tsconfig.json"])
      cpSync(path.join(ROOT, file), path.join(root, file));
    symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));

    for (const lab of pairs) {
      const previous = LABS[LABS.indexOf(lab) - 1];
      const bare = run(root, "--lab", lab.number);
      t.equal(bare.code, EXIT.passed, `lab ${lab.number}, nothing written`);
      const none = run(root, "--lab", lab.number, "--from", "reference");
      t.equal(none.code, EXIT.usage);
      t.match(none.output, /has not handed out the reference/);
      for (const name of previous.files) {
        const solution = readFileSync(path.join(ROOT, "solutions", previous.folder, name), "utf8");
        course.write(`labs/mine/${name}`, referenceOf(solution, name));
      }
      const begun = run(root, "--lab", lab.number, "--from", "mine");
      t.equal(begun.code, EXIT.passed, begun.output);
      t.match(begun.output, new RegExp(`Next: read README\\.md, then write task ${lab.number}\\.1`));
    }
  });
});

function isHandedOut(folder: string): boolean {
  try {
    return readdirSync(path.join(ROOT, "labs", "pristine", folder)).length > 0;
  } catch {
    return false;
  }
}
