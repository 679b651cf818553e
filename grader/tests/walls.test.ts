import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { type Test } from "tape";
import { forbiddenCalls, seccompFilter } from "../judge/seccomp";
import { furnish, NOBODY } from "../judge/walls-kinds";
import { LIMITS, limited } from "../judge/walls-limits";
import { IS_ROOT, type Kind, wallsOf, whyNot } from "./probes/kinds";
import { Probe } from "./probes/probe";
import { CAN_SEE_PROCESSES, familyOf, survivorsOf } from "./probes/processes";
import { type Survey, surveyWithin } from "./probes/survey";

/** Time for the system to end what it is to end. */
const END_MAX_MS = 30_000;
const KIB = 1_024;
const MIB = 1_024 * KIB;

const NETWORK = [
  "talk to a TCP port",
  "send to a UDP port",
  "ask a DNS server",
  "talk to a Unix socket",
  "talk to an abstract Unix socket",
  "listen on a TCP port",
];

/** What a hostile program gets that has all of Node: within whole walls, and where Node holds nothing back. */
const GRANTED: Readonly<Record<Kind, Readonly<Record<"whole" | "outer", readonly string[]>>>> = {
  bubblewrap: {
    whole: [],
    // The root folder is the cell's own, and Node itself needs threads.
    outer: ["list the root folder", "start a thread"],
  },
  unshare: {
    // A port of a network that nobody else is in.
    whole: ["listen on a TCP port"],
    outer: [
      "list the root folder",
      "listen on a TCP port",
      "start Node",
      "start a thread",
      "open an inspector",
    ],
  },
  permissionModel: {
    // Root's cells are nobody's, who can signal no other user.
    whole: [...NETWORK, ...(IS_ROOT ? [] : ["signal the judge"])],
    outer: [],
  },
};

const PERL = "/usr/bin/perl";
const GETPID = process.arch === "x64" ? 39 : 172;
const EPERM = 1;
const ENOSYS = 38;
const SIGSYS = 31;

/** Runs a line of Perl, which can make any system call, behind the cell's filter. */
function callsOf(script: string): { readonly text: string; readonly code: number | null } {
  const folder = mkdtempSync(path.join(tmpdir(), "raft-filter-"));
  try {
    furnish(folder);
    const filter = openSync(path.join(folder, "seccomp.bpf"), "r");
    const args = [
      "--ro-bind",
      "/",
      "/",
      "--dev",
      "/dev",
      "--unshare-all",
      "--seccomp",
      "3",
      "--",
      PERL,
      "-e",
      script,
    ];
    const { stdout, status } = spawnSync("bwrap", args, {
      stdio: ["ignore", "pipe", "ignore", filter],
      encoding: "utf8",
    });
    closeSync(filter);
    return { text: stdout, code: status };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The survey as somebody makes it who is not root. */
async function surveyAsNobody(kind: Kind): Promise<Survey> {
  const child = fork(path.join(__dirname, "probes", "survey-once.ts"), [kind], {
    execArgv: ["-r", "ts-node/register"],
    uid: NOBODY,
    gid: NOBODY,
  });
  const [found] = await once(child, "message");
  return found;
}

/** A test for each kind of walls; skipped where this machine has none of the kind. */
function testWithin(
  kinds: readonly Kind[],
  title: string,
  body: (t: Test, kind: Kind) => Promise<void>,
): void {
  for (const kind of kinds) {
    test(`${kind}: ${title}`, async (t) => {
      const why = CAN_SEE_PROCESSES ? await whyNot(kind) : "no /proc here";
      if (why === undefined) await body(t, kind);
      else t.skip(`${kind}: ${why.split("\n")[0]}`);
    });
  }
}

/** The last of the numbers that a probe has told, one after the other. */
function lastNumber(answer: string): number {
  return Number(answer.trim().split(" ").at(-1));
}

const ALL: readonly Kind[] = ["bubblewrap", "unshare", "permissionModel"];
const NAMESPACES: readonly Kind[] = ["bubblewrap", "unshare"];

testWithin(ALL, "a hostile program gets what is said, and nothing else", async (t, kind) => {
  process.env.RAFT_CANARY = "sings";
  const found = await surveyWithin(wallsOf(kind));
  t.deepEqual(found.granted, GRANTED[kind].whole, "granted");
  t.deepEqual(found.environment, { PWD: "/" }, "no environment");
  t.deepEqual(found.files, [], "no file is open");
  t.equal(found.privateText, "private", "the judge's files are as they were");
  if (kind !== "permissionModel") t.equal(found.datagrams + found.connections, 0, "nothing arrived");
  const { limits } = found;
  for (const [name, value] of [
    ["core_file_size_blocks", 0],
    ["file_size_blocks", 0],
    ["open_files", LIMITS.openFiles],
    ["cpu_time_seconds", LIMITS.cpuSeconds],
    ["data_seg_size_kbytes", LIMITS.dataMb * MIB],
  ] as const)
    t.deepEqual(limits[name] ?? limits[name.replace("kbytes", "bytes")], { soft: value, hard: value }, name);
});

testWithin(NAMESPACES, "the outer walls alone hold a program that has got around Node", async (t, kind) => {
  const found = await surveyWithin(wallsOf(kind, { isHeldByNode: false }));
  t.deepEqual(found.granted, GRANTED[kind].outer, "granted");
  t.equal(found.datagrams + found.connections, 0, "nothing arrived");
  t.equal(found.privateText, "private", "the judge's files are as they were");
});

testWithin(ALL, "memory has an end, inside and outside of the heap", async (t, kind) => {
  const limits = { ...LIMITS, heapMb: 64, dataMb: 900 };
  for (const name of ["heap", "buffers"]) {
    const { signal, code, answer, isLate } = await new Probe(wallsOf(kind, { limits }), name).ended;
    t.ok(!isLate && (signal !== null || code !== 0), `${name}: it ends with ${signal ?? code}`);
    const megabytes = lastNumber(answer);
    t.ok(megabytes > 10 && megabytes < limits.dataMb, `${name}: ${megabytes} MB`);
  }
});

testWithin(ALL, "processor time has an end", async (t, kind) => {
  const limits = { ...LIMITS, cpuSeconds: 1 };
  const { signal, code, answer, isLate } = await new Probe(wallsOf(kind, { limits }), "spin").ended;
  t.equal(answer, "ready", "it has begun");
  t.ok(!isLate && (signal !== null || code !== 0), `and ends with ${signal ?? code}`);
});

testWithin(ALL, "open files have an end", async (t, kind) => {
  const { answer } = await new Probe(wallsOf(kind), "files").ended;
  t.ok(Number(answer) < LIMITS.openFiles, answer);
});

testWithin(NAMESPACES, "threads have an end", async (t, kind) => {
  const { answer } = await new Probe(wallsOf(kind, { isHeldByNode: false }), "threads").ended;
  const count = lastNumber(answer);
  t.ok(count > 0 && count < 100, `${count} threads`);
});

testWithin(ALL, "words that nobody reads make it wait", async (t, kind) => {
  const probe = new Probe(wallsOf(kind), "chatter");
  await probe.hasSpoken();
  const family = familyOf(probe.pid);
  t.ok(family.length > 0, "it lives");
  probe.kill();
  t.deepEqual(await survivorsOf(family, END_MAX_MS), [], "and can be ended");
  await probe.ended;
});

testWithin(ALL, "nothing of it lives on, whatever it does", async (t, kind) => {
  for (const isHeldByNode of kind === "permissionModel" ? [true] : [true, false]) {
    const probe = new Probe(wallsOf(kind, { isHeldByNode }), "outlive");
    const started = Number.parseInt(await probe.hasSpoken(), 10);
    const family = familyOf(probe.pid);
    t.ok(family.length > 0, "it lives");
    if (isHeldByNode || kind === "bubblewrap") t.equal(started, 0, "it has started nothing");
    else t.ok(family.length > 2 && started < LIMITS.processes / 2, `it has started ${started}`);
    probe.kill();
    t.deepEqual(await survivorsOf(family, END_MAX_MS), [], "all of it is gone");
    await probe.ended;
  }
});

testWithin(ALL, "it goes with its judge, even in the middle of its work", async (t, kind) => {
  const folder = mkdtempSync(path.join(tmpdir(), "raft-doomed-"));
  chmodSync(folder, 0o711);
  const judge: ChildProcess = fork(path.join(__dirname, "probes", "doomed-judge.ts"), [kind], {
    execArgv: ["-r", "ts-node/register"],
    env: { ...process.env, TMPDIR: folder },
  });
  await once(judge, "message");
  const family = familyOf(judge.pid ?? 0);
  t.ok(
    family.some(({ words }) => words.includes("cell.js")),
    "the cell lives",
  );
  judge.kill("SIGKILL");
  t.deepEqual(await survivorsOf(family, END_MAX_MS), [], "all of it is gone");
  rmSync(folder, { recursive: true });
});

test("the filter of system calls refuses all that it names, whoever calls", async (t) => {
  const why = (await whyNot("bubblewrap")) ?? (seccompFilter(process.arch) ? undefined : process.arch);
  if (why !== undefined || !existsSync(PERL)) {
    t.skip(why ?? "no perl here");
    return;
  }
  const numbers = forbiddenCalls(process.arch);
  t.ok(numbers.length > 40, `${numbers.length} calls`);
  const answers = callsOf(`print syscall(${GETPID}) > 0 ? "works " : "fails "; for (${numbers.join(",")}) {
    $! = 0; syscall($_, 0, 0, 0, 0, 0, 0); print $!+0, " "; }`);
  t.equal(answers.text.trim(), ["works", ...numbers.map(() => EPERM)].join(" "));
  t.equal(callsOf(`syscall(435, 0, 0); print $!+0`).text, `${ENOSYS}`, "clone3 is not there");
  t.equal(callsOf("print defined(fork) ? 1 : $!+0").text, `${EPERM}`, "fork");
  if (process.arch === "x64")
    t.equal(callsOf(`syscall(0x40000000 + ${GETPID})`).code, 128 + SIGSYS, "a call of x32 is the last");
});

test("limits that are stricter already stay", async (t) => {
  const { file, args } = limited(["/bin/sh", "-c", "ulimit -n; ulimit -t"], LIMITS);
  const strict = spawnSync(
    "/bin/sh",
    ["-c", 'ulimit -n 32 && ulimit -t 10 && exec "$@"', "sh", file, ...args],
    {
      encoding: "utf8",
    },
  );
  t.equal(strict.stdout, "32\n10\n");
  t.equal(strict.status, 0);
});

if (IS_ROOT) {
  testWithin(ALL, "it is the same for an ordinary user", async (t, kind) => {
    const { granted } = await surveyAsNobody(kind);
    const { whole } = GRANTED[kind];
    t.deepEqual(granted, kind === "permissionModel" ? [...whole, "signal the judge"] : whole);
  });
}
