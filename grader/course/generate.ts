import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brokenChains } from "./chain";
import { LABS, type Lab, ROOT } from "./labs";
import { pristinePath } from "./pristine";
import { type Skeleton, skeletonOf } from "./skeleton";

/** A lab's file as it is handed out: where it belongs, and what it must say. */
export interface HandedOut extends Skeleton {
  /** Absolute path in labs/. */
  readonly path: string;
  /** Absolute path of the copy that `npm run begin` merges with. */
  readonly pristine: string;
}

/** The skeletons of a lab, made afresh from its solution. */
export function handedOut(lab: Lab): HandedOut[] {
  return lab.files.map((file) => {
    const source = path.join("solutions", lab.folder, file);
    const solution = readFileSync(path.join(ROOT, source), "utf8");
    return {
      ...skeletonOf(solution, source, Number(lab.number)),
      path: path.join(ROOT, "labs", lab.folder, file),
      pristine: pristinePath(ROOT, lab, file),
    };
  });
}

/** `npm run skeletons`: writes all skeletons, then says where solutions of neighbouring labs do not fit together. */
function main(): void {
  for (const lab of LABS) {
    if (!lab.files.every((file) => existsSync(path.join(ROOT, "solutions", lab.folder, file)))) {
      console.log(`Lab ${lab.number}: solutions/${lab.folder} is not complete yet, so it has no skeletons.`);
      continue;
    }
    for (const { path: target, pristine, text, stubs } of handedOut(lab)) {
      for (const file of [target, pristine]) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      console.log(
        `${path.relative(ROOT, target)}: ${stubs.length} stubs of ${new Set(stubs.map(({ task }) => task)).size} tasks`,
      );
    }
  }
  const problems = brokenChains(ROOT, LABS);
  for (const problem of problems) console.error(`\n${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

if (require.main === module) main();
