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
  /** Where the classes are that the tests run. */
  readonly entry: Entry;
}

/** A class, and the file that exports it. */
export interface ExportedClass {
  readonly file: string;
  readonly exports: string;
}

/** The class of the servers and, from lab 4, that of the clients. */
export interface Entry extends ExportedClass {
  readonly client?: ExportedClass | undefined;
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
  {
    number: "2",
    folder: "2-replication",
    title: "Log replication",
    files: ["raft.ts"],
    entry: { file: "raft.ts", exports: "Raft" },
  },
  {
    number: "3",
    folder: "3-persistence",
    title: "Persistence",
    files: ["raft.ts"],
    entry: { file: "raft.ts", exports: "Raft" },
  },
  {
    number: "4",
    folder: "4-kv",
    title: "Key-value store",
    files: ["raft.ts", "kv-server.ts", "kv-client.ts"],
    entry: {
      file: "kv-server.ts",
      exports: "KvServer",
      client: { file: "kv-client.ts", exports: "KvClient" },
    },
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
