import test, { type Test } from "tape";
import { pointsOf } from "../grade/class-result";
import { SUITE_POINTS } from "../suites";
import { EXIT } from "../tools/command-line";
import { allPoints, nothingLeft } from "./probes/graded-checks";
import { BROKEN, Command, type Graded, type Machine, NO_CELL } from "./probes/grading";
import { whyNot } from "./probes/kinds";
import { CAN_SEE_PROCESSES, familyOf, type Process, survivorsOf, until } from "./probes/processes";

/** Time for the system to end what it is to end. */
const END_MAX_MS = 10_000;
/** Time for a judge to get to work. */
const START_MAX_MS = 30_000;
/** Runs of each test that take long enough for something to happen meanwhile. */
const MANY_SEEDS = 10;
const skip = !CAN_SEE_PROCESSES && "no /proc here";

const isCell = ({ words }: Process): boolean => words.includes("cell.js") && !words.includes("--check");
const isJudge = ({ words }: Process): boolean => words.includes("judge-process");

/** Waits for a judge at work, other than some: one whose cell is running. @returns its family, itself first */
async function judgeAtWork(command: Command, others: readonly number[] = []): Promise<readonly Process[]> {
  let found: readonly Process[] = [];
  const isThere = (): boolean => {
    const judges = familyOf(command.pid).filter((one) => isJudge(one) && !others.includes(one.pid));
    found = judges.map(({ pid }) => familyOf(pid)).find((family) => family.some(isCell)) ?? [];
    return found.length > 0;
  };
  await Promise.race([until(isThere, START_MAX_MS), command.ended]);
  return found;
}

function killAll(processes: readonly Process[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}

test("where no cell can be had, nobody gets a zero", async (t) => {
  const machines: readonly (readonly [string, Machine, RegExp])[] = [
    ["no walls hold", { tools: NO_CELL }, /No cell can be started on this machine/],
    ["no pipe can be made", { tools: { mkfifo: BROKEN } }, /mkfifo/],
    ["no folder for temporary files", { temporary: `${__filename}/none` }, /ENOTDIR/],
    ["a folder where nothing can be written", { temporary: "/proc" }, /\/proc/],
  ];
  const all = await Promise.all(machines.map(([, machine]) => Command.grade(1, machine).ended));
  for (const [i, [name, , words]] of machines.entries()) {
    notGraded(t, all[i], name);
    t.ok(words.test(all[i].output), `${name}: the reason`);
    nothingLeft(t, all[i]);
  }
});

test("a check for which no cell can be had says so, and shows no points", async (t) => {
  const { code, output } = await Command.check({ tools: NO_CELL }).ended;
  t.equal(code, EXIT.grader);
  t.ok(/The grader itself failed/.test(output) && /No cell can be started/.test(output), "the reason");
  t.ok(!/points/.test(output), "no points");
});

test("what goes wrong once is tried again", async (t) => {
  const once = 'test -e "$0.tried" && PATH=/usr/bin:/bin exec mkfifo "$@"; touch "$0.tried"; exit 1';
  const graded = await Command.grade(1, { tools: { mkfifo: once } }).ended;
  allPoints(t, graded);
  nothingLeft(t, graded);
});

function notGraded(t: Test, { code, output, result }: Graded, name: string): void {
  t.equal(code, EXIT.grader, `${name}: exit code`);
  t.match(output, /^ {2}a +not graded$/m, `${name}: in the list`);
  t.match(output, /│ a +│ \? +│/, `${name}: in the table`);
  t.equal(result?.submissions[0].graded.kind, "grader-error", `${name}: in the file`);
}

test("where the disk is full, nobody gets a zero", async (t) => {
  const why = await whyNot("unshare");
  if (why !== undefined) {
    t.skip(why);
    return;
  }
  const script = 'mount -t tmpfs -o size=64k tmpfs "$1" && shift && exec "$@"';
  const within = [
    "unshare",
    "--user",
    "--map-root-user",
    "--mount",
    "/bin/sh",
    "-c",
    script,
    "sh",
    "{temporary}",
  ];
  const graded = await Command.grade(1, { within }).ended;
  notGraded(t, graded, "full disk");
  t.ok(/ENOSPC/.test(graded.output), "the reason");
});

test("a judge that is killed costs nothing, and twice it costs its own submission alone", {
  skip,
}, async (t) => {
  for (const times of [1, 2]) {
    const command = Command.grade(2, {}, MANY_SEEDS);
    const killed: number[] = [];
    while (killed.length < times) {
      const [judge] = await judgeAtWork(command, killed);
      t.ok(judge !== undefined, "a judge is at work");
      if (judge === undefined) break;
      killAll([judge]);
      killed.push(judge.pid);
    }
    const graded = await command.ended;
    if (times === 1) allPoints(t, graded, 2);
    else {
      notGraded(t, graded, "killed twice");
      t.ok(/The judge was lost: it was ended by SIGKILL/.test(graded.output), "the reason");
      t.deepEqual(graded.result?.submissions.map(pointsOf), [undefined, SUITE_POINTS], "the other is graded");
    }
    nothingLeft(t, graded);
  }
});

test("a cell that somebody else kills costs no point", { skip }, async (t) => {
  const command = Command.grade(1, {}, MANY_SEEDS);
  const cells = (await judgeAtWork(command)).filter(isCell);
  t.ok(cells.length > 0, "a cell is running");
  killAll(cells);
  const graded = await command.ended;
  allPoints(t, graded);
  nothingLeft(t, graded);
});

test("a grading that is broken off leaves nothing behind", { skip }, async (t) => {
  const breakOff = async (signal: NodeJS.Signals): Promise<void> => {
    const command = Command.grade(1, {}, MANY_SEEDS);
    await judgeAtWork(command);
    const family = familyOf(command.pid);
    command.signal(signal);
    const graded = await command.ended;
    t.notEqual(graded.code, EXIT.passed, signal);
    t.deepEqual(await survivorsOf(family, END_MAX_MS), [], `${signal}: no process`);
    if (signal !== "SIGKILL") nothingLeft(t, graded);
  };
  await Promise.all([breakOff("SIGINT"), breakOff("SIGTERM"), breakOff("SIGKILL")]);
});

test("a check that is broken off leaves nothing behind", { skip }, async (t) => {
  const command = Command.check({}, MANY_SEEDS);
  await until(() => familyOf(command.pid).some(isCell), START_MAX_MS);
  const family = familyOf(command.pid);
  command.signal("SIGINT");
  const checked = await command.ended;
  t.notEqual(checked.code, EXIT.passed);
  t.deepEqual(await survivorsOf(family, END_MAX_MS), [], "no process");
  nothingLeft(t, checked);
});
