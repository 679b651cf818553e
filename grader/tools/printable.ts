/** Characters that one text may have: a submission must not make the report of a class unreadable. */
const TEXT_CHARS_MAX = 8_000;
/** Characters that a text on a single line may have. */
const LINE_CHARS_MAX = 1_000;

/**
 * Characters that are not seen but change what is: controls (a terminal's escape sequences begin with one),
 * bidirectional controls, zero-width marks, odd line breaks, lone surrogates, and what no XML file may hold.
 */
const UNSEEN = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]`;

/** Scripts that are written with joiners inside of words. */
const JOINING = `[${[
  "Arab",
  "Syrc",
  "Mong",
  "Deva",
  "Beng",
  "Guru",
  "Gujr",
  "Orya",
  "Taml",
  "Telu",
  "Knda",
  "Mlym",
  "Sinh",
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join("")}]`;

/** Where a character of that kind is layout, or part of a written word or a pictograph. */
const ALLOWED = [
  String.raw`[\n\t]`,
  String.raw`(?<=${JOINING})[\u200c\u200d](?=${JOINING})`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})`,
  String.raw`(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]`,
  String.raw`\ufe0f(?=\u20e3)`,
  String.raw`(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]`,
].join("|");

const TO_WRITE_OUT = new RegExp(`(?!${ALLOWED})${UNSEEN}`, "gu");

/** More accents than any language puts on a letter: they would run over the lines around. */
const PILE_OF_ACCENTS = /(\p{M}{4})\p{M}+/gu;

/** True for every text that {@link printable} would change, length aside. */
const NEEDS_CARE = new RegExp(String.raw`(?![\n\t])${UNSEEN}|\p{M}{5}`, "u");

/**
 * A text that somebody else wrote, for any report: characters that are not seen are written out, as "\u{202e}", and it
 * is not too long. Line feeds and tabs stay. What is printable already stays as it is.
 * @param charsMax the most that comes out, with the note on what was cut off
 */
export function printable(text: string, charsMax = TEXT_CHARS_MAX): string {
  if (text.length <= charsMax && !NEEDS_CARE.test(text)) return text;
  const head = cutAt(text, charsMax)
    .replaceAll("\r\n", "\n")
    .replace(PILE_OF_ACCENTS, "$1")
    .replace(TO_WRITE_OUT, codePointWords);
  return shortened(head, Math.max(0, text.length - charsMax), charsMax);
}

/** The same for a place that has one line: no line break gets through, not even a line feed. */
export function printableLine(text: string, charsMax = LINE_CHARS_MAX): string {
  return printable(text, charsMax).replaceAll("\n", "⏎").replaceAll("\t", " ");
}

/**
 * A copy of plain data in which every string is printable.
 * @param manyLines keys whose strings may have several lines; all others have one
 */
export function printableIn<T>(data: T, manyLines: readonly string[]): T {
  const copyOf = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return manyLines.includes(key) ? printable(value) : printableLine(value);
    if (Array.isArray(value)) return value.map((item) => copyOf(item, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part, name)]));
  };
  return copyOf(data, "") as T; // the same shape: only strings are exchanged, for strings
}

/**
 * @param shown text without unseen characters
 * @param missing characters that were cut off before
 */
function shortened(shown: string, missing: number, charsMax: number): string {
  if (missing === 0 && shown.length <= charsMax) return shown;
  const noteWords = (characters: number) => ` … (${characters} more characters)`;
  const room = Math.max(0, charsMax - noteWords(missing + shown.length).length);
  const head = cutAt(shown, room).replace(/\\u\{[0-9a-f]*$/, "");
  return head + noteWords(missing + shown.length - head.length);
}

/** The beginning of a text. No pair of surrogates is cut in two. */
function cutAt(text: string, chars: number): string {
  return text.length <= chars ? text : text.slice(0, chars).replace(/[\ud800-\udbff]$/, "");
}

function codePointWords(sign: string): string {
  return `\\u{${sign.codePointAt(0)?.toString(16)}}`;
}
