import { visible } from "./visible";

/** Characters that a text outside of the data may have. */
const TEXT_CHARS_MAX = 4_000;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for a page, or for an attribute in double quotes. Line feeds stay; whoever wrote the text decides nothing else. */
export function escaped(text: string): string {
  const lines = text.slice(0, TEXT_CHARS_MAX).split("\n");
  return lines
    .map((line) => visible(line, TEXT_CHARS_MAX).replace(/[&<>"']/g, (sign) => ENTITIES[sign]))
    .join("\n");
}

/** Data as JSON that may stand in a script element: nothing in it can end the element, or be read as a comment. */
export function embeddedJson(data: unknown): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
