import path from "node:path";

/** The top of the repository, where the graded tests are. */
const ROOT = path.join(__dirname, "..", "..");

/**
 * The command that replays a run file with the graded tests. It works where it is typed.
 * @param file in full, or seen from where this process is
 * @param from the folder in which the command will be typed, in full
 */
export function commandAtTop(file: string, from: string): string {
  const prefix = quoted(path.relative(from, ROOT) || ".");
  return `npm --prefix ${prefix} run replay -- ${quoted(path.relative(ROOT, path.resolve(file)))}`;
}

function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : JSON.stringify(word);
}
