import { createHash } from "node:crypto";
import type { Story, StoryLine } from "../kit";
import type { Smaller } from "../kit/story/failure";
import { plural } from "../kit/story/words";
import type { DiagramData } from "./data";
import { embeddedJson, escaped } from "./markup";
import { pageScript, pageStyle } from "./page-files";

export interface DocumentParts {
  readonly data: DiagramData;
  readonly story: Story;
  readonly title: string;
  /** Sentences about the diagram; those that are undefined are left out. */
  readonly notes: readonly (string | undefined)[];
}

/** The page: the story as plain markup, which needs no script, and the drawing as data for a script of our own. */
export function documentOf({ data, story, title, notes }: DocumentParts): string {
  const [script, style] = [pageScript(), pageStyle()];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)} · diagram</title>
<style>${style}</style>
</head>
<body>
<header class="page">
<p class="where"><b>${escaped(title)}</b> <span>seed ${story.seed}, ${story.servers} server${story.servers === 1 ? "" : "s"}, trace ${escaped(story.traceHash)}</span></p>
<h1>${escaped(story.headline)}</h1>
${facts(story, notes)}
</header>
<main>
<section class="drawing" aria-label="Space-time diagram">
<div class="bar" id="bar" hidden></div>
<div class="heads" id="heads" aria-hidden="true"></div>
<div class="scroller" id="scroller"><noscript><p class="empty">The diagram itself is drawn by a script. What went wrong is told beside it.</p></noscript></div>
<div class="list" id="list" hidden></div>
</section>
<aside class="side">
<section class="details" id="details" aria-label="The chosen event" hidden></section>
${storyLines(story)}
${figure(story)}
<details class="faults" id="faults" hidden><summary></summary><ol></ol></details>
<details id="legend" hidden><summary>What the signs mean</summary><div></div></details>
</aside>
</main>
<p class="unseen" id="live" role="status" aria-live="polite"></p>
<dialog id="help" aria-label="Keys"></dialog>
<script type="application/json" id="data">${embeddedJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function facts({ rule, next, standing, shrunk }: Story, notes: DocumentParts["notes"]): string {
  const all: readonly (readonly [name: string, words: string | undefined])[] = [
    ["Rule", rule],
    ["Next", next],
    ["Now", standing.length === 0 ? undefined : `${standing.join("; ")}.`],
    ["Shrunk", shrunk && shrunkWords(shrunk)],
    ...notes.map((words) => ["Note", words] as const),
  ];
  const items = all
    .filter(([, words]) => words !== undefined && words !== "")
    .map(
      ([name, words]) =>
        `<div class="${name.toLowerCase()}"><dt>${name}</dt><dd>${escaped(words ?? "")}</dd></div>`,
    );
  return items.length === 0 ? "" : `<dl class="facts">${items.join("")}</dl>`;
}

function shrunkWords({ of, before, after, servers }: Smaller): string {
  return `This is a shorter run in which the same goes wrong, with ${plural(servers, "server")} and ${after.toLocaleString("en")} ${of}. The test’s own run had ${before.toLocaleString("en")}.`;
}

function storyLines({ lines }: Story): string {
  if (lines.length === 0) return "";
  return `<section class="told" aria-label="The story"><h2>What happened</h2><ol id="told">${lines.map(storyLine).join("")}</ol></section>`;
}

function storyLine({ time, event, outcome, isWrong }: StoryLine): string {
  const wrong = isWrong ? ` <strong class="wrong-tag">first wrong step</strong>` : "";
  const deed = outcome === "" ? "" : ` <span class="outcome">${escaped(outcome)}</span>`;
  return `<li${isWrong ? ' class="wrong"' : ""}><span class="line"><time>${escaped(time)}</time> <span class="event">${escaped(event)}</span>${deed}${wrong}</span></li>`;
}

function figure({ figure: lines }: Story): string {
  if (lines === undefined || lines.length === 0) return "";
  return `<details class="figure"><summary>What the clients saw, as a figure</summary><pre tabindex="0">${escaped(lines.join("\n"))}</pre></details>`;
}

/** Nothing may be loaded, sent or run, but the script and the style that stand in the page. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
