import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "tape";
import { ROOT } from "../course/labs";

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");
/** A module's name has no blank in it: the end of one text and the beginning of the next are no import. */
const IMPORT = /\b(?:from|import|require)\s*\(?\s*["']([^"'\s]+)["']/g;

function importsOf(file: string): string[] {
  return [...readFileSync(path.join(ROOT, file), "utf8").matchAll(IMPORT)].map(([, name]) => name);
}

/** Where an import of a file leads, as a path in the repository. */
function target(file: string, name: string): string {
  return name.startsWith(".") ? path.posix.join(path.posix.dirname(file), name) : name;
}

test("nothing in labs/ or solutions/ imports the grader", (t) => {
  for (const file of tracked.filter((name) => /^(labs|solutions)\//.test(name))) {
    const wrong = importsOf(file).filter((name) => target(file, name).startsWith("grader/"));
    t.deepEqual(wrong, [], file);
  }
  t.end();
});

test("the kit imports nothing but itself", (t) => {
  for (const file of tracked.filter((name) => name.startsWith("labs/kit/") && !name.includes("/tests/"))) {
    const wrong = importsOf(file).filter((name) => !target(file, name).startsWith("labs/kit/"));
    t.deepEqual(wrong, [], file);
  }
  t.end();
});

test("diagrams are drawn from the kit alone", (t) => {
  const own = /^(labs\/(kit|diagram)(\/|$)|node:(fs|path|crypto)$)/;
  for (const file of tracked.filter(
    (name) => name.startsWith("labs/diagram/") && !name.includes("/tests/"),
  )) {
    const wrong = importsOf(file).filter((name) => !own.test(target(file, name)));
    t.deepEqual(wrong, [], file);
  }
  t.end();
});

test("the kit knows no clock, no chance and no timer of its own", (t) => {
  const real = /Math\.random\(|Date\.now\(|new Date\(|\bset(Timeout|Interval|Immediate)\(|performance\.now\(/;
  for (const file of tracked.filter((name) => name.startsWith("labs/kit/") && !name.includes("/tests/"))) {
    t.doesNotMatch(readFileSync(path.join(ROOT, file), "utf8"), real, file);
  }
  t.end();
});

test("no test and no suite waits on a real clock", (t) => {
  for (const file of tracked.filter(
    (name) => /\.test\.ts$|^grader\/suites\//.test(name) && !name.endsWith("house-rules.test.ts"),
  )) {
    t.doesNotMatch(readFileSync(path.join(ROOT, file), "utf8"), /(?<!["'`.\w])(setTimeout|sleep)\(/, file);
  }
  t.end();
});
