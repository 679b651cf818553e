import type { Millis } from "../../contract";

/** A point of the axis. */
export interface Point {
  readonly at: Millis;
}

/** Wants so many columns between two points, given by their indexes. */
export interface Room {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

/** Columns between neighbouring points, at least. */
const GAP = 2;

/**
 * Gives each point a column. The axis keeps the order and gives more room to longer times, but it is not to scale:
 * what matters is what came before what, and every label must fit into its bar.
 * @param points in order
 * @param width columns that the axis should take, if that is enough
 */
export function columnsOf(points: readonly Point[], rooms: readonly Room[], width: number): number[] {
  const least = leastColumns(points.length, rooms);
  const spare = width - (least.at(-1) ?? 0);
  if (spare <= 0) return least;
  const weights = points.map((point, i) => (i === 0 ? 0 : Math.sqrt(point.at - points[i - 1].at)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  return least.map((column, i) => {
    before += weights[i];
    return column + (total === 0 ? 0 : Math.floor((spare * before) / total));
  });
}

/** Each point as far to the left as its neighbours and rooms allow. */
function leastColumns(points: number, rooms: readonly Room[]): number[] {
  const columns: number[] = [];
  for (let i = 0; i < points; i++) {
    let column = i === 0 ? 0 : columns[i - 1] + GAP;
    for (const { from, to, columns: wanted } of rooms)
      if (to === i) column = Math.max(column, columns[from] + wanted);
    columns.push(column);
  }
  return columns;
}
