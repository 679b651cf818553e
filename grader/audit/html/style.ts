/** The colours of a detection, from the first run (1) to more than thirty (5): ink on ground, at least 4.5 : 1. */
const LIGHT = `
  --soon-1: #10562c; --soon-1-ink: #ffffff; --soon-2: #2b7a4b; --soon-2-ink: #ffffff; --soon-3: #93d3aa; --soon-3-ink: #0b3a1e;
  --soon-4: #c6e9d2; --soon-4-ink: #10562c; --soon-5: #ffeab3; --soon-5-ink: #664700; --edge: rgb(0 0 0 / 0.42);`;

const DARK = `
  --soon-1: #8fe3ae; --soon-1-ink: #08210f; --soon-2: #4fb377; --soon-2-ink: #08210f; --soon-3: #25693f; --soon-3-ink: #ffffff;
  --soon-4: #173d28; --soon-4-ink: #8fe3ae; --soon-5: #4b3b0e; --soon-5-ink: #f6d679; --edge: rgb(0 0 0 / 0.85);`;

/** What the page of an audit has besides the style of all reports. */
export const AUDIT_STYLE = `
:root {${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root {${DARK} } }
body { max-width: none; }
.lede { max-width: 75ch; margin-bottom: 1rem; }
#tools { margin: 1.2rem 0 0; }
#tools fieldset { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; margin: 0; padding: 0; border: 0; }
#tools legend { float: inline-start; margin-inline-end: 0.6rem; padding: 0; }
#tools select { font: inherit; font-size: 0.9rem; padding: 0.3rem 0.5rem; color: inherit; background: var(--raised); border: 1px solid var(--muted); border-radius: 0.35rem; }
.alarms { margin-bottom: 1rem; padding: 0.7rem 1rem; border-inline-start: 0.3rem solid var(--failed); background: var(--failed-wash); border-radius: 0.25rem; }
.alarms.mild { border-color: var(--bar-open); background: var(--raised); }
.alarms li { overflow-wrap: anywhere; }
section[data-lab] h3 { margin: 1.8rem 0 0.5rem; }
.alarms h3 { font-size: 1.05rem; }
.alarms pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.swatch { display: inline-block; min-width: 1.6em; padding: 0 0.3em; border-radius: 0.2em; text-align: center; font-weight: 700; font-size: 0.9em; }
.soon-1 { background: var(--soon-1); color: var(--soon-1-ink); } .soon-2 { background: var(--soon-2); color: var(--soon-2-ink); }
.soon-3 { background: var(--soon-3); color: var(--soon-3-ink); } .soon-4 { background: var(--soon-4); color: var(--soon-4-ink); }
.soon-5 { background: var(--soon-5); color: var(--soon-5-ink); }
.missed { background: var(--failed); color: var(--failed-ink); }
.meant { box-shadow: inset 0 0 0 0.13rem var(--ground), inset 0 0 0 0.26rem var(--ink); }
.swatch.meant { padding: 0.1em 0.5em; }
.partly { text-decoration: underline dotted; }
.partial { padding: 0.5rem 0.8rem; background: var(--raised); border-inline-start: 0.3rem solid var(--bar-open); border-radius: 0.25rem; }
.matrix-edge { position: relative; max-width: max-content; }
.matrix-edge::before, .matrix-edge::after { content: ""; position: absolute; z-index: 4; top: 1px; bottom: 1px; width: 1.4rem; opacity: 0; pointer-events: none; }
.matrix-edge::before { left: var(--names, 4.6rem); background: linear-gradient(to right, var(--edge), transparent); }
.matrix-edge::after { right: 1px; background: linear-gradient(to left, var(--edge), transparent); }
.matrix-edge.more-left::before, .matrix-edge.more-right::after { opacity: 1; }
.matrix-edge + p { margin-top: 0.5rem; font-size: 0.875rem; }
.matrix-frame { max-height: 85vh; overflow: auto; border: 1px solid var(--line); border-radius: 0.35rem; }
table.matrix { border-collapse: separate; border-spacing: 0; font-size: 0.75rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.matrix th, .matrix td { padding: 0; border-bottom: 1px solid var(--line); }
.matrix thead th { position: sticky; top: 0; z-index: 2; background: var(--raised); vertical-align: bottom; }
.matrix thead .test { writing-mode: vertical-rl; transform: rotate(180deg); padding: 0.35rem 0.15rem; font-weight: 600; text-align: start; border: 0; margin: 0; }
.matrix thead a { display: inline-block; color: inherit; text-decoration: none; }
.matrix thead a:hover { text-decoration: underline; }
.matrix tbody th { position: sticky; left: 0; z-index: 1; background: var(--ground); border-inline-end: 2px solid var(--muted); min-width: 24rem; max-width: 24rem; padding: 0.15rem 0.6rem 0.15rem 0.3rem; }
.matrix thead th:first-child { left: 0; border-inline-end: 2px solid var(--muted); z-index: 3; padding: 0.35rem 0.6rem; }
.matrix .bug { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 400; }
.matrix .name { display: flex; gap: 0.5rem; align-items: baseline; }
.matrix .name .number { flex: none; min-width: 2.8rem; }
.matrix td { width: 1.6rem; min-width: 1.6rem; height: 1.6rem; text-align: center; font-weight: 700; border-inline-start: 1px solid var(--line); }
.matrix td.unrun { background: var(--raised); }
.matrix td:focus-visible { outline-offset: -0.19rem; }
.matrix tbody tr:hover th { background: var(--raised); }
.about-cell { position: sticky; bottom: 0; z-index: 4; margin-top: 0.5rem; padding: 0.5rem 0.8rem; min-height: 2.6rem; background: var(--raised); border: 1px solid var(--line); border-radius: 0.35rem; font-size: 0.9rem; }
table.keep { width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.keep th, .keep td { padding: 0.3rem 1rem 0.3rem 0; vertical-align: baseline; text-align: start; }
.keep .figure { text-align: end; white-space: nowrap; }
.keep tr { border-bottom: 1px solid var(--line); }
.keep thead th { color: var(--muted); font-size: 0.85rem; vertical-align: bottom; }
.keep tbody th { font-weight: 400; min-width: 16rem; }
.keep .idle { color: var(--muted); }
.keep .names { font-size: 0.85rem; color: var(--muted); overflow-wrap: anywhere; min-width: 10rem; }
.keep tr:target, .matrix tr:target th { background: var(--not-written); color: var(--not-written-ink); }
.correct { overflow-wrap: anywhere; max-width: 110ch; }
details.seeds { margin-top: 0.6rem; font-size: 0.875rem; color: var(--muted); }
@media screen and (max-width: 62rem) {
  .matrix tbody th { min-width: 4.6rem; max-width: 4.6rem; }
  .matrix .bug { display: none; }
  .matrix .mark { display: none; }
  .matrix .name .number { min-width: 0; }
}
@media screen and (max-width: 44rem) {
  table.keep, .keep tbody, .keep td, .keep tbody th { display: block; }
  .keep thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .keep tr { display: grid; grid-template-columns: repeat(auto-fit, minmax(5.2rem, 1fr)); gap: 0.2rem 0.8rem; padding: 0.6rem 0; }
  .keep tbody th, .keep .names { grid-column: 1 / -1; min-width: 0; padding: 0; }
  .keep td { padding: 0; }
  .keep .figure { text-align: start; white-space: normal; }
  .keep td[data-label]::before { content: attr(data-label); display: block; color: var(--muted); font-size: 0.8rem; }
}
@media print { #tools, .about-cell, .matrix-edge::before, .matrix-edge::after { display: none; } .matrix-frame { max-height: none; overflow: visible; border: 0; } .matrix td { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
`;
