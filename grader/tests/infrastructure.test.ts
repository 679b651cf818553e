import test, { type Test } from "tape";
import { pointsOf } from "../grade/class-result";
import { SUITE_POINTS } from "../suites";
import { EXIT } from "../tools/command-line";
import { allPoints, nothingLeft } from "./probes/graded-checks";
import { BROKEN, Command, type Graded, type Machine, NO_CELL } from "./probes/grading";
import { beforeACell, type Killer, killed, midstOfWork } from "./probes/killers";
import { IS_ROOT, whyNot } from "./probes/kinds";
import { CAN_SEE_PROCESSES, familyOf, type Process, survivorsOf, until } from "./probes/processes";

/** Time for the system to end what it is to end. */
const END_MAX_MS = 30_000;
/** Time for a command to get to work. */
const START_MAX_MS = 120_000;
/** Runs of each test that no machine plays within the time that a command may take. */
const ENDLESS_SEEDS = 1_000_000;
const skip = !CAN_SEE_PROCESSES && "no /proc here";

const isCell = ({ words }: Process): boolean => words.includes("cell.js") && !words.includes("--check");

/** Waits until a command has a cell, and fails if it ends before. @returns its family then, itself first */
async function familyAtWork(t: Test, command: Command): Promise<readonly Process[]> {
  const isAtWork = until(() => familyOf(command.pid).some(isCell), START_MAX_MS);
  const found = await Promise.race([isAtWork, command.ended.then(({ output }) => output)]);
  t.equal(found, true, "a cell is running");
  return familyOf(command.pid);
}

/** What begins each cell on this machine. */
async function cellTool(): Promise<string> {
  return (await whyNot("bubblewrap")) === undefined ? "bwrap" : "setpriv";
}

/** Kills judges at work; where cells are another user's, who may not do that, judges that are about to have one. */
async function judgeKiller(times: number): Promise<Killer> {
  const tool = await cellTool();
  return tool === "bwrap" || !IS_ROOT ? midstOfWork(tool, "judge", times) : beforeACell(times);
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

for (const times of [1, 2]) {
  const what = times === 1 ? "once costs nothing" : "twice costs its own submission alone";

  test(`a judge that is killed ${what}`, async (t) => {
    const killer = await judgeKiller(times);
    const graded = await Command.grade(2, { tools: killer.tools }).ended;
    t.equal(killed(killer, graded), times, "judges were killed");
    if (times === 1) allPoints(t, graded, 2);
    else {
      notGraded(t, graded, "killed twice");
      t.ok(/The judge was lost: it was ended by SIGKILL/.test(graded.output), "the reason");
      t.deepEqual(graded.result?.submissions.map(pointsOf), [undefined, SUITE_POINTS], "the other is graded");
    }
    nothingLeft(t, graded);
  });
}

test("a cell that somebody else kills costs no point", async (t) => {
  const killer = midstOfWork(await cellTool(), "cell", 1);
  const graded = await Command.grade(1, { tools: killer.tools }).ended;
  t.equal(killed(killer, graded), 1, "a cell was killed");
  allPoints(t, graded);
  nothingLeft(t, graded);
});

test("a grading that is broken off leaves nothing behind", { skip }, async (t) => {
  const breakOff = async (signal: NodeJS.Signals): Promise<void> => {
    const command = Command.grade(1, {}, ENDLESS_SEEDS);
    const family = await familyAtWork(t, command);
    command.signal(signal);
    const graded = await command.ended;
    t.notEqual(graded.code, EXIT.passed, signal);
    t.deepEqual(await survivorsOf(family, END_MAX_MS), [], `${signal}: no process`);
    if (signal !== "SIGKILL") nothingLeft(t, graded);
  };
  await Promise.all([breakOff("SIGINT"), breakOff("SIGTERM"), breakOff("SIGKILL")]);
});

test("a check that is broken off leaves nothing behind", { skip }, async (t) => {
  const command = Command.check({}, ENDLESS_SEEDS);
  const family = await familyAtWork(t, command);
  command.signal("SIGINT");
  const checked = await command.ended;
  t.notEqual(checked.code, EXIT.passed);
  t.deepEqual(await survivorsOf(family, END_MAX_MS), [], "no process");
  nothingLeft(t, checked);
});
