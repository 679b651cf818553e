import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DEFAULT_BASE_SEED, EXIT, runMain } from "../tools/command-line";
import { ATTACKS } from "./catalogue";
import { tryAttacks } from "./trial";
import { fitsWords, rowOf } from "./trial-words";

/** `npx ts-node grader/attacks/try.ts 16f 26`: tries some attacks, open ones too, and shows what came of them. */
async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const chosen = ATTACKS.filter(({ id }) => wanted.some((start) => id.startsWith(start)));
  if (chosen.length === 0) throw new RangeError("Name some attacks: 16f, or 26 for the whole line.");
  const folder = mkdtempSync(path.join(tmpdir(), "raft-attacks-"));
  try {
    const places = { secretFile: path.join(folder, "secret.txt"), markerFile: path.join(folder, "marker") };
    writeFileSync(places.secretFile, "A SECRET");
    mkdirSync(path.join(folder, "class"));
    const options = { baseSeed: DEFAULT_BASE_SEED, seeds: 2, jobs: 1 };
    const { trials } = await tryAttacks(chosen, path.join(folder, "class"), places, options);
    for (const trial of trials)
      console.log(`${rowOf(trial)}\n${fitsWords(trial) ?? "as expected"}\n\n${trial.words}\n`);
    return trials.every((trial) => fitsWords(trial) === undefined) ? EXIT.passed : EXIT.failed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

runMain(main);
