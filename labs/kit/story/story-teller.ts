import type { NodeId } from "../contract";
import type { Trouble } from "../host/reaction";
import type { Finding } from "../oracles";
import { traceHash } from "../trace/hash";
import { KIND, MICROS_PER_MILLI, NONE } from "../trace/trace";
import type { Budget, BudgetExceeded } from "../world/budget";
import type { Simulation } from "../world/simulation";
import { excerpt, type Material } from "./excerpt";
import { Failure, type FailureKind, type Story } from "./failure";
import { answer } from "./why/answer";
import type { Question } from "./why/question";
import { RunView } from "./why/run-view";
import { waitingWords } from "./why/waiting-words";
import { millisWords } from "./words";

/** What a test found missing. */
export interface Disappointment {
  /** What was expected and what was found, as a sentence. */
  readonly sentence: string;
  readonly rule?: string | undefined;
  readonly next?: string | undefined;
  /** Trace records that show it. Without: the latest turning points of the run, up to `wrong` if that is there. */
  readonly evidence?: readonly number[] | undefined;
  /** The event that the sentence speaks of, if it is a wrong one: a record of it. The story marks it, and ends there. */
  readonly wrong?: number | undefined;
  /** What the trace is to be asked. If it shows a reason, that is told, with its own evidence. */
  readonly why?: Question | undefined;
}

/** A disappointment with the reason that the trace shows for it. */
export interface Explained extends Disappointment {
  /** The sort of reason, for {@link Story.cause}. */
  readonly cause?: string | undefined;
  readonly waiting?: ReadonlyMap<number, string> | undefined;
}

/** Turning points that are looked at for the story of a disappointment: many of them may be alike. */
const TURNING_POINTS = 40;

/** Events of the guilty server that the story of a violation shows before the wrong step. */
const MEANWHILE = 3;

/** Turns whatever stops a run into a story about servers and messages. */
export class StoryTeller {
  private readonly names: readonly NodeId[];

  constructor(
    private readonly simulation: Simulation,
    private readonly seed: number,
  ) {
    this.names = simulation.names;
  }

  violation(finding: Finding): Failure {
    const { property, section, sentence, evidence, wrong, rule, next, figure } = finding;
    const headline =
      section === undefined ? `${property}: ${sentence}` : `${property} (${section}): ${sentence}`;
    return this.tell(
      "violation",
      { headline, property, rule, next, figure },
      { evidence, context: this.meanwhile(evidence, wrong), wrong },
    );
  }

  /** Asks the trace why something did not come about. Costs a walk through the whole run: only after a failure. */
  explained(disappointment: Disappointment): Explained {
    const { why, sentence, rule, next } = disappointment;
    if (why === undefined) return disappointment;
    const view = new RunView(this.simulation);
    const found = answer(view, why);
    const waiting = waitingWords(view, why);
    if (found === undefined) return { ...disappointment, waiting };
    return {
      ...found,
      sentence: `${sentence} ${found.reason}`,
      rule: found.rule ?? rule,
      next: found.next ?? next,
      waiting,
    };
  }

  disappointment({ sentence, rule, next, evidence, wrong, cause, waiting }: Explained): Failure {
    // A story that ends in the middle of the run says nothing of where servers stood at its end.
    const endsEarly = evidence === undefined && wrong !== undefined;
    return this.tell(
      "expectation",
      { headline: sentence, cause, rule, next, standing: endsEarly ? [] : this.standing(waiting) },
      { evidence: evidence ?? this.turningPoints(wrong), wrong },
    );
  }

  trouble(trouble: Trouble): Failure {
    const handler = this.simulation.lastHandler;
    switch (trouble.kind) {
      case "not-written":
        return this.tell(
          "not-written",
          { headline: `Task ${trouble.task} is not written yet.`, task: trouble.task },
          { evidence: [handler], wrong: handler },
        );
      case "contract": {
        const { where, rule, found, next, line } = trouble;
        return this.tell(
          "contract",
          { headline: `${where}${lineWords(line)}: expected ${rule}; found ${found}.`, next },
          { evidence: [handler], wrong: handler },
        );
      }
      case "threw": {
        const server = this.names[this.simulation.trace.nodeOf(handler)];
        const next =
          "Read the line named above with the values of this event in mind; env.log(…) shows more of them here.";
        return this.tell(
          "threw",
          { headline: `${server} threw ${trouble.error}${lineWords(trouble.line)}`, next },
          { evidence: [handler], wrong: handler },
        );
      }
    }
  }

  budget({ what, max }: BudgetExceeded): Failure {
    const { counts, now } = this.simulation;
    const most = counts
      .byType()
      .slice(0, 3)
      .map(({ type, messages }) => `${messages.toLocaleString("en")} × ${type}`);
    const { noun, next } = BUDGET_WORDS[what];
    const headline = `More than ${max.toLocaleString("en")} ${noun} in ${millisWords(now / MICROS_PER_MILLI)} of virtual time: ${most.join(", ") || "timers only"}.`;
    return this.tell(
      "budget",
      { headline, next, standing: this.standing() },
      { evidence: this.lastHandlers() },
    );
  }

  private tell(
    kind: FailureKind,
    words: Pick<Story, "headline" | "cause" | "property" | "rule" | "next" | "task" | "figure"> & {
      readonly standing?: readonly string[];
    },
    material: Material,
  ): Failure {
    const { trace } = this.simulation;
    return new Failure({
      kind,
      lines: excerpt(trace, this.names, material),
      standing: [],
      seed: this.seed,
      servers: this.simulation.nodes.filter(({ isClient }) => !isClient).length,
      traceHash: traceHash(trace),
      ...words,
    });
  }

  /**
   * What the server that took the wrong step did last before it, since the evidence before: often the bug is there and
   * not in the step itself.
   */
  private meanwhile(evidence: readonly number[], wrong: number | undefined): number[] {
    const { trace } = this.simulation;
    if (wrong === undefined) return [];
    const node = trace.nodeOf(wrong);
    const since = Math.max(
      NONE,
      ...evidence.filter((record) => record < wrong && trace.nodeOf(record) === node),
    );
    const found: number[] = [];
    if (since === NONE) return found;
    for (let i = trace.handlerOf(wrong) - 1; i > since && found.length < MEANWHILE; i--) {
      if (trace.isHandler(i) && trace.nodeOf(i) === node) found.push(i);
    }
    return found;
  }

  /** Where each server stands: "S1 leader of term 4, committed 7". */
  private standing(waiting?: ReadonlyMap<number, string>): string[] {
    return this.simulation.nodes
      .filter((node) => !node.isScripted && !node.isClient)
      .map(({ id, index, isUp, isPaused, status, timers }) => {
        const follows =
          status.leader !== undefined && status.leader !== id ? `, follows ${status.leader}` : "";
        const state = isUp ? (isPaused ? ", frozen" : "") : ", stopped";
        const committed = status.commitIndex ? `, committed ${status.commitIndex}` : "";
        const isIdle = isUp && timers.size === 0 && status.role !== "leader";
        const idle = isIdle ? ", no timer is running" : "";
        const tried = waiting?.get(index);
        return `${id} ${status.role} of term ${status.currentTerm}${follows}${committed}${state}${idle}${tried === undefined ? "" : `, ${tried}`}`;
      });
  }

  /**
   * The latest records at which something turned: a status, a fault, a step of the test, work of a lone server.
   * @param last the last one that is looked at, and told in any case. Without: that of the run
   */
  private turningPoints(last?: number): number[] {
    const { trace, nodes } = this.simulation;
    const isAlone = nodes.filter((node) => !node.isScripted).length === 1;
    const points: number[] = last === undefined ? [] : [last];
    for (let i = last ?? trace.length - 1; i >= 0 && points.length < TURNING_POINTS; i--) {
      const kind = trace.kindOf(i);
      const isWork = isAlone && trace.isHandler(i) && !nodes[trace.nodeOf(i)].isScripted;
      if (kind === KIND.status || kind === KIND.fault || kind === KIND.step || isWork) points.push(i);
    }
    return points;
  }

  private lastHandlers(): number[] {
    const { trace } = this.simulation;
    const handlers: number[] = [];
    for (let i = trace.length - 1; i >= 0 && handlers.length < TURNING_POINTS; i--) {
      if (trace.isHandler(i)) handlers.push(i);
    }
    return handlers;
  }
}

const TOO_BUSY =
  "Which handler sends a message for each one it gets, or sets a timer again with a delay of (nearly) 0?";

/** How a story speaks of a budget that is used up, and what it asks. */
const BUDGET_WORDS: Readonly<Record<keyof Budget, { readonly noun: string; readonly next: string }>> = {
  events: { noun: "events", next: TOO_BUSY },
  effects: { noun: "calls of env", next: TOO_BUSY },
  bytes: {
    noun: "bytes sent or written",
    next: "What is in these messages that their receivers do not need?",
  },
  steps: {
    noun: "rounds of loops and calls of functions",
    next: "Which handler does far more work than its event asks for?",
  },
};

function lineWords(line: string | undefined): string {
  return line === undefined ? "" : ` (${line})`;
}
