import type { Story, StoryLine } from "../../../labs/kit";
import { plural } from "../../../labs/kit/story/words";
import type { TestFailure } from "../../labgrader/result";
import { type Html, html, nothing } from "./html";

/** The order of all stories: where it led to, why that is wrong, what to ask next, how to see it again. */
const FACT_ORDER = ["Now", "Rule", "Next", "Seed", "Replay"] as const;
type FactName = (typeof FACT_ORDER)[number];

/** A line with a name in front: "Rule    …". */
interface Fact {
  readonly name: FactName | "Shrunk" | "Mended?";
  readonly words: string;
  /** What to know about it. */
  readonly note?: string;
}

/** Why a test failed, from its headline to the question that leads on. */
export function storyBlock(failure: TestFailure): Html {
  const story = failure.story === undefined ? toldInText(failure) : told(failure.story, failure);
  return html`${story}${diagramLink(failure)}`;
}

/** Whatever a file is called, it is one below the page's own folder. */
function diagramLink({ diagram }: TestFailure): Html {
  if (diagram === undefined) return nothing;
  const place = diagram.split("/").map(encodeURIComponent).join("/");
  return html`<p class="diagram"><a href="./${place}">Diagram</a> of the run: who sent what to whom, and what each server knew.</p>`;
}

/** Text whose line breaks and columns mean something: a compiler's message, a stack. */
export function verbatim(text: string, label: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${label}">${text}</pre>`;
}

function told(
  { headline, lines, figure, standing, rule, next, seed, servers, traceHash, shrunk }: Story,
  { replay, mended }: TestFailure,
): Html {
  return html`<p class="headline">${headline}</p>
${lines.length === 0 ? nothing : excerptTable(lines)}
${figure === undefined ? nothing : verbatim(figure.join("\n"), "What the clients saw, over time")}
${facts([
  { name: "Now", words: standing.length === 0 ? "" : `${standing.join("; ")}.` },
  { name: "Rule", words: rule ?? "" },
  { name: "Next", words: next ?? "" },
  { name: "Seed", words: `${seed}, ${servers} server${servers === 1 ? "" : "s"}, trace ${traceHash}` },
  ...(shrunk === undefined
    ? []
    : [{ name: "Shrunk", words: shrunkWords(shrunk, servers), note: SMALL } as const]),
  {
    name: "Replay",
    words: replay ?? "",
    note: shrunk === undefined ? "" : "This is the whole run, before it was made small.",
  },
  {
    name: "Mended?",
    words: mended ?? "",
    note: `Plays the ${shrunk === undefined ? "" : "small "}run that is shown here on the files as they are then.`,
  },
])}`;
}

const SMALL = "The events above are those of the small run.";

/** "from 1,240 events to 11, with 3 servers" */
function shrunkWords(
  { of, before, after, servers }: NonNullable<Story["shrunk"]>,
  wholeServers: number,
): string {
  const cluster = servers === wholeServers ? "" : `, with ${plural(servers, "server")}`;
  return `from ${before.toLocaleString("en")} ${of} to ${after.toLocaleString("en")}${cluster}`;
}

/** The same for failures that are plain text, but name their lines in the same way. */
function toldInText({ text, seed }: TestFailure): Html {
  const [headline, ...rest] = text.split("\n");
  const wordsOf = (name: FactName) =>
    rest
      .filter((line) => isNamed(line, name))
      .map((line) => line.slice(name.length).trim())
      .join("\n");
  const other = rest.filter((line) => !FACT_ORDER.some((name) => isNamed(line, name))).join("\n");
  const named = FACT_ORDER.map((name) => ({ name, words: wordsOf(name) }));
  const words = (fact: Fact) =>
    fact.words || (fact.name === "Seed" && seed !== undefined ? String(seed) : "");
  return html`<p class="headline">${headline}</p>
${other.trim() === "" ? nothing : verbatim(other, "Details")}
${facts(named.map((fact) => ({ ...fact, words: words(fact) })))}`;
}

function isNamed(line: string, name: FactName): boolean {
  return line.startsWith(`${name}  `);
}

function facts(all: readonly Fact[]): Html {
  const items = all
    .filter(({ words }) => words !== "")
    .map(
      ({ name, words, note = "" }) =>
        html`<div class="${name.toLowerCase().replace("?", "")}"><dt>${name}</dt><dd>${words}${note === "" ? nothing : html` <span class="note-of">${note}</span>`}</dd></div>`,
    );
  return items.length === 0 ? nothing : html`<dl class="facts">${items}</dl>`;
}

function excerptTable(lines: readonly StoryLine[]): Html {
  return html`<div class="scroll"><table class="excerpt" role="table">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time</th><th role="columnheader" scope="col">Event</th><th role="columnheader" scope="col">What the server does</th></tr></thead>
<tbody role="rowgroup">${lines.map(excerptRow)}</tbody></table></div>`;
}

function excerptRow({ time, event, outcome, isWrong }: StoryLine): Html {
  const wrong = isWrong ? html` <strong class="wrong-tag">← first wrong step</strong>` : nothing;
  return html`<tr role="row"${isWrong ? html` class="wrong"` : nothing}><td role="cell" class="time">${time}</td><td role="cell" class="event">${eventCell(event)}</td><td role="cell" class="outcome">${outcome}${wrong}</td></tr>
`;
}

/** "S1 → S2  RequestVote term 4" is a route and what goes along it; the kit sets two spaces between them. */
function eventCell(event: string): Html {
  const gap = event.indexOf("  ");
  if (gap === -1) return html`${event}`;
  return html`<span class="route">${event.slice(0, gap)}</span> ${event.slice(gap).trim()}`;
}
