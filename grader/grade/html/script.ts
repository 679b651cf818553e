/**
 * What a browser with scripts gets on top: a filter, and one button for all stories. The page is complete without it.
 * It is a constant: nothing of a submission is ever part of it.
 */
export const SCRIPT = `"use strict";
const tools = document.getElementById("tools");
const all = (selector) => [...document.querySelectorAll(selector)];
const stories = () => all("details.test");
tools.hidden = false;
document.getElementById("filter").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const element of all("[data-student]")) element.hidden = !element.dataset.student.includes(wanted);
});
document.getElementById("fold").addEventListener("click", () => {
  const areOpen = stories().some((story) => story.open);
  for (const story of stories()) story.open = !areOpen;
});
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const story = target && target.closest("details");
  if (story) story.open = true;
};
addEventListener("hashchange", reveal);
addEventListener("beforeprint", () => { for (const fold of all("details.test, #most-failed details")) fold.open = true; });
reveal();
`;
