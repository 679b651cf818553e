import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { exitOnSignals } from "../tools/exit-on-signals";
import type { Answer, Job } from "./jobs";
import { GRADING_MAX_MS } from "./judging";

/** Time beyond that of the longest grading after which a judge counts as lost. */
const GRACE_MS = 60_000;
/** Time that a judge has to end by itself. */
const END_MAX_MS = 2_000;

/** Heap of a judge, and its room for young objects: runs make many that live for just one run. */
const NODE_FLAGS = ["--max-old-space-size=2048", "--max-semi-space-size=32", "-r", "ts-node/register"];

/** Some judges, each in a process of its own. One that is lost is replaced, and costs no answer if that was chance. */
export class JudgePool {
  private readonly idle: ChildProcess[] = [];
  private readonly all = new Set<ChildProcess>();
  /** Where judges put their files: a judge that is killed clears nothing away. */
  private readonly folder = makeFolder();

  /**
   * Has a submission judged, and once more by a fresh judge if the first could not do its work. At most as many at a
   * time as the caller likes judges to be.
   */
  async judge(job: Job): Promise<Answer> {
    const first = await this.tryToJudge(job, this.idle.pop() ?? this.start());
    return isGraded(first) ? first : this.tryToJudge(job, this.start());
  }

  /** Ends all judges. */
  close(): void {
    for (const judge of this.all) this.end(judge);
  }

  private async tryToJudge(job: Job, judge: ChildProcess): Promise<Answer> {
    try {
      const answer = await ask(judge, job);
      if (isGraded(answer)) this.idle.push(judge);
      else this.end(judge);
      return answer;
    } catch (error) {
      this.end(judge);
      const why = error instanceof Error ? error.message : String(error);
      return {
        graded: { kind: "grader-error", text: `The judge was lost: ${why}. Grade this submission again.` },
        reduced: undefined,
      };
    }
  }

  private start(): ChildProcess {
    const judge = fork(path.join(__dirname, "judge-process.ts"), {
      execArgv: NODE_FLAGS,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: this.folder === undefined ? process.env : { ...process.env, TMPDIR: this.folder },
    });
    this.all.add(judge);
    judge.on("exit", () => {
      this.all.delete(judge);
      // One that has died while it had nothing to do must not cost the next submission its first attempt.
      if (this.idle.includes(judge)) this.idle.splice(this.idle.indexOf(judge), 1);
    });
    judge.on("error", () => {}); // Whoever waits for an answer is told.
    return judge;
  }

  /** One that hangs hears no signal but the last. */
  private end(judge: ChildProcess): void {
    if (!this.all.has(judge)) return;
    judge.kill("SIGTERM");
    const timer = setTimeout(() => judge.kill("SIGKILL"), END_MAX_MS);
    judge.once("exit", () => clearTimeout(timer));
  }
}

/** True unless the grader could not do its work, in whole or for one test. */
function isGraded({ graded }: Answer): boolean {
  if (graded.kind === "graded") return graded.result.tests.every(({ state }) => state !== "error");
  return graded.kind !== "grader-error";
}

/** @returns undefined where no folder can be made: judges that need one will say so */
function makeFolder(): string | undefined {
  try {
    const folder = mkdtempSync(path.join(tmpdir(), "raft-judges-"));
    exitOnSignals();
    process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    chmodSync(folder, 0o711); // Cells of another user find their program below.
    return folder;
  } catch {
    return undefined;
  }
}

function ask(judge: ChildProcess, job: Job): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error("it did not answer in time")), GRADING_MAX_MS + GRACE_MS);
    const onAnswer = (answer: Answer): void => {
      forget();
      resolve(answer);
    };
    const onExit = (code: number | null, signal: string | null): void =>
      fail(new Error(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`));
    const fail = (error: Error): void => {
      forget();
      reject(error);
    };
    const forget = (): void => {
      clearTimeout(timer);
      judge.off("message", onAnswer);
      judge.off("exit", onExit);
      judge.off("error", fail);
    };
    judge.on("message", onAnswer);
    judge.on("exit", onExit);
    judge.on("error", fail);
    judge.send(job, (error) => error && fail(error));
  });
}
