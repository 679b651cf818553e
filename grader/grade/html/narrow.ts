/** Below this width there is no room for columns: rows become blocks. The tables keep their roles as attributes. */
export const NARROW = `
@media screen and (max-width: 71rem) {
  table.class, table.class tbody, table.class td, table.class tbody th { display: block; }
  table.class thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.class tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.35rem 1rem; padding: 0.7rem 0; }
  table.class th:first-child, table.class .points { width: auto; padding: 0; }
  table.class .points { text-align: end; }
  table.class .points svg { width: 6rem; margin-inline-start: auto; }
  table.class .tests { grid-column: 1 / -1; padding: 0; }
  .strip, .task { flex-wrap: wrap; }
  .strip { gap: 0.3rem 0.45rem; }
  .cell, .at-a-glance .cell { width: 1.5rem; }
  .at-a-glance .ruler { display: none; }
}
@media screen and (max-width: 44rem) {
  .group { grid-template-columns: minmax(0, 1fr); }
  .group-head { display: flex; gap: 0.8rem; align-items: baseline; }
  .most li { grid-template-columns: 4.5rem minmax(0, 1fr); gap: 0.2rem 0.9rem; }
  .excerpt, .excerpt tbody, .excerpt td { display: block; }
  .excerpt thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .excerpt tr { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr); padding: 0.3rem 0; }
  .excerpt td, .excerpt .event, .excerpt .time { width: auto; padding: 0 0.5rem; }
  .excerpt .event { font-weight: 600; }
  .excerpt .outcome { grid-column: 2; }
  .route { min-width: 0; padding-inline-end: 0.4ch; }
  .excerpt .outcome:empty { display: none; }
  .test > summary, .story { padding-inline: 0.6rem; }
}
`;
