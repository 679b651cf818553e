/**
 * What a browser with scripts gets on top: one lab at a time, other orders, and a line that tells of the cell below the
 * pointer or the focus, which the arrow keys move, and shadows where a matrix goes on out of sight. The page is complete without it. It is a constant.
 */
export const AUDIT_SCRIPT = `"use strict";
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const tools = document.getElementById("tools");
tools.hidden = false;
for (const about of all(".about-cell")) about.hidden = false;

const showLab = (lab) => {
  for (const section of all("section[data-lab]")) section.hidden = lab !== "" && section.dataset.lab !== lab;
};
for (const choice of all("input[name=lab]")) choice.addEventListener("change", () => showLab(choice.value));

const showEdges = (frame) => {
  const { scrollLeft, scrollWidth, clientWidth, parentElement: edge } = frame;
  edge.style.setProperty("--names", frame.querySelector("thead th").offsetWidth + "px");
  edge.classList.toggle("more-left", scrollLeft > 1);
  edge.classList.toggle("more-right", scrollLeft + clientWidth < scrollWidth - 1);
};
for (const frame of all(".matrix-frame")) {
  frame.addEventListener("scroll", () => showEdges(frame), { passive: true });
  new ResizeObserver(() => showEdges(frame)).observe(frame);
}

const sortRows = (body, field) => {
  const value = (row) => Number(row.dataset[field]);
  body.append(...[...body.rows].sort((a, b) => value(a) - value(b)));
};
const onOrder = (id, selector) =>
  document.getElementById(id).addEventListener("change", (event) => {
    for (const body of all(selector)) sortRows(body, event.target.value);
  });
onOrder("mutant-order", ".matrix tbody");
onOrder("test-order", ".keep tbody");

const tell = (cell) => {
  const row = cell.parentElement;
  const table = cell.closest("table");
  const head = table.tHead.rows[0].cells[cell.cellIndex];
  table.closest(".matrix-block").querySelector(".about-cell").textContent = row.dataset.about + " · " + head.dataset.about + " · " + (cell.title || "passed: not caught");
};
let current;
const moveTo = (cell) => {
  if (current) current.tabIndex = -1;
  current = cell;
  cell.tabIndex = 0;
  cell.focus();
};
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -1e6], End: [0, 1e6] };
for (const table of all("table.matrix")) {
  table.setAttribute("role", "grid");
  const first = table.querySelector("td");
  if (first) first.tabIndex = 0;
  table.addEventListener("pointerover", (event) => { if (event.target.closest("td")) tell(event.target.closest("td")); });
  table.addEventListener("focusin", (event) => { if (event.target.matches("td")) tell(event.target); });
  table.addEventListener("click", (event) => { if (event.target.matches("td")) moveTo(event.target); });
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (step === undefined || !event.target.matches("td")) return;
    event.preventDefault();
    const rows = [...table.tBodies[0].rows];
    const at = (value, length) => Math.max(0, Math.min(length - 1, value));
    const row = rows[at(rows.indexOf(event.target.parentElement) + step[0], rows.length)];
    event.target.tabIndex = -1;
    moveTo(row.cells[1 + at(event.target.cellIndex - 1 + step[1], row.cells.length - 1)]);
  });
}
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target && target.closest("section[data-lab]");
  if (!section || !section.hidden) return;
  document.querySelector("input[name=lab][value='']").checked = true;
  showLab("");
  target.scrollIntoView();
};
addEventListener("hashchange", reveal);
`;
