import test from "tape";
import { setLineMap, studentLine } from "../host/student-line";

test("the line of an error is found in the stacks of every engine, folders with blanks included", (t) => {
  const KIT = "/w/labs/kit/host/local-host.ts:51:9";
  const lineOf = (...frames: readonly string[]): string | undefined => {
    const error = new Error("x");
    error.stack = frames.join("\n");
    return studentLine(error);
  };

  t.equal(
    lineOf("Error: x", `    at LocalHost.react (${KIT})`, "    at Raft.start (/w/raft.ts:5:3)"),
    "raft.ts:5",
  );
  t.equal(lineOf("    at Raft.start (C:\\Users\\Ana Maria\\labs (1)\\raft.ts:5:3)"), "raft.ts:5");
  t.equal(lineOf("    at /w/my labs/raft.ts:6:3"), "raft.ts:6");
  t.equal(lineOf("    at async Raft.start (file:///w/raft.ts:7:3)"), "raft.ts:7");
  t.equal(lineOf("    at async file:///w/raft.ts:8:3"), "raft.ts:8");
  t.equal(lineOf("    at new Raft (/w/a@b/raft.ts:9:3)"), "raft.ts:9");
  t.equal(lineOf("    at Raft.go [as onTimer] (/w/raft.ts:10:3)"), "raft.ts:10");
  t.equal(lineOf(`react@http://host${KIT}`, "start@http://host/1-election/raft.ts:11:3"), "raft.ts:11");
  t.equal(lineOf("    at node:internal/x:1:1", "    at f (/w/node_modules/tape/x.js:2:2)"), undefined);
  t.equal(lineOf("    at eval (eval at <anonymous> (/w/x.ts:1:2), <anonymous>:1:1)"), undefined);
  t.equal(studentLine("no error"), undefined);
  t.end();
});

test("frames of a file with a line map are told by the places that its lines come from", (t) => {
  setLineMap("student-1.js", [
    [[0, "raft.ts:1"]],
    [
      [4, "raft.ts:10"],
      [20, "votes.ts:3"],
    ],
    [],
  ]);
  const placeOf = (...frames: readonly string[]): string | undefined => {
    const error = new Error("x");
    error.stack = ["Error: x", ...frames].join("\n");
    return studentLine(error);
  };

  t.equal(placeOf("    at Raft.start (student-1.js:1:7)"), "raft.ts:1");
  t.equal(
    placeOf("    at Raft.start (student-1.js:2:5)"),
    "raft.ts:10",
    "columns begin with 1, pieces with 0",
  );
  t.equal(placeOf("    at Raft.start (student-1.js:2:20)"), "raft.ts:10");
  t.equal(placeOf("    at Raft.start (student-1.js:2:21)"), "votes.ts:3");
  t.equal(
    placeOf("    at Raft.start (student-1.js:2:1)"),
    "raft.ts:10",
    "left of every piece: the first one",
  );
  t.equal(
    placeOf("    at f (student-1.js:3:1)", "    at g (student-1.js:1:1)"),
    "raft.ts:1",
    "a line of nobody's",
  );
  t.equal(placeOf("    at f (student-1.js:99:1)"), undefined);
  t.equal(placeOf("    at f (/w/student-2.js:3:1)"), "student-2.js:3", "other files are told as they are");
  t.end();
});

test("no stack is too long, and no frame too odd, to look for a line in it at once", (t) => {
  const lineOf = (stack: string): string | undefined => {
    const error = new Error("x");
    error.stack = stack;
    return studentLine(error);
  };
  const cpuBefore = process.cpuUsage();
  const long = `at ${" (".repeat(50_000)}${":1".repeat(50_000)}x`;

  t.equal(
    lineOf(`Error: ${"x".repeat(10_000_000)}\n    at f (/w/raft.ts:5:3)`),
    "raft.ts:5",
    "a long message",
  );
  t.equal(lineOf(`Error: ${"\n".repeat(10_000_000)}\n    at f (/w/raft.ts:6:3)`), "raft.ts:6");
  t.equal(
    lineOf(`${long}\n    at f (/w/raft.ts:7:3)`),
    "raft.ts:7",
    "a frame that a regular expression dreads",
  );
  t.equal(
    lineOf(`    at f (/w/raft.ts:8:3)\n${"x\n".repeat(100_000)}`),
    undefined,
    "the frames are at the end",
  );
  t.equal(lineOf(`    at f (/w/${"x".repeat(5_000)}.ts:5:3)`), undefined, "a file's name without end");
  const cpuMs = process.cpuUsage(cpuBefore).user / 1_000;
  t.ok(cpuMs < 2_000, `${cpuMs} ms`); // of the processor: others may be busy with it too
  t.end();
});
