const STUB = /\bnew NotImplemented\(\s*["'`](\d+\.\d+)["'`]\s*\)/g;
const IMPORT_OF_STUBS = /\bimport\b[^"']*\bNotImplemented\b[^"']*\bfrom\b/;
/** The last line of an import: the one that says from where. */
const IMPORT_END = /^\s*(?:import\b.*|\}\s*from\s*)["'][^"']+["'];?\s*$/;

/** The tasks whose stubs are in a file, each once, in the order in which they are to be written. */
export function tasksWithStubs(lines: readonly string[]): string[] {
  const tasks = lines.flatMap((line) => [...line.matchAll(STUB)].map(([, task]) => task));
  return [...new Set(tasks)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/**
 * Who has written all stubs of a lab often takes the import away that only they needed, and so do editors. The next
 * lab's stubs need it again.
 * @param skeleton where to find the line
 * @returns the student's lines, with the import of NotImplemented below the other imports
 */
export function withImportOfStubs(lines: readonly string[], skeleton: readonly string[]): readonly string[] {
  const importLine = skeleton.find((line) => IMPORT_OF_STUBS.test(line));
  if (importLine === undefined || IMPORT_OF_STUBS.test(lines.join("\n"))) return lines;
  const place = lines.findLastIndex((line) => IMPORT_END.test(line)) + 1;
  return [...lines.slice(0, place), importLine, ...lines.slice(place)];
}
