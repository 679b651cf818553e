import { type Examination, examine, type Task } from "./examine";

/** A process that examines one program after the other, and answers each task with an {@link Examination}. */
process.on("message", (task: Task) => {
  examine(task)
    .catch((error: unknown): Examination => {
      const lost = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { baseSeed: task.baseSeed, tests: [], cpuMs: 0, lost };
    })
    .then((examination) => process.send?.(examination));
});
process.on("disconnect", () => process.exit());
