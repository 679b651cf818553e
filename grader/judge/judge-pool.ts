import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { Answer, Job } from "./jobs";
import { GRADING_MAX_MS } from "./judging";

/** Time beyond that of the longest grading after which a judge counts as lost. */
const GRACE_MS = 60_000;

/** Heap of a judge, and its room for young objects: runs make many that live for just one run. */
const NODE_FLAGS = ["--max-old-space-size=2048", "--max-semi-space-size=32", "-r", "ts-node/register"];

/** Some judges, each in a process of its own. One that is lost is replaced, and costs one answer at most. */
export class JudgePool {
  private readonly idle: ChildProcess[] = [];
  private readonly all = new Set<ChildProcess>();

  /** Has a submission judged. At most as many at a time as the caller likes judges to be. */
  async judge(job: Job): Promise<Answer> {
    const judge = this.idle.pop() ?? this.start();
    try {
      const answer = await ask(judge, job);
      this.idle.push(judge);
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

  /** Ends all judges. */
  close(): void {
    for (const judge of this.all) this.end(judge);
  }

  private start(): ChildProcess {
    const judge = fork(path.join(__dirname, "judge-process.ts"), {
      execArgv: NODE_FLAGS,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.all.add(judge);
    return judge;
  }

  private end(judge: ChildProcess): void {
    this.all.delete(judge);
    judge.kill("SIGTERM");
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
