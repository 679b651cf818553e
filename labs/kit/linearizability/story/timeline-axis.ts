import type { Millis } from "../../contract";
import type { KvItem } from "../kv";
import { Canvas } from "./canvas";
import { columnsOf, type Point, type Room } from "./timeline-layout";

/** Something that happened elsewhere: a server began to lead, a link was cut. */
export interface Mark {
  readonly at: Millis;
  /** Whose line it belongs on: "S1", "faults". */
  readonly lane: string;
  readonly text: string;
}

/** A point of the axis is an event of an operation, or the time of marks: then it has no position. */
interface AxisPoint extends Point {
  readonly position: number | undefined;
}

/** Where everything stands: the points in order, and a column for each. */
export class Axis {
  private readonly points: readonly AxisPoint[];
  private readonly columns: readonly number[];
  private readonly rooms: readonly Room[];

  /**
   * @param room columns that each operation's bar needs
   * @param width columns to take if that is enough
   */
  constructor(
    private readonly items: readonly KvItem[],
    marks: readonly Mark[],
    room: (item: KvItem) => number,
    width: number,
  ) {
    this.points = pointsOf(items, marks);
    const indexOf = (position: number) => this.points.findIndex((point) => point.position === position);
    this.rooms = items.map((item): Room => {
      const { invoked, completed } = item;
      const to = completed === undefined ? this.points.length - 1 : indexOf(completed.position);
      return { from: indexOf(invoked.position), to, columns: room(item) };
    });
    this.columns = columnsOf(this.points, this.rooms, width);
  }

  /** The column of the last point. */
  get end(): number {
    return this.columns.at(-1) ?? 0;
  }

  /** The first and the last column of an operation's bar; an open one goes on to the end. */
  spanOf(item: KvItem): { readonly from: number; readonly to: number } {
    const { from, to } = this.rooms[this.items.indexOf(item)];
    return { from: this.columns[from], to: this.columns[to] };
  }

  columnOf(mark: Mark): number {
    return this.columns[
      this.points.findIndex(({ at, position }) => position === undefined && at === mark.at)
    ];
  }

  /** Times where there is room for them, those of `urgent` before all others; below, a ruler. */
  lines(urgent: KvItem | undefined): string[] {
    const ruler = new Canvas();
    const times = new Canvas();
    const { from, to } = this.rooms[urgent === undefined ? -1 : this.items.indexOf(urgent)] ?? {
      from: 0,
      to: 0,
    };
    const shown = new Set<string>();
    ruler.write(0, 0, "─".repeat(this.end + 1));
    for (const i of [to, from, ...this.points.keys()]) {
      const time = timeWords(this.points[i].at);
      if (shown.has(time) || !times.isFree(0, this.columns[i], time.length)) continue;
      shown.add(time);
      times.write(0, this.columns[i], time);
      ruler.write(0, this.columns[i], "┬");
    }
    return [...times.lines, ...ruler.lines];
  }
}

function timeWords(at: Millis): string {
  return String(Number(at.toFixed(at < 100 ? 1 : 0)));
}

/** Events in their order, and the times of marks between them: a mark comes after the events of its time. */
function pointsOf(items: readonly KvItem[], marks: readonly Mark[]): AxisPoint[] {
  const events = items.flatMap(({ invoked, completed }) =>
    completed === undefined ? [invoked] : [invoked, completed],
  );
  const points: AxisPoint[] = events.map(({ at, position }) => ({ at, position }));
  points.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  for (const at of new Set(marks.map((mark) => mark.at))) {
    const later = points.findIndex((point) => point.at > at);
    points.splice(later === -1 ? points.length : later, 0, { at, position: undefined });
  }
  return points;
}
