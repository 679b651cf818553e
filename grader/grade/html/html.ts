import { escaped } from "./escape";

/** Markup that may stand in a page as it is. Only {@link html} makes it, so nothing gets into a page unescaped. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What a template may hold: words, which are escaped, and markup, which has been. */
export type Part = string | number | Html | readonly Html[];

/** Markup of no length, for a part that is left out. */
export const nothing = new Html("");

/**
 * A template of markup. Whatever stands in `${…}` is escaped, unless it is markup itself.
 * Parts stand in text or in double-quoted attributes; nowhere else is their escaping enough.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = strings.map((piece, i) => (i < parts.length ? piece + markupOf(parts[i]) : piece));
  return new Html(pieces.join(""));
}

/** Puts `separator` between pieces of markup. */
export function joined(pieces: readonly Html[], separator: string): Html {
  return new Html(pieces.map(({ markup }) => markup).join(escaped(separator)));
}

function markupOf(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return part.map(({ markup }) => markup).join("");
}
