import { el, shape } from "./dom.mjs";
import { ROLES } from "./lanes.mjs";
import { sign } from "./marks.mjs";
import { SPELL_SIGNS } from "./spells.mjs";

/** What the signs mean: signs, and words. @returns {Node[]} */
export function legendRows() {
  const roles = Object.entries(ROLES).map(([name, look]) =>
    row(
      picture(
        shape("rect", { class: `role ${name}`, x: 14 - look.width / 2, y: 0, width: look.width, height: 18 }),
      ),
      `${look.sign} ${name}, and its term`,
    ),
  );
  const kinds = [
    ["deliver", "a message arrives"],
    ["timer", "a timer runs out"],
    ["start", "a server starts"],
    ["propose", "a command, or a client’s operation"],
    ["send", "the test sends a message"],
    ["fault", "a server stops"],
  ].map(([kind, words]) =>
    row(picture(shape("g", { class: `event ${kind}`, transform: "translate(14 9)" }, sign(kind))), words),
  );
  const ways = [
    ["vote", "votes"],
    ["append", "AppendEntries"],
    ["client", "clients"],
    ["append reply", "an answer is dashed"],
  ].map(([look, words]) =>
    row(
      picture(shape("g", { class: `message ${look}` }, shape("path", { class: "way", d: "M0 6L28 12" }))),
      words,
    ),
  );
  const lost = row(
    picture(
      shape(
        "g",
        { class: "message append" },
        shape("path", { class: "way lost", d: "M0 4L18 12" }),
        shape("path", { class: "cross", d: "M14 8l8 8m0-8l-8 8" }),
      ),
    ),
    "a message that does not arrive",
  );
  const spells = Object.entries(SPELL_SIGNS).map(([kind, mark]) =>
    row(picture(spellShape(kind)), `${mark} ${SPELL_WORDS[/** @type {keyof typeof SPELL_SIGNS} */ (kind)]}`),
  );
  const deeds = [
    row(picture(shape("path", { class: "deed write", d: "M9 4h7l3 3v7h-10Z" })), "it writes to its disk"),
    row(picture(shape("path", { class: "deed apply", d: "M8 9l4 4l7-8" })), "it applies entries"),
  ];
  const wrong = row(
    picture(
      shape(
        "g",
        { class: "event wrong", transform: "translate(14 9)" },
        shape("circle", { class: "halo", r: 8 }),
        sign("deliver"),
      ),
    ),
    "the first wrong step",
  );
  const term = row(
    picture(shape("text", { x: 14, y: 14, "text-anchor": "middle", fill: "currentColor" }, "T4")),
    "term 4",
  );
  return [...roles, term, ...kinds, ...deeds, wrong, ...ways, lost, ...spells];
}

/** @param {SVGElement} drawn */
function picture(drawn) {
  return shape("svg", { width: 28, height: 18, "aria-hidden": "true" }, drawn);
}

/** @param {SVGElement} drawn @param {string} words */
function row(drawn, words) {
  return el("p", { class: "legend-row" }, drawn, el("span", {}, words));
}

const SPELL_WORDS = {
  stopped: "stopped",
  frozen: "frozen: messages and timers wait",
  cut: "cut off from everybody, or in one direction",
  partly: "cut off from some",
  slow: "its messages take longer",
};

/** @param {string} kind */
function spellShape(kind) {
  const isEdge = kind === "slow" || kind === "partly";
  return shape("rect", {
    class: `spell ${kind}`,
    x: kind === "partly" ? 23 : 0,
    width: isEdge ? 5 : 28,
    height: 18,
    fill: isEdge ? undefined : `url(#hatch-${kind})`,
  });
}
