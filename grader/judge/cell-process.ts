import type { ChildProcess } from "node:child_process";
import { closeSync, readSync, writeSync } from "node:fs";
import { ANSWER, FRAME_BYTES_MAX, FRAME_HEADER_BYTES, ORDER } from "../wire/format";
import { type LoadOrder, writeOrder } from "../wire/orders";
import { Reader, WireFault } from "../wire/reader";
import { Writer } from "../wire/writer";
import { type CellEnd, CellLost, LoadingLost, NoCell } from "./cell-end";
import type { Ends } from "./fifo";
import { spawnCell } from "./spawn-cell";
import { LIMITS } from "./walls-limits";
import { theWatchdog } from "./watchdog";

/** Time that a cell may take to start, before it has seen the submission. */
const START_MAX_MS = 30_000;
/** Time that a submission may take to be loaded. */
const LOAD_MAX_MS = 5_000;
/** Time that a cell may take to read what it is sent: it has nothing else to do then. */
const WRITE_MAX_MS = 10_000;
/** Time for the news of a process's end to arrive. */
const LAST_WORDS_MS = 2_000;
/** Text on standard error that is kept, and how much of it may come at all. */
const STDERR_KEPT = 2_000;
const STDERR_MAX = 100_000;

/** Cells that are running: none of them may outlive this process. */
const alive = new Set<CellProcess>();
process.on("exit", () => {
  for (const cell of alive) cell.kill();
});

/**
 * An untrusted process that holds a student's servers, and the pipes to it and from it. Whatever comes from there is
 * read as from a stranger. Reading waits, with a watchdog; once the cell has ended it is of no more use.
 */
export class CellProcess {
  /** How it came to its end; undefined while it is running. */
  end: CellEnd | undefined;
  /** Writes what the cell is to get: its names are remembered over all frames. */
  readonly writer = new Writer();

  private readonly reader = new Reader();
  private readonly exited: Promise<string>;
  private input = Buffer.allocUnsafe(1 << 16);
  /** What has come and is not read yet: from `read` to `filled`. */
  private read = 0;
  private filled = 0;
  private stderr = "";
  private stderrBytes = 0;

  private constructor(
    private readonly child: ChildProcess,
    /** Descriptors of this process: to the cell, and from it. */
    private readonly pipe: Ends,
  ) {
    alive.add(this);
    child.stderr?.on("data", (chunk: Buffer) => this.hear(chunk));
    this.exited = new Promise((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("close", (code, signal) => resolve(this.deathWords(code, signal)));
      child.on("exit", (code, signal) => {
        this.killGroup(); // what it may have left behind
        setTimeout(() => resolve(this.deathWords(code, signal)), LAST_WORDS_MS).unref();
      });
    });
  }

  /**
   * Starts a cell, and loads a program into it.
   * @returns the cell, or why the program cannot be run: written for its author
   * @throws NoCell if there is no cell to be had
   * @throws LoadingLost if the cell ended while it loaded the program
   */
  static async load(order: LoadOrder): Promise<CellProcess | string> {
    const cell = await CellProcess.start();
    cell.writer.clear();
    cell.writer.byte(ORDER.load);
    writeOrder(cell.writer, order);
    try {
      cell.send();
      const problem = cell.receive(LOAD_MAX_MS, (reader) => {
        const kind = reader.byte();
        if (kind === ANSWER.loaded) return undefined;
        if (kind === ANSWER.refused) return reader.string().slice(0, 2_000);
        throw new WireFault("This is no answer to a program.");
      });
      if (problem === undefined) return cell;
      cell.kill();
      return problem;
    } catch (error) {
      if (!(error instanceof CellLost)) throw error;
      throw new LoadingLost(error.end, await cell.lastWords());
    }
  }

  /** A second attempt is made: a machine may be out of something for a moment. */
  private static async start(): Promise<CellProcess> {
    try {
      return await CellProcess.startOnce();
    } catch (error) {
      if (!(error instanceof NoCell)) throw error;
      return CellProcess.startOnce();
    }
  }

  private static async startOnce(): Promise<CellProcess> {
    const { child, pipe, walls } = await spawnCell();
    const cell = new CellProcess(child, pipe);
    try {
      cell.receive(START_MAX_MS, (reader) => {
        if (reader.byte() !== ANSWER.ready) throw new WireFault("This is no greeting.");
      });
      return cell;
    } catch (error) {
      if (!(error instanceof CellLost)) throw error;
      const words = await cell.lastWords();
      throw new NoCell(`A cell did not start (${walls}): ${error.message} ${words} ${cell.stderr}`.trim());
    }
  }

  /** Sends what {@link writer} has. */
  send(): void {
    const { bytes, length } = this.writer;
    const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
    frame.writeUInt32LE(length, 0);
    frame.set(bytes.subarray(0, length), FRAME_HEADER_BYTES);
    this.writer.clear();
    if (this.end !== undefined) throw new CellLost(this.end);
    try {
      theWatchdog().guard(this.pid, WRITE_MAX_MS, () => {
        for (let at = 0; at < frame.length; ) at += writeSync(this.pipe.writing, frame, at);
      });
    } catch (error) {
      if (!isBrokenPipe(error)) throw error;
      this.lose(this.gone);
    }
  }

  /**
   * Waits for one frame and reads it.
   * @throws CellLost if none comes, or what comes is none
   */
  receive<T>(withinMs: number, read: (reader: Reader) => T): T {
    if (this.end !== undefined) throw new CellLost(this.end);
    theWatchdog().guard(this.pid, withinMs, () => {
      this.need(FRAME_HEADER_BYTES);
      const size = this.input.readUInt32LE(this.read);
      if (size > FRAME_BYTES_MAX) this.lose({ kind: "violation", what: "A frame is too long." });
      this.read += FRAME_HEADER_BYTES;
      this.need(size);
      this.reader.open(this.input.subarray(this.read, this.read + size));
      this.read += size;
    });
    try {
      return read(this.reader);
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      return this.lose({ kind: "violation", what: error.message });
    }
  }

  /** Ends the process and all that it may have started. */
  kill(): void {
    this.close({ kind: "died" });
    this.killGroup();
  }

  /** How the process ended, in words. To be asked once it has. */
  lastWords(): Promise<string> {
    return this.exited;
  }

  /** Waits until so many bytes are there that were not read yet. */
  private need(size: number): void {
    if (this.filled - this.read >= size) return;
    if (this.read > 0) {
      this.input.copyWithin(0, this.read, this.filled);
      this.filled -= this.read;
      this.read = 0;
    }
    if (size > this.input.length) {
      const larger = Buffer.allocUnsafe(size * 2);
      this.input.copy(larger, 0, 0, this.filled);
      this.input = larger;
    }
    while (this.filled < size) {
      const count = readSync(
        this.pipe.reading,
        this.input,
        this.filled,
        this.input.length - this.filled,
        null,
      );
      if (count === 0) this.lose(this.gone);
      this.filled += count;
    }
  }

  private get pid(): number {
    return this.child.pid ?? this.lose({ kind: "died" });
  }

  /** What it means that the other end of a pipe is closed. */
  private get gone(): CellEnd {
    return { kind: theWatchdog().hasEnded(this.pid) ? "silent" : "died" };
  }

  private lose(end: CellEnd): never {
    this.close(end);
    // One that ends by itself has a moment to say how.
    if (end.kind === "died") setTimeout(() => this.killGroup(), LAST_WORDS_MS).unref();
    else this.killGroup();
    throw new CellLost(end);
  }

  private close(end: CellEnd): void {
    if (this.end !== undefined) return;
    this.end = end;
    closeSync(this.pipe.reading);
    closeSync(this.pipe.writing);
  }

  /** A group that is gone already is as good. */
  private killGroup(): void {
    if (!alive.delete(this)) return;
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error) || Reflect.get(error, "code") !== "ESRCH") throw error;
    }
  }

  private hear(chunk: Buffer): void {
    this.stderr = (this.stderr + chunk.toString("latin1")).slice(-STDERR_KEPT);
    this.stderrBytes += chunk.length;
    if (this.stderrBytes > STDERR_MAX) this.child.stderr?.destroy();
  }

  private deathWords(code: number | null, signal: NodeJS.Signals | null): string {
    if (/heap out of memory/i.test(this.stderr)) return `it used more than ${LIMITS.heapMb} MB of memory.`;
    if (/out of memory|bad_alloc|cannot allocate/i.test(this.stderr))
      return `it used more than ${LIMITS.dataMb} MB of memory.`;
    return signal === null ? `exit code ${code}.` : `signal ${signal}.`;
  }
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "code") === "EPIPE";
}
