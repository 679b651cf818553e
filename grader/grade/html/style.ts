import { LABS_STYLE } from "./labs-style";
import { NARROW } from "./narrow";
import { PALETTE } from "./palette";
import { PRINT } from "./print";

const PAGE = `
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 2rem clamp(0.875rem, 3vw, 2.5rem) 4rem; max-width: 100rem; background: var(--ground); color: var(--ink); overflow-wrap: break-word; }
h1, h2, h3, h4, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.25rem); line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: 1.4rem; line-height: 1.25; letter-spacing: -0.01em; margin: 2.75rem 0 0.9rem; }
h3 { font-size: 1.25rem; line-height: 1.3; min-width: 0; overflow-wrap: anywhere; }
h4 { font-size: 0.95rem; line-height: 1.4; }
ul { list-style: none; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 0.06em; }
a:hover { text-decoration-thickness: 0.12em; }
:focus-visible { outline: 0.19rem solid var(--link); outline-offset: 0.13rem; border-radius: 0.2rem; }
summary { cursor: pointer; }
.muted { color: var(--muted); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.scroll { overflow-x: auto; position: relative; }
.number, .route, .time, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.number { font-size: 0.9em; font-weight: 600; }
table { border-collapse: collapse; }
th { text-align: start; font-weight: 600; }
svg.bar { display: block; height: 0.375rem; width: 100%; border-radius: 0.2rem; overflow: hidden; }
svg.bar .whole { fill: var(--bar-ground); }
svg.bar .part { fill: var(--bar); }
svg.bar.bad .part { fill: var(--failed); }
.mark { display: inline-block; flex: none; width: 1.45em; line-height: 1.45em; border-radius: 0.25em; text-align: center; font-weight: 700; font-size: 0.9em; }
.mark.passed, .cell.passed { background: var(--passed); color: var(--passed-ink); }
.mark.failed, .cell.failed { background: var(--failed); color: var(--failed-ink); }
.mark.not-written, .cell.not-written { background: var(--not-written); color: var(--not-written-ink); }
.mark.not-run, .cell.not-run { background: var(--not-run); color: var(--not-run-ink); }
.mark.error, .cell.error { background: var(--error); color: var(--error-ink); }
.not-graded { color: var(--error-text); font-weight: 600; }
.points .not-graded { font-size: 0.875rem; white-space: nowrap; }
`;

const OVERVIEW = `
.figures { display: flex; flex-wrap: wrap; gap: 0.6rem 2.5rem; margin-bottom: 1.1rem; }
.figures dt { color: var(--muted); font-size: 0.85rem; }
.figures dd { color: var(--muted); font-size: 0.875rem; }
.figures b { color: var(--ink); font-size: 1.65rem; line-height: 1.2; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; margin-bottom: 0.7rem; font-size: 0.85rem; color: var(--muted); }
table.class { width: 100%; }
table.class tr { border-bottom: 1px solid var(--line); }
table.class th, table.class td { padding: 0.55rem 1rem 0.6rem 0; vertical-align: top; }
table.class thead th { padding-bottom: 0.25rem; font-size: 0.85rem; color: var(--muted); vertical-align: bottom; }
table.class th:first-child { width: 11rem; min-width: 8rem; overflow-wrap: anywhere; }
table.class tbody th a { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; line-clamp: 4; overflow: hidden; }
table.class td:last-child, table.class th:last-child { padding-right: 0; }
table.class .points { width: 6.5rem; min-width: 5rem; font-variant-numeric: tabular-nums; }
table.class .points svg { margin-top: 0.3rem; }
table.class .look { margin-top: 0.3rem; font-size: 0.875rem; color: var(--muted); overflow-wrap: anywhere; }
table.class .look { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden; }
table.class .look:first-child { margin-top: 0; }
table.class .look strong { color: var(--ink); }
table.class .look strong.not-graded { color: var(--error-text); }
.strip { display: flex; gap: 0.35rem; max-width: 80rem; }
.task { display: flex; gap: 1px; }
.cell { flex: none; width: clamp(0.8rem, 1.15vw, 1.5rem); height: 1.5rem; line-height: 1.5rem; border-radius: 0.2rem; text-align: center; font-size: 0.8rem; font-weight: 700; text-decoration: none; }
a.cell:hover { box-shadow: 0 0 0 0.12rem var(--ink); }
.ruler .cell { height: auto; line-height: 1.2; font-weight: 600; font-size: 0.7rem; letter-spacing: -0.03em; text-align: start; white-space: nowrap; }
footer.page { margin-top: 3rem; font-size: 0.875rem; }
#most-failed > .muted { max-width: 80ch; margin-bottom: 0.9rem; font-size: 0.925rem; }
.most { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 0.9rem 3rem; }
.most li { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0.2rem 1.25rem; }
.most .count { font-variant-numeric: tabular-nums; }
.most .who { font-size: 0.875rem; overflow-wrap: anywhere; }
.most + details, #most-failed details { margin-top: 0.9rem; }
#most-failed details .most { margin-top: 0.9rem; }
`;

const STUDENT = `
#tools { display: flex; flex-wrap: wrap; gap: 0.6rem 1.2rem; align-items: center; }
#tools input, #tools button { font: inherit; font-size: 0.9rem; padding: 0.3rem 0.7rem; color: inherit; background: var(--raised); border: 1px solid var(--muted); border-radius: 0.35rem; }
#tools input::placeholder { color: var(--muted); opacity: 1; }
section.student { margin-top: 2rem; padding-top: 1.1rem; border-top: 2px solid var(--line); }
section.student > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 1.5rem; margin-bottom: 0.9rem; }
section.student:target > header { background: var(--raised); box-shadow: 0 0 0 0.6rem var(--raised); }
a.self { color: inherit; text-decoration: none; }
a.self:hover { text-decoration: underline; }
a.up { margin-left: auto; font-size: 0.875rem; }
.score { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.6rem; font-variant-numeric: tabular-nums; }
.score svg { width: 6rem; align-self: center; }
.banner { margin-bottom: 0.9rem; padding: 0.7rem 1rem; border-inline-start: 0.3rem solid var(--error); background: var(--error-wash); border-radius: 0.25rem; }
.group { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: 0.3rem 1.5rem; padding: 0.4rem 0; border-top: 1px solid var(--line); }
.group-head .muted { font-size: 0.825rem; }
.test { margin-bottom: 0.7rem; border: 1px solid var(--line); border-inline-start: 0.25rem solid var(--failed); border-radius: 0.35rem; }
.test.error { border-inline-start-color: var(--error); }
.test:target { outline: 0.15rem solid var(--failed); outline-offset: 0.15rem; }
.test > summary { display: flex; gap: 0.6rem; align-items: baseline; padding: 0.45rem 0.8rem; background: var(--raised); border-radius: 0.3rem; list-style: none; }
.test > summary::-webkit-details-marker { display: none; }
.test > summary::before { content: "▸"; content: "▸" / ""; color: var(--muted); width: 0.7em; flex: none; }
.test[open] > summary::before { content: "▾"; content: "▾" / ""; }
.test > summary .title { flex: 1; font-weight: 600; min-width: 0; }
.worth { color: var(--muted); font-size: 0.875rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.story { padding: 0.6rem 0.8rem 0.75rem; }
.headline { color: var(--failed-text); font-weight: 600; text-wrap: pretty; white-space: pre-wrap; overflow-wrap: anywhere; }
.error .headline { color: var(--error-text); }
.excerpt { width: 100%; margin: 0.55rem 0 0.2rem; font-size: 0.875rem; line-height: 1.45; }
.excerpt thead { color: var(--muted); font-size: 0.8rem; }
.excerpt th, .excerpt td { padding: 0.22rem 1.2rem 0.22rem 0.5rem; vertical-align: baseline; text-align: start; overflow-wrap: anywhere; }
.excerpt tr { border-bottom: 1px solid var(--line); }
.excerpt th:first-child, .excerpt .time { text-align: end; white-space: nowrap; width: 1%; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
.excerpt .time { font-size: 0.95em; }
.excerpt .event { width: 22.5rem; }
.route { display: inline-block; min-width: 8ch; font-size: 0.95em; white-space: pre-wrap; }
.excerpt .wrong { background: var(--failed-wash); box-shadow: inset 0.2rem 0 0 var(--failed); }
.wrong-tag { color: var(--failed-text); white-space: nowrap; }
.facts { display: grid; gap: 0.2rem; margin-top: 0.6rem; font-size: 0.925rem; }
.facts div { display: grid; grid-template-columns: 4.4rem minmax(0, 1fr); }
.facts dt { color: var(--muted); }
.facts dd { overflow-wrap: anywhere; max-width: 80ch; }
.facts .next dd { font-weight: 600; }
.facts .note-of { display: block; }
.facts .seed dd, .facts .shrunk dd, .facts .replay dd, .facts .mended dd { color: var(--muted); font-variant-numeric: tabular-nums; }
.quiet { color: var(--muted); font-size: 0.925rem; }
.quiet > summary { overflow-wrap: anywhere; }
section.student h2 { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.note { margin-bottom: 0.9rem; padding: 0.5rem 0.8rem; max-width: 80ch; background: var(--raised); border-radius: 0.35rem; }
.at-a-glance { margin-bottom: 1.2rem; }
.at-a-glance .cell { width: clamp(1.05rem, 1.5vw, 1.5rem); }
.withheld { padding: 0 0.4em; border: 1px solid var(--line); border-radius: 0.25em; font-size: 0.8rem; }
.quiet ul { margin: 0.3rem 0 0.6rem 0.5rem; padding-inline-start: 0.9rem; border-inline-start: 1px solid var(--line); }
.quiet li:target { background: var(--not-written); color: var(--not-written-ink); }
pre { margin: 0.5rem 0; padding: 0.7rem 0.9rem; max-height: 30rem; overflow: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 0.35rem; font-size: 0.85rem; line-height: 1.45; tab-size: 4; }
`;

/** The style sheet of a report. */
export const STYLE = [PALETTE, PAGE, OVERVIEW, STUDENT, NARROW, LABS_STYLE, PRINT].join("");
