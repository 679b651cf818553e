import type { Driver, Stimulus } from "../../labs/kit";
import type { Attempt, Outcome } from "../../labs/kit/search";
import { renamingsOf } from "../../labs/kit/search/renaming";
import type { Simulation } from "../../labs/kit/world/simulation";
import { ANSWER, ORDER } from "../wire/format";
import { readOutcome, readReaction } from "../wire/reactions";
import { type Reader, WireFault } from "../wire/reader";
import { GROUP_MAX, GroupWriter, writeAttempts, writeClose } from "../wire/stimuli";
import { type CellEnd, CellLost } from "./cell-end";
import type { CellProcess } from "./cell-process";
import { Abandoned, OutOfGradingTime, RemoteHost, type RemoteSearch, type Way } from "./remote-host";
import { stimulusWords } from "./words";

/** Batches that are under way at the same time: neither side sleeps while the other one works. */
const BATCHES = 4;
/** What a pipe holds for sure: half of the usual 64 KiB, for a write may leave most of a page empty. */
const PIPE_BYTES = 32_000;
/** Frames after which timers and messages of this process get their turn. */
const FRAMES_AT_A_TIME = 256;
/**
 * Bytes of memory that all worlds together may come to, roughly: from there on only the oldest goes on. Only programs
 * that send without end come near.
 */
const WEIGHT_MAX = 500_000_000;
const RECORD_WEIGHT = 100;
const BYTE_WEIGHT = 4;

/** A world on its way to a goal. */
interface Journey {
  readonly simulation: Simulation;
  readonly host: RemoteHost;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A search that waits for what comes of its attempts. */
interface Asker {
  readonly search: RemoteSearch;
  readonly lanes: number;
  readonly outcomes: Outcome[];
  /** Attempts that are not answered yet. */
  open: number;
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Some attempts of a search. */
interface Inquiry {
  readonly asker: Asker;
  readonly attempts: readonly Attempt[];
}

/** A group of events that was asked about, and whose world waits for the answer. */
interface Question {
  readonly journey: Journey;
  /** The server of each event, and the event's number in its world. */
  readonly nodes: number[];
  readonly refs: number[];
}

/**
 * Carries the events of many worlds to their servers in one cell, and the effects back. One crossing of the boundary
 * costs as much as many events, so that it collects one event of each world for every crossing.
 */
export class Crossing implements Way {
  private readonly group: GroupWriter;
  private readonly journeys = new Set<Journey>();
  /** What was written into the next batch. */
  private pending: (Question | Inquiry)[] = [];
  /** What was sent and is not answered yet, batch by batch. */
  private readonly asked: (Question | Inquiry)[][] = [];
  private readonly askers = new Set<Asker>();
  /** Worlds that wait until others have ended and made room. */
  private readonly held: Journey[] = [];
  private answered = 0;
  private weight = 0;
  private worlds = 0;
  /** Bytes of the batches that are under way. */
  private askedBytes = 0;
  /** Worlds that have reached their goals since tests went on last. */
  private arrivals = 0;
  private isPumping = false;

  /** What the cell is doing, in words, if it is asked one thing at a time. */
  doing: string | undefined;

  /**
   * @param silenceMaxMs how long the cell may work on one batch
   * @param deadline when this must be over, on the clock of `performance.now`; without, never
   * @param isTold true: {@link doing} will say which event the cell was at. For one world at a time.
   */
  constructor(
    private readonly cell: CellProcess,
    private readonly silenceMaxMs: number,
    private readonly isTold: boolean,
    public deadline = Number.POSITIVE_INFINITY,
  ) {
    this.group = new GroupWriter(cell.writer);
    this.begin();
  }

  makeHost(): RemoteHost {
    return new RemoteHost(this.worlds++, this);
  }

  closed(host: RemoteHost): void {
    if (host.isClosed) return;
    host.isClosed = true;
    this.weight -= host.weight;
    if (this.cell.end === undefined) writeClose(this.cell.writer, host.world);
  }

  /** Has attempts of a search tried. They go along with what others ask; one by one where it is told what the cell does. */
  async attempt(search: RemoteSearch, attempts: readonly Attempt[]): Promise<Outcome[]> {
    if (!this.isTold) return this.tryTogether(search, attempts);
    const outcomes: Outcome[] = [];
    for (const one of attempts) {
      this.doing = stimulusWords(one.stimulus, search.names);
      outcomes.push(...(await this.tryTogether(search, [one])));
    }
    return outcomes;
  }

  private tryTogether(search: RemoteSearch, attempts: readonly Attempt[]): Promise<Outcome[]> {
    const { host, alike } = search;
    return new Promise((resolve, reject) => {
      if (attempts.length === 0) return resolve([]);
      if (host.isClosed) return reject(new Abandoned());
      if (this.cell.end !== undefined) return reject(new CellLost(this.cell.end));
      const lanes = 2 * renamingsOf(alike).length;
      const asker: Asker = { search, lanes, outcomes: [], open: attempts.length, resolve, reject };
      this.askers.add(asker);
      try {
        for (let i = 0; i < attempts.length; i += GROUP_MAX) {
          const some = attempts.slice(i, i + GROUP_MAX);
          writeAttempts(this.cell.writer, host.world, alike, some);
          this.pending.push({ asker, attempts: some });
          if (this.cell.writer.length > PIPE_BYTES / 2) this.flush();
        }
        this.pumpSoon();
      } catch (error) {
        if (!(error instanceof CellLost)) throw error;
        this.lose(error.end);
      }
    });
  }

  readonly drive: Driver = (simulation, host) =>
    new Promise((resolve, reject) => {
      if (!(host instanceof RemoteHost)) throw new TypeError("This host is in no cell.");
      if (this.cell.end !== undefined) {
        reject(new CellLost(this.cell.end));
        return;
      }
      const journey = { simulation, host, resolve, reject };
      this.journeys.add(journey);
      try {
        this.advance(journey);
        this.pumpSoon();
      } catch (error) {
        if (!(error instanceof CellLost)) throw error;
        this.lose(error.end);
      }
    });

  /** Ends the cell. */
  close(): void {
    this.cell.kill();
  }

  /** How the cell's process ended, in words. To be asked once it has. */
  lastWords(): Promise<string> {
    return this.cell.lastWords();
  }

  /** Takes a world to its next event that concerns a server, or to its goal. */
  private advance(journey: Journey): void {
    const { simulation, host } = journey;
    if (host.isClosed) {
      this.arrive(journey, new Abandoned());
      return;
    }
    const weight = simulation.trace.length * RECORD_WEIGHT + simulation.bytes * BYTE_WEIGHT;
    this.weight += weight - host.weight;
    host.weight = weight;
    if (this.weight > WEIGHT_MAX && journey !== this.oldest) {
      this.held.push(journey);
      return;
    }
    let stimulus: Stimulus | undefined;
    try {
      stimulus = simulation.next();
    } catch (error) {
      this.arrive(journey, error);
      return;
    }
    if (stimulus === undefined) {
      this.arrive(journey);
      return;
    }
    this.pending.push(this.ask(journey, stimulus));
    if (this.pending.length * BATCHES >= this.journeys.size + this.askers.size) this.flush();
  }

  /** Writes an event into the next batch, and those after it that are certain enough to go with it. */
  private ask(journey: Journey, stimulus: Stimulus): Question {
    const { simulation, host } = journey;
    const { group } = this;
    const question: Question = { journey, nodes: [stimulus.node], refs: [simulation.lastRef] };
    group.begin(host.world, simulation.outlook.millis);
    group.add(stimulus);
    if (this.isTold) {
      this.doing = stimulusWords(stimulus, simulation.names);
      return question;
    }
    simulation.foresee((ahead, ref) => {
      question.nodes.push(ahead.node);
      question.refs.push(ref);
      return group.add(ahead);
    });
    return question;
  }

  /** A world has reached its goal, or cannot: its test goes on as soon as this lets it. */
  private arrive(journey: Journey, error?: unknown): void {
    this.journeys.delete(journey);
    this.arrivals += 1;
    if (error === undefined) journey.resolve();
    else journey.reject(error);
    for (const waiting of this.held.splice(0)) this.advance(waiting);
  }

  private get oldest(): Journey | undefined {
    const [first] = this.journeys;
    return first;
  }

  /** Works until tests have to go on, or nothing is left to do. */
  private pump(): void {
    this.isPumping = false;
    try {
      this.arrivals = 0;
      for (let frames = 0; frames < FRAMES_AT_A_TIME && this.arrivals === 0; frames++) {
        if (this.asked.length === 0) this.flush();
        if (this.asked.length === 0) return;
        if (performance.now() > this.deadline) {
          this.giveUp();
          return;
        }
        this.cell.receive(this.silenceMaxMs, (reader) => this.absorbAll(reader));
      }
      this.pumpSoon();
    } catch (error) {
      if (!(error instanceof CellLost)) throw error;
      this.lose(error.end);
    }
  }

  /** Everything that can happen now happens first: then batches are full. */
  private pumpSoon(): void {
    if (this.isPumping) return;
    this.isPumping = true;
    setImmediate(() => this.pump());
  }

  /**
   * Sends the next batch. Neither side may wait in a write for the other one to read: a batch that the pipe cannot take
   * at once is sent only while the cell has nothing else to do.
   */
  private flush(): void {
    if (this.pending.length === 0 || this.asked.length >= BATCHES) return;
    const bytes = this.cell.writer.length;
    if (this.asked.length > 0 && this.askedBytes + bytes > PIPE_BYTES) return;
    this.askedBytes = (this.asked.length > 0 ? this.askedBytes : 0) + bytes;
    this.asked.push(this.pending);
    this.pending = [];
    this.cell.send();
    this.begin();
  }

  private begin(): void {
    this.cell.writer.byte(ORDER.stimuli);
  }

  /** Takes a frame of reactions: a batch, or as much of it as was ready. */
  private absorbAll(reader: Reader): void {
    if (reader.byte() !== ANSWER.reactions) throw new WireFault("These are no reactions.");
    if (reader.isAtEnd) throw new WireFault("An answer is empty.");
    while (!reader.isAtEnd) {
      const batch = this.asked[0];
      const question = batch?.[this.answered];
      if (question === undefined) throw new WireFault("There are more reactions than events.");
      this.answered += 1;
      if (this.answered === batch.length) {
        this.asked.shift();
        this.answered = 0;
      }
      if ("asker" in question) this.takeOutcomes(question, reader);
      else this.absorb(question, reader);
    }
  }

  /** Takes what came of some attempts of a search. */
  private takeOutcomes({ asker, attempts }: Inquiry, reader: Reader): void {
    const { host, names } = asker.search;
    for (const { stimulus } of attempts)
      asker.outcomes.push(readOutcome(reader, { node: stimulus.node, nodes: names.length }, asker.lanes));
    asker.open -= attempts.length;
    if (asker.open > 0) return;
    this.askers.delete(asker);
    this.arrivals += 1;
    if (host.isClosed) asker.reject(new Abandoned());
    else asker.resolve(asker.outcomes);
  }

  /** Takes the answer to one question: reactions to the first events of the group, to one at least. */
  private absorb({ journey, nodes, refs }: Question, reader: Reader): void {
    const { simulation } = journey;
    const count = reader.byte();
    if (count < 1 || count > nodes.length) throw new WireFault("There are too few reactions, or too many.");
    let error: unknown;
    for (let i = 0; i < count; i++) {
      const reaction = readReaction(reader, { node: nodes[i], nodes: simulation.nodes.length });
      if (error !== undefined) continue; // what a server did after its world had ended
      try {
        if (i > 0) {
          simulation.next();
          if (simulation.lastRef !== refs[i]) throw new WireFault("It handled an event that did not come.");
        }
        simulation.absorb(reaction);
      } catch (found) {
        if (found instanceof WireFault) throw found;
        error = found;
      }
    }
    if (error === undefined) this.advance(journey);
    else this.arrive(journey, error);
  }

  /** The time of the whole grading is over: a program may be slow without ever being silent. */
  private giveUp(): void {
    this.cell.kill();
    for (const waiting of [...this.journeys, ...this.askers]) waiting.reject(new OutOfGradingTime());
    this.journeys.clear();
    this.askers.clear();
  }

  /** The cell has ended: whoever was on the way learns it. */
  private lose(end: CellEnd): void {
    const suspects = new Set(
      this.asked.flat().map((one): Journey | Asker => ("asker" in one ? one.asker : one.journey)),
    );
    for (const waiting of [...this.journeys, ...this.askers])
      waiting.reject(new CellLost(end, suspects.has(waiting)));
    this.journeys.clear();
    this.askers.clear();
  }
}
