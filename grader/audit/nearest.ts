/** Names that are so many letters away from what was typed may have been meant. */
const LETTERS_MAX = 2;
const NAMES_MAX = 5;

/** The known names that are nearest to a mistyped one, at most five; none if nothing is near, be it upper or lower case. */
export function nearest(typed: string, known: readonly string[]): string[] {
  // Of a short name half its letters may be wrong by chance, and of “E99” each E… is near.
  const max = Math.min(LETTERS_MAX, Math.floor(typed.length / 3));
  const near = known
    .map((name) => ({ name, letters: lettersBetween(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ letters }) => letters <= max);
  const best = Math.min(...near.map(({ letters }) => letters));
  return near
    .filter(({ letters }) => letters === best)
    .slice(0, NAMES_MAX)
    .map(({ name }) => name);
}

/** Letters to insert, leave out or change (Levenshtein). */
function lettersBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(row[j] + (letter === b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    row = next;
  }
  return row[b.length];
}
