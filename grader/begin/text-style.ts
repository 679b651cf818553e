/** A file's lines, and how it writes their ends. */
export interface StyledText {
  readonly lines: readonly string[];
  readonly lineEnd: "\n" | "\r\n";
  readonly endsWithNewline: boolean;
}

/** Takes a text apart, so that files of different systems can be compared line by line. */
export function styledText(text: string): StyledText {
  const windows = text.split("\r\n").length - 1;
  const all = text.split("\n").length - 1;
  const lines = text.split(/\r?\n/);
  const endsWithNewline = lines.at(-1) === "";
  return {
    lines: endsWithNewline ? lines.slice(0, -1) : lines,
    lineEnd: windows * 2 > all ? "\r\n" : "\n",
    endsWithNewline,
  };
}

/** Puts lines together in the style of another file. */
export function inStyleOf(lines: readonly string[], { lineEnd, endsWithNewline }: StyledText): string {
  return lines.join(lineEnd) + (endsWithNewline ? lineEnd : "");
}
