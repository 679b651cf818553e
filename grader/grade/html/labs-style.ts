/** The overview of several labs: a column for each, and where there is no room for columns a block for each student. */
export const LABS_STYLE = `
.mark.not-handed-in { background: none; color: var(--muted); box-shadow: inset 0 0 0 1px var(--line); }
svg.bar.states .passed { fill: var(--bar); }
svg.bar.states .failed { fill: var(--failed); }
svg.bar.states .not-written { fill: var(--bar-open); }
svg.bar.states .error { fill: var(--error); }
svg.bar.swatch { display: inline-block; width: 1.4rem; height: 0.6rem; }
.all-labs { margin-top: 0.4rem; font-size: 0.925rem; }
table.labs { width: 100%; font-variant-numeric: tabular-nums; }
table.labs tr { border-bottom: 1px solid var(--line); }
table.labs th, table.labs td { padding: 0.55rem 1.25rem 0.6rem 0; vertical-align: top; }
table.labs thead th { font-size: 0.85rem; color: var(--muted); }
table.labs .lab-title { display: block; font-weight: 400; }
table.labs tbody th { min-width: 7rem; max-width: 14rem; overflow-wrap: anywhere; }
table.labs tbody bdi { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; line-clamp: 4; overflow: hidden; }
table.labs .lab, table.labs .total { width: 8.25rem; min-width: 5.5rem; }
table.labs .lab a { color: inherit; text-decoration-color: var(--muted); }
table.labs svg { margin-top: 0.3rem; }
table.labs .not-graded { font-size: 0.875rem; white-space: nowrap; }
table.labs .why { display: block; color: var(--failed-text); font-size: 0.85rem; white-space: nowrap; }
table.labs .look { padding-inline-end: 0; font-size: 0.875rem; overflow-wrap: anywhere; color: var(--muted); }
table.labs .look p { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden; }
table.labs tfoot tr { border-bottom: 0; }
table.labs tfoot .muted { display: block; font-size: 0.85rem; }
table.labs .lab-label { display: none; }
@media screen and (max-width: 62rem) {
  table.labs, table.labs tbody, table.labs tfoot, table.labs td, table.labs tbody th, table.labs tfoot th { display: block; }
  table.labs thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.labs tr { display: grid; grid-template-columns: repeat(auto-fit, minmax(3.1rem, 1fr)); gap: 0.5rem; padding: 0.8rem 0; }
  table.labs th, table.labs td, table.labs .lab, table.labs .total, table.labs tbody th { width: auto; min-width: 0; max-width: none; padding: 0; }
  table.labs th, table.labs .look { grid-column: 1 / -1; }
  table.labs tfoot td:last-child { display: none; }
  table.labs .why, table.labs .not-graded { white-space: normal; overflow-wrap: normal; }
  table.labs .lab-label { display: block; color: var(--muted); font-size: 0.85rem; }
}
@media print {
  table.labs th, table.labs td { padding-right: 0.8rem; }
  table.labs .lab, table.labs .total { width: auto; min-width: 4rem; }
}
`;
