import path from "node:path";
import test from "tape";
import ts from "typescript";
import { mergeFiles } from "../begin/merge-files";
import { tasksWithStubs } from "../begin/stubs";
import { chainProblems, type Link, links } from "../course/chain";
import { LABS, ROOT } from "../course/labs";
import { referenceOf, skeletonOf } from "../course/skeleton";
import { FIRST_SOLUTION, SECOND_SOLUTION } from "./made-up-lab";

const EARLIER = [
  "class A {",
  "  one(): void {",
  "    //#region task 1.1",
  "    first();",
  "    //| // TODO 1.1. Do it.",
  '    //| throw new NotImplemented("1.1");',
  "    //#endregion",
  "  }",
  "",
  "  given(): void {}",
  "}",
  "",
];

/** The file above, with lines put in, or taken out, at a place that is counted from 1. */
function edited(place: number, removed: number, ...lines: readonly string[]): string {
  return EARLIER.toSpliced(place - 1, removed, ...lines).join("\n");
}

function linkTo(later: string, earlier = EARLIER.join("\n")): Link {
  return {
    earlier: { lab: 1, path: "one.ts", text: earlier },
    later: { lab: 2, path: "two.ts", text: later },
  };
}

const problemsOf = (later: string, earlier?: string): string[] => chainProblems(linkTo(later, earlier));

const NEW_TASK = [
  "  //#region lab 2",
  "  two(): void {",
  "    //#region task 2.1",
  "    second();",
  '    //| throw new NotImplemented("2.1");',
  "    //#endregion",
  "  }",
  "  //#endregion",
];

test("a later solution may add lab regions, change text behind //-, and rewrite the code of earlier tasks", (t) => {
  t.deepEqual(problemsOf(EARLIER.join("\n")), [], "the same file");
  t.deepEqual(
    problemsOf(edited(11, 0, "", ...NEW_TASK)),
    [],
    "a new method, whose blank line counts for nothing",
  );
  const changed = ["  //#region lab 2", "  given(): number {", "    return 2;", "  }"];
  t.deepEqual(
    problemsOf(edited(10, 1, ...changed, "  //- given(): void {}", "  //#endregion")),
    [],
    "changed text",
  );
  t.deepEqual(problemsOf(edited(4, 1, "    quite();", "", "    different();")), [], "code of task 1.1");
  t.deepEqual(chainProblems(linkTo(SECOND_SOLUTION, FIRST_SOLUTION)), [], "real text");
  t.end();
});

test("whatever else differs is named with its place, both texts and a remedy", (t) => {
  t.deepEqual(problemsOf(edited(10, 1, "  given(): number {}")), [
    "two.ts:10: expected “given(): void {}” (one.ts:10); found “given(): number {}”. If lab 2 changes this, put what " +
      "it has instead into //#region lab 2 … //#endregion, with the old lines in it behind //-. If not, make both " +
      "the same; mere spaces count too.",
  ]);
  t.match(
    problemsOf(edited(11, 0, "  more(): void {}"))[0],
    /^two\.ts:11: expected nothing here, like one\.ts; found “more/,
  );
  t.match(
    problemsOf(edited(10, 1))[0],
    /^two\.ts:10: expected “given.*” \(one\.ts:10\); found nothing of it\. /,
  );
  t.match(problemsOf(edited(1, 1, "class B {"))[0], /^two\.ts:1: expected “class A \{” \(one\.ts:1\)/);
  t.equal(
    problemsOf(edited(1, 1, "class B {").replace("given()", "taken()")).length,
    2,
    "each of two places",
  );
  t.end();
});

test("a stub of an earlier lab stays the same to the letter, and in its place", (t) => {
  const remedy =
    /Stubs and regions of earlier tasks stay the same to the letter.*copy those of task 1\.1 from one\.ts/;
  t.match(problemsOf(edited(5, 1, "    //| // TODO 1.1. Do it well."))[0], /^two\.ts:5: expected .*Do it\./);
  t.match(problemsOf(edited(5, 1, "    //| // TODO 1.1. Do it well."))[0], remedy);
  t.match(problemsOf(edited(5, 1, "      //| // TODO 1.1. Do it."))[0], remedy, "indentation counts");
  t.match(problemsOf(edited(3, 5))[0], remedy, "it is missing");
  t.match(problemsOf(edited(3, 5, "    first();"))[0], remedy, "it is replaced by its code");
  t.end();
});

test("tasks of a lab stand in its own regions, and earlier tasks never do", (t) => {
  const outside = NEW_TASK.slice(1, -1);
  t.deepEqual(problemsOf(edited(11, 0, ...outside)), [
    "two.ts:12: expected task 2.1 inside of //#region lab 2, for lab 1 has no such task; found it outside. " +
      "Put //#region lab 2 above it and //#endregion below it.",
  ]);
  t.match(
    problemsOf(edited(3, 5, "    //#region lab 2", ...EARLIER.slice(2, 7), "    //#endregion"))[0],
    /^two\.ts:4: expected only tasks of lab 2 inside of \/\/#region lab 2; found task 1\.1\. /,
  );
  t.end();
});

test("regions of the labs between stay, and a later lab's change may stand inside of one", (t) => {
  const second = edited(
    11,
    0,
    "  //#region lab 2",
    "  a();",
    "  b();",
    "  c();",
    "  //- old();",
    "  //#endregion",
  );
  const chain = (third: string): string[] =>
    chainProblems({
      earlier: { lab: 2, path: "two.ts", text: second },
      later: { lab: 3, path: "three.ts", text: third },
    });
  t.deepEqual(chain(second), []);
  const inside = "  //#region lab 3\n  better();\n  //- b();\n  //#endregion";
  t.deepEqual(chain(second.replace("  b();", inside)), [], "changed inside of the region");
  const parts = second.replace(
    "  b();",
    "  //#region lab 3\n  better();\n  //- //#endregion\n  //- //#region lab 2\n  //#endregion",
  );
  t.match(
    chain(parts)[0],
    /expected “b\(\);” \(two\.ts:13\); found “\/\/#endregion” and 1 more/,
    "//- may hold markers",
  );
  const bare = second.replace("  //#region lab 2\n", "").replace("  //- old();\n  //#endregion\n", "");
  t.match(
    chain(bare)[0],
    /expected “\/\/#region lab 2”.*Regions of earlier labs stay: copy the markers from two\.ts/,
  );
  t.end();
});

test("solutions are paired with those of the lab before, file by file", (t) => {
  const [first] = LABS;
  const next = { ...first, number: "2", files: ["raft.ts", "kv.ts"] };
  t.deepEqual(
    links(ROOT, [first, next]).map(({ earlier, later }) => [earlier.lab, later.lab, later.path]),
    [[1, 2, "solutions/1-election/raft.ts"]],
  );
  t.deepEqual(links(ROOT, [first, { ...next, folder: "2-not-there" }]), [], "one is not there yet");
  t.end();
});

for (const link of links(ROOT, LABS)) {
  const { earlier, later } = link;
  const pair = `labs ${earlier.lab} and ${later.lab}, ${path.basename(later.path)}`;

  test(`${pair}: the solutions agree outside of marked regions`, (t) => {
    t.deepEqual(chainProblems(link), []);
    t.end();
  });

  test(`${pair}: the reference and the untouched skeleton merge without a conflict`, async (t) => {
    const base = skeletonOf(earlier.text, earlier.path, earlier.lab).text;
    const theirs = skeletonOf(later.text, later.path, later.lab);
    const names = { oursName: "ours", theirsName: "theirs" };
    const done = await mergeFiles({
      ...names,
      base,
      theirs: theirs.text,
      ours: referenceOf(earlier.text, earlier.path),
    });
    t.deepEqual(done.conflicts, [], `reference: ${done.conflicts.map((line) => contextOf(done.text, line))}`);
    const own = theirs.stubs.map(({ task }) => task).filter((task) => task.startsWith(`${later.lab}.`));
    t.deepEqual(
      tasksWithStubs(done.text.split("\n")),
      [...new Set(own)].sort(),
      "the new stubs are left, and no others",
    );
    t.deepEqual(syntaxErrors(done.text), [], "it is a program");
    const begun = await mergeFiles({ ...names, base, theirs: theirs.text, ours: base });
    t.equal(begun.text, theirs.text, "who has written nothing gets the skeleton");
  });
}

function syntaxErrors(text: string): unknown[] {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  return diagnostics.map(({ messageText, start }) => [messageText, text.slice(start, (start ?? 0) + 80)]);
}

function contextOf(text: string, line: number): string {
  return text
    .split("\n")
    .slice(line - 1, line + 30)
    .join("\n");
}
