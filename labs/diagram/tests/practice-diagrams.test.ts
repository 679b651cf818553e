import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { Diagrams } from "../../runner/diagrams";
import { doubleVote } from "./runs";

/** Does `work` with a folder in place of a lab's. */
async function inLab(work: (lab: string, report: () => string[]) => Promise<void>): Promise<void> {
  const lab = mkdtempSync(path.join(tmpdir(), "lab-"));
  try {
    await work(lab, () => readdirSync(path.join(lab, "report")).sort());
  } finally {
    rmSync(lab, { recursive: true, force: true });
  }
}

const TITLE = "1.3  A server votes once per term";

test("a practice test that fails leaves a diagram, named after its number and seed", async (t) => {
  const { world, failure } = await doubleVote();
  await inLab(async (lab, report) => {
    const name = new Diagrams(() => lab).draw("1.3", TITLE, { world, story: failure.story });

    t.equal(name, "report/1.3-1729.html");
    t.deepEqual(report(), ["1.3-1729.html"]);
    t.ok(readFileSync(path.join(lab, "report/1.3-1729.html"), "utf8").includes(TITLE));
  });
});

test("tests that share a number have a diagram each, and old ones of that number go", async (t) => {
  const { world, failure } = await doubleVote();
  await inLab(async (lab, report) => {
    mkdirSync(path.join(lab, "report"));
    for (const old of ["1.3-4.html", "1.3-5-2.html", "1.30-4.html", "1.4-1.html"])
      writeFileSync(path.join(lab, "report", old), "old");
    const diagrams = new Diagrams(() => lab);
    for (let testOfThatNumber = 0; testOfThatNumber < 2; testOfThatNumber++) {
      diagrams.clear("1.3");
      diagrams.draw("1.3", TITLE, { world, story: failure.story });
    }

    t.deepEqual(report(), ["1.3-1729-2.html", "1.3-1729.html", "1.30-4.html", "1.4-1.html"]);
  });
});

test("when all passes, nothing is written and nothing old stays", async (t) => {
  await inLab(async (lab) => {
    mkdirSync(path.join(lab, "report"));
    writeFileSync(path.join(lab, "report", "1.3-4.html"), "old");
    const diagrams = new Diagrams(() => lab);
    for (const number of ["1.1", "1.2", "1.3", "1.4"]) diagrams.clear(number);

    t.deepEqual(readdirSync(lab), []);
  });
});

test("what is not written yet is not drawn, and a drawing that cannot be kept hides no story", async (t) => {
  const { world, failure } = await doubleVote();
  await inLab(async (lab) => {
    const story = { ...failure.story, kind: "not-written" } as const;
    t.equal(new Diagrams(() => lab).draw("1.3", TITLE, { world, story }), undefined);
    t.deepEqual(readdirSync(lab), []);

    writeFileSync(path.join(lab, "report"), "a file where the folder should be");
    const said = new Diagrams(() => lab).draw("1.3", TITLE, { world, story: failure.story });
    t.match(String(said), /^could not be written: /);
  });
});
