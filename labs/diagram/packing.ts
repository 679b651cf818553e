import type { AppliedEntry, Json, World } from "../kit";
import { KIND } from "../kit";
import { lineOf } from "../kit/story/excerpt";
import { isRoutine } from "../kit/story/run-text";
import type { Invocation, Proposal } from "../kit/trace/requests";
import { NONE, type StatusChange, type Trace } from "../kit/trace/trace";
import { type Choice, isEvent } from "./choice";
import type { DiagramData, Events, Gap, Records } from "./data";
import { spellsOf } from "./spells";
import { ValueTable } from "./value-table";

/** What is drawn: a run, the part of it that was chosen, and what its story tells. */
export interface Subject {
  readonly world: World;
  readonly choice: Choice;
  /** Records of the trace, a line of the story each; {@link NONE} where it is not known. */
  readonly told: readonly number[];
  readonly wrong: number;
}

/** Turns the chosen part of a run into the data of its page. */
export function packed({ world, choice, told, wrong }: Subject): DiagramData {
  const { trace, names, simulation } = world;
  const table = new ValueTable();
  const places = new Map(choice.records.map((record, place) => [record, place]));
  const placeOf = (record: number): number => places.get(record) ?? NONE;
  const records = packRecords(trace, choice.records, placeOf, table);
  const events = packEvents(world, choice.records, table);
  const spells = spellsOf(world).map(({ from, to, ...spell }) => ({
    ...spell,
    from: placeFrom(choice.records, from),
    to: to === NONE ? NONE : placeFrom(choice.records, to),
  }));
  const gaps = packGaps(trace, choice.records, table);
  return {
    names,
    servers: world.ids.length,
    scripted: simulation.nodes.filter(({ isScripted }) => isScripted).map(({ index }) => index),
    kinds: KIND,
    values: table.values,
    shapes: table.shapes,
    records,
    events,
    spells: spells.filter(({ from, to }) => from !== to),
    gaps,
    told: told.map(placeOf),
    wrong: placeOf(wrong),
  };
}

/** The place of the first kept record that is not before a record. */
function placeFrom(kept: readonly number[], record: number): number {
  let [low, high] = [0, kept.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (kept[middle] < record) low = middle + 1;
    else high = middle;
  }
  return low;
}

function packRecords(
  trace: Trace,
  kept: readonly number[],
  placeOf: (record: number) => number,
  table: ValueTable,
): Records {
  const columns = { kind: [], at: [], node: [], peer: [], cause: [], data: [] } as {
    [Column in keyof Records]: number[];
  };
  let before = 0;
  for (const [place, i] of kept.entries()) {
    const at = trace.microsOf(i);
    const cause = trace.causeOf(i) === NONE ? NONE : placeOf(trace.causeOf(i));
    columns.kind.push(trace.kindOf(i));
    columns.at.push(at - before);
    columns.node.push(trace.nodeOf(i));
    columns.peer.push(trace.peerOf(i));
    columns.cause.push(cause === NONE ? 0 : place - cause);
    columns.data.push(packData(trace, i, table));
    before = at;
  }
  return columns;
}

function packData(trace: Trace, i: number, table: ValueTable): number {
  const data = trace.dataOf(i);
  switch (trace.kindOf(i)) {
    case KIND.send:
      return table.add(trace.messageOf(i));
    case KIND.status: {
      const { before, after } = data as StatusChange;
      return table.add([before, after]);
    }
    case KIND.propose: {
      const { command, answer } = data as Proposal;
      return table.add({ command, answer });
    }
    case KIND.invoke:
      return table.add({ operation: (data as Invocation).operation });
    case KIND.complete: {
      const { operation, result } = data as Invocation;
      return table.add({ operation, result });
    }
    case KIND.apply:
      return table.add(data as AppliedEntry);
    case KIND.write:
      return packWrite(data as Changes, table);
    case KIND.deliver:
    case KIND.timer:
    case KIND.start:
      return NONE;
    default:
      return table.add(data);
  }
}

type Changes = Readonly<Record<string, Json | undefined>>;

/** A deletion is a change too: `{ set, deleted }`. */
function packWrite(changes: Changes, table: ValueTable): number {
  const deleted = Object.keys(changes).filter((key) => changes[key] === undefined);
  return table.add({ set: changes, deleted });
}

function packEvents({ trace, names }: World, kept: readonly number[], table: ValueTable): Events {
  const columns = { record: [], words: [], outcome: [], routine: [] } as {
    [Column in keyof Events]: Events[Column][number][];
  };
  for (const [place, i] of kept.entries()) {
    if (!isEvent(trace, i)) continue;
    const { event, outcome } = lineOf(trace, names, i);
    columns.record.push(place);
    columns.words.push(table.addText(event));
    columns.outcome.push(table.addText(outcome));
    columns.routine.push(trace.kindOf(i) !== KIND.send && isRoutine(trace, i) ? 1 : 0);
  }
  return columns;
}

/** Rows of events that were left out, each before a kept record, and what they changed. */
function packGaps(trace: Trace, kept: readonly number[], table: ValueTable): Gap[] {
  const gaps: Gap[] = [];
  for (const [place, end] of kept.entries()) {
    const begin = place === 0 ? 0 : kept[place - 1] + 1;
    let [events, from, to] = [0, 0, 0];
    const status = new Map<number, number>();
    const applied = new Map<number, number>();
    const disk = new Map<string, readonly [number, number, number]>();
    for (let i = begin; i < end; i++) {
      const [kind, node] = [trace.kindOf(i), trace.nodeOf(i)];
      if (isEvent(trace, i)) {
        if (events === 0) from = trace.microsOf(i);
        to = trace.microsOf(i);
        events += 1;
      }
      if (kind === KIND.status) status.set(node, table.add((trace.dataOf(i) as StatusChange).after));
      if (kind === KIND.apply) applied.set(node, (trace.dataOf(i) as AppliedEntry).index);
      if (kind === KIND.start) applied.set(node, NONE);
      if (kind !== KIND.write) continue;
      for (const [key, value] of Object.entries(trace.dataOf(i) as Changes)) {
        const packedValue = value === undefined ? NONE : table.add(value);
        disk.set(`${node} ${key}`, [node, table.add(key), packedValue]);
      }
    }
    if (events > 0)
      gaps.push({
        before: place,
        events,
        from,
        to,
        status: [...status],
        applied: [...applied],
        disk: [...disk.values()],
      });
  }
  return gaps;
}
