/** On paper: the class first, then each student on a page of its own, to be handed out. */
export const PRINT = `
@page { margin: 14mm; }
@media print {
  html { font-size: 9pt; }
  body { padding: 0; max-width: none; }
  #tools, a.up, #students > h2, .ruler, .test > summary::before { display: none; }
  a { color: inherit; text-decoration: none; }
  section.student { break-before: page; margin-top: 0; padding-top: 0; border-top: 0; }
  main > section.student { break-before: auto; }
  h2, h3, h4, .headline, summary { break-after: avoid; }
  tr, .test, .most li, .quiet { break-inside: avoid; }
  summary { list-style: none; }
  #most-failed details::details-content, .test::details-content { content-visibility: visible; }
  .scroll, pre { overflow: visible; max-height: none; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .group { grid-template-columns: 11rem minmax(0, 1fr); gap: 0.3rem 1rem; padding: 0.3rem 0; }
  .most { grid-template-columns: 1fr 1fr; gap: 0.7rem 1.5rem; }
  table.class th:first-child { width: 8rem; }
  table.class .points { width: 4.5rem; }
  .strip { flex-wrap: wrap; }
  .cell, .at-a-glance .cell { width: 1.15rem; height: 1.15rem; line-height: 1.15rem; }
  .mark, .cell, svg.bar, .banner, .test > summary, .excerpt .wrong { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
