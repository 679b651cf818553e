/** Thrown by the stubs of a skeleton. Reports show it as "not written yet", not as an error. */
export class NotImplemented extends Error {
  override readonly name = "NotImplemented";

  /** @param task the number of the task that is still open, as in the handout: "1.3" */
  constructor(readonly task: string) {
    super(`Task ${task} is not written yet.`);
  }
}
