import { el } from "./dom.mjs";
import { firstFitting } from "./fitting.mjs";
import { roleLook } from "./lanes.mjs";
import { field } from "./run.mjs";
import { SPELL_SIGNS } from "./spells.mjs";

/**
 * @typedef {import("./run.mjs").Run} Run
 * @typedef {import("./run.mjs").RunEvent} RunEvent
 * @typedef {import("./state.mjs").States} States
 * @typedef {import("./lanes.mjs").Geometry} Geometry
 */

/** Looks of a lane's head that are not bold. */
const LIGHT_LOOKS = ["follower", "scripted"];

/** The names of the lanes, and above each which role and term its server is in at a moment. */
export class Heads {
  /**
   * @param {Run} run
   * @param {States} states
   * @param {HTMLElement} host
   */
  constructor(run, states, host) {
    this.run = run;
    this.states = states;
    this.host = host;
    this.roles = run.names.map(() => el("span", { class: "role-now" }));
    this.room = 0;
  }

  /** Places the names anew. @param {Geometry} geometry */
  arrange({ gutter, laneWidth, isNarrow }) {
    this.room = laneWidth - (isNarrow ? 2 : 16);
    const cells = this.run.names.map((name, node) => {
      const cell = el("div", { class: "head" }, el("b", {}, name), this.roles[node]);
      cell.style.left = `${gutter + node * laneWidth}px`;
      cell.style.width = `${laneWidth}px`;
      return cell;
    });
    this.host.replaceChildren(...cells);
  }

  /** Says what each server is after an event. @param {RunEvent} event */
  showAt({ record, effects }) {
    const end = Math.max(record, effects.at(-1) ?? record);
    for (const [node, role] of this.roles.entries()) {
      const { look, choices } = this.#wordsFor(node, end);
      role.className = `role-now ${look}`;
      role.textContent = firstFitting(choices, this.room, LIGHT_LOOKS.includes(look) ? "head" : "headBold");
    }
  }

  /**
   * @param {number} node
   * @param {number} record
   * @returns {{ look: string, choices: string[] }} the longest words first
   */
  #wordsFor(node, record) {
    const pause = this.#pauseOf(node, record);
    if (pause !== undefined) {
      const sign = SPELL_SIGNS[pause];
      return { look: pause, choices: [`${sign} ${pause}`, sign] };
    }
    if (this.run.data.scripted.includes(node))
      return { look: "scripted", choices: ["played by the test", "by the test", "test"] };
    const status = this.states.statusAfter(node, record);
    if (status === undefined || this.run.isClient(node)) return { look: "", choices: [""] };
    const { name, sign } = roleLook(String(field(status, "role") ?? ""));
    const term = String(field(status, "currentTerm"));
    return {
      look: name,
      choices: [`${sign} ${name}, term ${term}`, `${sign} ${name} ${term}`, `${sign} ${term}`],
    };
  }

  /** Why a node does nothing at a moment, if it does nothing. @param {number} node @param {number} record */
  #pauseOf(node, record) {
    const spell = this.run.data.spells.find(
      ({ node: where, kind, from, to }) =>
        where === node &&
        (kind === "stopped" || kind === "frozen") &&
        from <= record &&
        (to < 0 || record < to),
    );
    return spell?.kind;
  }
}
