import path from "node:path";

/** The repository's root folder. */
export const ROOT = path.resolve(__dirname, "..", "..");

/** One lab of the course. */
export interface Lab {
  /** "1" */
  readonly number: string;
  /** "1-election": its folder in labs/, solutions/ and grader/suites/. */
  readonly folder: string;
  readonly title: string;
  /** The files that a student writes: nothing else of a submission is looked at. */
  readonly files: readonly string[];
  /** The file that exports the class, and the class. */
  readonly entry: { readonly file: string; readonly exports: string };
}

/** The labs, in order. */
export const LABS: readonly Lab[] = [
  {
    number: "1",
    folder: "1-election",
    title: "Leader election",
    files: ["raft.ts"],
    entry: { file: "raft.ts", exports: "Raft" },
  },
];

/** @throws RangeError that names the labs there are */
export function labByNumber(number: string): Lab {
  const lab = LABS.find((candidate) => candidate.number === number || candidate.folder === number);
  if (lab === undefined) {
    throw new RangeError(
      `There is no lab “${number}”. There are: ${LABS.map(({ folder }) => folder).join(", ")}.`,
    );
  }
  return lab;
}
