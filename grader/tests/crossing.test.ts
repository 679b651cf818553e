import test from "tape";
import { type Host, World } from "../../labs/kit";
import { NOTHING } from "../../labs/kit/search/branches";
import { type CellEnd, CellLost } from "../judge/cell-end";
import type { CellProcess } from "../judge/cell-process";
import { Crossing } from "../judge/crossing";
import { OutOfGradingTime } from "../judge/remote-host";
import { ANSWER } from "../wire/format";
import { writeOutcome, writeReaction } from "../wire/reactions";
import { Reader, WireFault } from "../wire/reader";
import { Writer } from "../wire/writer";

const IDLE = {
  effects: [],
  effectCount: 0,
  role: "follower",
  currentTerm: 0,
  leader: undefined,
  commitIndex: undefined,
  answer: null,
  trouble: undefined,
  steps: 0,
} as const;

/** What a cell answers, whatever it is asked: bytes after those that say that reactions follow. */
type Answer = (writer: Writer) => void;

/** The judge's end of a cell that has been taken over. */
function cellThat(answer: Answer): { readonly cell: CellProcess; readonly endOf: () => CellEnd | undefined } {
  const reader = new Reader();
  let end: CellEnd | undefined;
  const cell = {
    writer: new Writer(),
    get end() {
      return end;
    },
    send(this: { readonly writer: Writer }) {
      this.writer.clear();
    },
    receive(_: number, read: (reader: Reader) => unknown) {
      const writer = new Writer();
      answer(writer);
      reader.open(writer.bytes.slice(0, writer.length));
      try {
        return read(reader);
      } catch (error) {
        if (!(error instanceof WireFault)) throw error;
        end = { kind: "violation", what: error.message };
        throw new CellLost(end);
      }
    },
    kill() {
      end ??= { kind: "died" };
    },
  };
  return { cell: cell as unknown as CellProcess, endOf: () => end };
}

/** What stops a world whose servers are in that cell. */
async function errorWith(crossing: Crossing): Promise<unknown> {
  const host: Host = crossing.makeHost();
  const world = new World({ seed: 1, servers: 2, host, driver: crossing.drive });
  return world.runFor(1_000).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const idly = (count: number): Answer => {
  return (writer) => {
    writer.byte(ANSWER.reactions);
    writer.byte(count);
    for (let i = 0; i < count; i++) writeReaction(writer, IDLE);
  };
};

test("a cell that answers as it should is let through", async (t) => {
  const { cell, endOf } = cellThat(idly(1));
  t.equal(await errorWith(new Crossing(cell, 1_000, false)), undefined);
  t.equal(endOf(), undefined);
});

const VIOLATIONS: readonly (readonly [what: string, answer: Answer, says: RegExp])[] = [
  ["an answer to something else", (writer) => writer.byte(ANSWER.loaded), /no reactions/],
  ["answers without end that say nothing", (writer) => writer.byte(ANSWER.reactions), /is empty/],
  ["no reaction of a group", idly(0), /too few reactions, or too many/],
  ["more reactions than events of a group", idly(40), /too few reactions, or too many/],
  [
    "half a reaction",
    (writer) => {
      for (const byte of [ANSWER.reactions, 1, 0]) writer.byte(byte);
    },
    /too early/,
  ],
];

for (const [what, answer, says] of VIOLATIONS) {
  test(`a cell that sends ${what} is ended, and the world that it had is under suspicion`, async (t) => {
    const { cell, endOf } = cellThat(answer);
    const error = await errorWith(new Crossing(cell, 1_000, false));
    const end = endOf();
    t.match(end?.kind === "violation" ? end.what : "", says);
    t.ok(error instanceof CellLost && error.end.kind === "violation");
  });
}

test("a cell that answers more than was asked is ended", async (t) => {
  const { cell, endOf } = cellThat((writer) => {
    idly(1)(writer);
    for (let more = 0; more < 9; more++) {
      writer.byte(1);
      writeReaction(writer, IDLE);
    }
  });
  await errorWith(new Crossing(cell, 1_000, false));
  t.deepEqual(endOf(), { kind: "violation", what: "There are more reactions than events." });
});

/** A cell that tries so many things for a search, and never comes to the next. */
function hangingCell(tried: number): CellProcess {
  const { cell } = cellThat((writer) => {
    if (tried-- === 0) throw new CellLost({ kind: "silent" });
    writer.byte(ANSWER.reactions);
    writeOutcome(writer, { state: 0, fingerprints: new Int32Array(4), reaction: IDLE, isHiding: false });
  });
  return cell;
}

test("of a search, too, it is told which event the cell was at when it fell silent", async (t) => {
  const crossing = new Crossing(hangingCell(1), 1_000, true);
  const names = ["S1", "S2"];
  const attempts = ["first", "second", "third"].map((timer, at) => ({
    from: 0,
    stimulus: { ...NOTHING, node: 0, kind: "timer" as const, now: at, timer },
  }));
  const error = await crossing
    .makeHost()
    .branches(names, names)
    .attempt(attempts)
    .then(
      () => undefined,
      (lost: unknown) => lost,
    );
  t.ok(error instanceof CellLost && error.isSuspect);
  t.equal(crossing.doing, 'S1.onTimer("second") at 1 ms');
});

test("a program that is never silent, but slow, is stopped when the time of the grading is over", async (t) => {
  const { cell } = cellThat(idly(1));
  t.ok((await errorWith(new Crossing(cell, 1_000, false, 0))) instanceof OutOfGradingTime);
});
