import { createHash } from "node:crypto";
import type { ClassResult } from "./class-result";
import { Html, html } from "./html/html";
import { entriesOf } from "./html/ids";
import { mostFailed } from "./html/most-failed";
import { overview } from "./html/overview";
import { SCRIPT } from "./html/script";
import { studentSection } from "./html/student-section";
import { STYLE } from "./html/style";

/**
 * The report of a grading as one HTML file that needs nothing else, not even a server or a script.
 * All words of a submission, its name too, are written by somebody who may want to be graded differently: they are
 * escaped by {@link html}, and the page's policy lets nothing run but the script that is known here.
 * @returns the text of the file; the same for the same result
 */
export function htmlReport(result: ClassResult): string {
  const entries = entriesOf(result);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${result.title} · grading report</title>
<style>${constant(STYLE)}</style>
</head>
<body>
<header class="page"><h1>${result.title}</h1><p class="muted">Grading report</p></header>
<main>
${overview(result, entries)}
${mostFailed(entries)}
<section id="students" aria-labelledby="students-title">
<h2 id="students-title">Student by student</h2>
<div id="tools" hidden><label>Show <input id="filter" type="search" placeholder="part of a name" autocomplete="off"></label><button id="fold" type="button">Fold or unfold all stories</button></div>
${entries.map((entry) => studentSection(entry, result.maxPoints))}</section>
</main>
<script>${constant(SCRIPT)}</script>
</body>
</html>
`;
  return page.markup;
}

/** Text of our own that is no markup and must not be escaped. */
function constant(text: string): Html {
  return new Html(text);
}

/** Nothing may be loaded, sent or run, except the style and the script that stand in the page. */
function policy(): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
