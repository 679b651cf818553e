import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LABS, type Lab, ROOT } from "../course/labs";
import { pristinePath } from "../course/pristine";
import { skeletonOf } from "../course/skeleton";

export const [FIRST] = LABS;

/** A second lab that no course has, with one file that the first lab has and one that is new. */
export const SECOND: Lab = {
  number: "2",
  folder: "2-made-up",
  title: "Made up",
  files: ["raft.ts", "store.ts"],
  entry: { file: "raft.ts", exports: "Raft" },
};

export const MADE_UP_LABS = [FIRST, SECOND] as const;

/** The solution of lab 1, as it is. */
export const FIRST_SOLUTION = readFileSync(path.join(ROOT, "solutions", FIRST.folder, "raft.ts"), "utf8");

/** What the made-up lab does to the file of lab 1: each text is followed, or replaced, by a region of lab 2. */
const EDITS: readonly (readonly [place: string, region: string])[] = [
  ["  Env,\n", "  Env,\n  //#region lab 2\n  LogEntry,\n  //#endregion\n"],
  [
    "  constructor(private",
    "  //#region lab 2\n  /** What was proposed. It only grows. */\n  private log: LogEntry[] = [];\n  //#endregion\n\n  constructor(private",
  ],
  [
    "    return { role: this.role, currentTerm: this.currentTerm, leader: this.leader };\n",
    [
      "    //#region lab 2",
      "    return { role: this.role, currentTerm: this.currentTerm, leader: this.leader, commitIndex: 0 };",
      "    //- return { role: this.role, currentTerm: this.currentTerm, leader: this.leader };",
      "    //#endregion\n",
    ].join("\n"),
  ],
  [
    '    //| throw new NotImplemented("1.6");\n    //#endregion\n  }\n\n  /** Tells',
    [
      '    //| throw new NotImplemented("1.6");',
      "    //#endregion",
      "    //#region lab 2",
      "    //#region task 2.1",
      "    this.log = [];",
      "    //| // TODO 2.1. A new leader looks at its log.",
      '    //| throw new NotImplemented("2.1");',
      "    //#endregion",
      "    //#endregion",
      "  }\n\n  /** Tells",
    ].join("\n"),
  ],
  [
    "  private onAppendEntriesReply(_from: NodeId, _reply: AppendEntriesReply): void {}\n",
    [
      "  //#region lab 2",
      "  private onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {",
      "    //#region task 2.2",
      "    this.env.log(from + reply.type);",
      "    //| // TODO 2.2. Look at the answer.",
      '    //| throw new NotImplemented("2.2");',
      "    //#endregion",
      "  }",
      "",
      "  /** Given. */",
      "  private lastIndex(): number {",
      "    return this.log.length;",
      "  }",
      "  //- private onAppendEntriesReply(_from: NodeId, _reply: AppendEntriesReply): void {}",
      "  //#endregion\n",
    ].join("\n"),
  ],
];

/** The solution of the made-up lab. */
export const SECOND_SOLUTION = EDITS.reduce((text, [place, region]) => {
  if (text.split(place).length !== 2) throw new Error(`Expected once in the solution of lab 1: ${place}`);
  return text.replace(place, () => region);
}, FIRST_SOLUTION);

export const FIRST_SKELETON = skeletonOf(FIRST_SOLUTION, "first.ts").text;
export const SECOND_SKELETON = skeletonOf(SECOND_SOLUTION, "second.ts").text;
export const STORE_SKELETON = 'throw new NotImplemented("2.3");\n';

/** A folder that looks like a student's copy of the course, with two labs. */
export class MadeUpCourse {
  readonly root = mkdtempSync(path.join(tmpdir(), "begin-"));

  constructor() {
    this.write("labs/1-election/raft.ts", FIRST_SKELETON);
    this.write("labs/2-made-up/raft.ts", SECOND_SKELETON);
    this.write("labs/2-made-up/store.ts", STORE_SKELETON);
    for (const [lab, file, text] of [
      [FIRST, "raft.ts", FIRST_SKELETON],
      [SECOND, "raft.ts", SECOND_SKELETON],
      [SECOND, "store.ts", STORE_SKELETON],
    ] as const)
      this.write(path.relative(this.root, pristinePath(this.root, lab, file)), text);
  }

  at(place: string): string {
    return path.join(this.root, place);
  }

  write(place: string, text: string): void {
    mkdirSync(path.dirname(this.at(place)), { recursive: true });
    writeFileSync(this.at(place), text);
  }

  read(place: string): string {
    return readFileSync(this.at(place), "utf8");
  }

  remove(place: string): void {
    rmSync(this.at(place), { recursive: true });
  }

  /** Hands out the reference of lab 1. */
  handOutReference(): void {
    cpSync(path.join(ROOT, "solutions", FIRST.folder), this.at(`solutions/${FIRST.folder}`), {
      recursive: true,
    });
  }
}

/** Does `work` with a course that is gone afterwards. */
export async function inMadeUpCourse(work: (course: MadeUpCourse) => Promise<void>): Promise<void> {
  const course = new MadeUpCourse();
  try {
    await work(course);
  } finally {
    rmSync(course.root, { recursive: true, force: true });
  }
}
