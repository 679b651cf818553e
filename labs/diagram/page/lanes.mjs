import { shape } from "./dom.mjs";
import { field } from "./run.mjs";
import { shadeSpells, tellSpells } from "./spells.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./layout.mjs").Layout} Layout
 * @typedef {import("./state.mjs").States} States
 */

/** Names of the roles, with a sign and a width of line each: nobody needs the colours. */
export const ROLES = {
  leader: { sign: "★", width: 9 },
  candidate: { sign: "▲", width: 6 },
  follower: { sign: "○", width: 2 },
};

/** Below so many pixels a lane has no room for labels. */
export const NARROW_LANE = 84;
/** From how many pixels to how many a lane says again which role and term it is in. */
const REMINDER_EVERY = 360;

/** Where lanes are, from left to right. */
export class Geometry {
  /** @param {number} width @param {number} lanes */
  constructor(width, lanes) {
    this.width = width;
    this.gutter = width < 600 ? 44 : 74;
    this.laneWidth = (width - this.gutter) / lanes;
    this.isNarrow = this.laneWidth < NARROW_LANE;
    this.inset = this.isNarrow ? this.laneWidth / 2 : Math.min(34, this.laneWidth * 0.28);
  }

  /** The line of a lane. @param {number} lane */
  x(lane) {
    return this.gutter + lane * this.laneWidth + this.inset;
  }

  /** The left edge of a lane's column. @param {number} lane */
  left(lane) {
    return this.gutter + lane * this.laneWidth;
  }

  /** Pixels that a lane has for what stands beside an event. */
  get labelRoom() {
    return Math.max(8, this.laneWidth - this.inset - 16);
  }
}

/** A stretch of a lane in which a server's role and term stay the same. */
export class RoleStretch {
  /** @param {number} from a record @param {number} to a record @param {string} role @param {unknown} term */
  constructor(from, to, role, term) {
    this.from = from;
    this.to = to;
    this.role = role;
    this.term = term;
  }
}

/**
 * The stretches of each server's lane.
 * @param {Run} run
 * @param {States} states
 */
export function roleStretches(run, states) {
  const end = run.data.records.kind.length;
  const isSilent = (/** @type {number} */ node) => run.isClient(node) || run.data.scripted.includes(node);
  return run.names.map((_, node) => {
    if (isSilent(node)) return [];
    /** @type {RoleStretch[]} */
    const stretches = [];
    const { records, values } = states.status[node];
    for (const [i, status] of values.entries()) {
      const role = String(field(status, "role") ?? "");
      const term = field(status, "currentTerm");
      const last = stretches.at(-1);
      const from = Math.max(0, records[i]);
      const to = records[i + 1] ?? end;
      if (role === "") continue;
      if (last !== undefined && last.role === role && last.term === term && last.to >= from) last.to = to;
      else stretches.push(new RoleStretch(from, to, role, term));
    }
    return stretches;
  });
}

/**
 * Draws the columns of the lanes, every other one tinted.
 * @param {Geometry} geometry
 * @param {number} lanes
 * @param {number} top
 * @param {number} bottom
 */
export function drawColumns(geometry, lanes, top, bottom) {
  const group = shape("g", { "aria-hidden": "true" });
  for (let lane = 1; lane < lanes; lane += 2) {
    const x = geometry.left(lane);
    group.append(
      shape("rect", { class: "column", x, y: top, width: geometry.laneWidth, height: bottom - top }),
    );
  }
  return group;
}

/**
 * Draws the lanes between two heights: times of faults, lines that show roles.
 * @param {{ run: Run, layout: Layout, geometry: Geometry, stretches: RoleStretch[][] }} scene
 * @param {number} top
 * @param {number} bottom
 */
export function drawLanes(scene, top, bottom) {
  const { run, layout, geometry, stretches } = scene;
  const group = shape("g", { "aria-hidden": "true" });
  for (const lane of run.names.keys()) {
    const x = geometry.x(lane);
    group.append(
      shape("line", {
        class: "lane",
        x1: x,
        x2: x,
        y1: Math.max(0, top),
        y2: Math.min(bottom, layout.height),
      }),
    );
  }
  shadeSpells(group, scene, top, bottom);
  for (const lane of run.names.keys())
    for (const stretch of stretches[lane]) drawStretch(group, lane, stretch, layout, geometry, top, bottom);
  tellSpells(group, scene, top, bottom);
  return group;
}

/**
 * @param {SVGElement} group
 * @param {number} lane
 * @param {RoleStretch} stretch
 * @param {Layout} layout
 * @param {Geometry} geometry
 * @param {number} top
 * @param {number} bottom
 */
function drawStretch(group, lane, stretch, layout, geometry, top, bottom) {
  const y1 = layout.yOfEffect(stretch.from);
  const y2 = stretch.to >= layout.run.data.records.kind.length ? layout.height : layout.yOfEffect(stretch.to);
  if (y2 < top || y1 > bottom || y2 <= y1) return;
  const known = roleLook(stretch.role);
  const from = Math.max(y1, top);
  const x = geometry.x(lane);
  if (stretch.role !== "follower")
    group.append(
      shape("rect", {
        class: `role ${known.name}`,
        x: x - known.width / 2,
        y: from,
        width: known.width,
        height: Math.min(y2, bottom) - from,
      }),
    );
  for (let at = y1 + REMINDER_EVERY; at < y2 - 60; at += REMINDER_EVERY) {
    if (at < top || at > bottom) continue;
    group.append(
      shape(
        "text",
        { class: `reminder ${known.name}`, x: x - 8, y: at, "text-anchor": "end" },
        `${known.sign}${stretch.term}`,
      ),
    );
  }
}

/** How a role looks; one that is none of the three looks like a follower. @param {string} role */
export function roleLook(role) {
  const name = role === "leader" || role === "candidate" ? role : "follower";
  return { name, ...ROLES[name] };
}
