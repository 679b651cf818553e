/** Characters that are not seen but change what is: controls, bidirectional marks, odd line breaks, lone surrogates. */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** More accents than any language puts on a letter: they would run over the lines around. */
const PILE_OF_ACCENTS = /(\p{M}{4})\p{M}+/gu;

/** A text that somebody else wrote, for one line of a page: what is not seen is written out, as "\u{202e}", and it has an end. */
export function visible(text: string, charsMax: number): string {
  const head = text.length <= charsMax ? text : `${text.slice(0, charsMax).replace(/[\ud800-\udbff]$/, "")}…`;
  return head
    .replace(PILE_OF_ACCENTS, "$1")
    .replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}
