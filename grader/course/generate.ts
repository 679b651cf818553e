import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { LABS, type Lab, ROOT } from "./labs";
import { type Skeleton, skeletonOf } from "./skeleton";

/** A lab's file as it is handed out: where it belongs, and what it must say. */
export interface HandedOut extends Skeleton {
  /** Absolute path in labs/. */
  readonly path: string;
}

/** The skeletons of a lab, made afresh from its solution. */
export function handedOut(lab: Lab): HandedOut[] {
  return lab.files.map((file) => {
    const source = path.join("solutions", lab.folder, file);
    const skeleton = skeletonOf(readFileSync(path.join(ROOT, source), "utf8"), source);
    return { ...skeleton, path: path.join(ROOT, "labs", lab.folder, file) };
  });
}

/** `npm run skeletons`: writes all skeletons. */
function main(): void {
  for (const lab of LABS) {
    for (const { path: target, text, stubs } of handedOut(lab)) {
      writeFileSync(target, text);
      console.log(
        `${path.relative(ROOT, target)}: ${stubs.length} stubs of ${new Set(stubs.map(({ task }) => task)).size} tasks`,
      );
    }
  }
}

if (require.main === module) main();
