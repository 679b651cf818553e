import { createHash } from "node:crypto";
import type { Basis } from "../class-result";
import { Html, html, nothing } from "./html";
import { STYLE } from "./style";

/** What makes one report different from another. */
export interface PageParts {
  /** "Lab 1 · Leader election" */
  readonly title: string;
  /** What sort of report it is, for the line below the title and the browser's tab. */
  readonly subtitle: string;
  readonly main: Html;
  /** A script of our own. No word of a submission is ever part of it. */
  readonly script?: string | undefined;
  /** How it was graded, for the foot of the page. */
  readonly basis?: Basis | undefined;
  /** Style of its own, after that of all reports. */
  readonly style?: string | undefined;
}

/** A report as one HTML file that needs nothing else, not even a server or a script. */
export function page({ title, subtitle, main, script, basis, style = "" }: PageParts): string {
  const wholeStyle = STYLE + style;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(wholeStyle, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} · ${subtitle.toLowerCase()}</title>
<style>${constant(wholeStyle)}</style>
</head>
<body>
<header class="page"><h1>${title}</h1><p class="muted">${subtitle}</p></header>
<main>
${main}
</main>
${basis === undefined ? nothing : html`<footer class="page muted">${basisWords(basis)}</footer>`}
${script === undefined ? nothing : html`<script>${constant(script)}</script>`}
</body>
</html>
`.markup;
}

/** "Graded with base seed 1, each test on as many seeds as its suite says, by release 0.1.0 of the course." */
function basisWords({ baseSeed, seeds, course }: Basis): string {
  const each =
    seeds === undefined ? "as many seeds as its suite says" : seeds === 1 ? "1 seed" : `${seeds} seeds`;
  return `Graded with base seed ${baseSeed}, each test on ${each}, by release ${course} of the course.`;
}

/** Text of our own that is no markup and must not be escaped. */
function constant(text: string): Html {
  return new Html(text);
}

/** Nothing may be loaded, sent or run, except the style and the script that stand in the page. */
function policy(style: string, script: string | undefined): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
