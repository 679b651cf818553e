import type { Json, Millis } from "../contract";
import type { AnyMessage, Stimulus } from "../host/reaction";

/** One stimulus object for a whole run: a new one for each event would be garbage at once. */
export class ReusedStimulus implements Stimulus {
  node = 0;
  kind: Stimulus["kind"] = "start";
  now: Millis = 0;
  from = 0;
  message: AnyMessage | undefined;
  timer = "";
  command: Json | undefined;
  boot: Stimulus["boot"];

  forMessage(from: number, message: AnyMessage): this {
    this.kind = "message";
    this.from = from;
    this.message = message;
    return this;
  }

  forTimer(name: string): this {
    this.kind = "timer";
    this.timer = name;
    return this;
  }

  forCommand(kind: "propose" | "invoke", command: Json): this {
    this.kind = kind;
    this.command = command;
    return this;
  }

  forStart(boot: NonNullable<Stimulus["boot"]>): this {
    this.kind = "start";
    this.boot = boot;
    return this;
  }
}
