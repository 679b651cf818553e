/** Characters that one piece of text may have: a submission must not make the report of a class unreadable. */
const TEXT_CHARS_MAX = 8_000;

/**
 * Characters that are not seen but change what is: controls, bidirectional overrides, zero-width marks, lone surrogates
 * and odd line breaks. Line feed and tab are layout; the joiners and the soft hyphen belong to written languages.
 */
const UNSEEN = /(?!\n|\t|\u00ad|\u200c|\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** More accents than any language puts on a letter: they would run over the lines around. */
const PILE_OF_ACCENTS = /(\p{M}{4})\p{M}+/gu;

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

/** The text with its unseen characters written out, as "\u{202e}", and not too long. */
export function visible(text: string): string {
  const rest = text.length - TEXT_CHARS_MAX;
  const short = rest <= 0 ? text : `${text.slice(0, TEXT_CHARS_MAX)} … (${rest} more characters)`;
  return short.replaceAll("\r\n", "\n").replace(PILE_OF_ACCENTS, "$1").replace(UNSEEN, codePointWords);
}

function codePointWords(sign: string): string {
  return `\\u{${sign.codePointAt(0)?.toString(16)}}`;
}
