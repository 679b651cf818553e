import { printable } from "../../tools/printable";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for a page, or for an attribute in double quotes. Whoever wrote the text decides nothing about the page. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
}

/** A page is safe by itself: it does not count on having been given printable words, as it usually is. */
export const visible = printable;
