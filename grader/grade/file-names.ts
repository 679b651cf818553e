/** File names may have 255 bytes, and a character up to four. */
const NAME_CHARS_MAX = 50;

/** Names that Windows keeps for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A file name for each student, without its extension: one part of a path, and no two alike even where case does not
 * matter. Whoever has a safe name gets exactly that one, so that nobody can be given somebody else's file by a name
 * that only becomes the same.
 */
export function fileNames(students: readonly string[]): string[] {
  const taken = new Set<string>();
  const names: string[] = new Array(students.length);
  const take = (index: number, wanted: string): void => {
    let name = wanted;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}-${n}`;
    taken.add(name.toLowerCase());
    names[index] = name;
  };
  const safe = students.map(safeName);
  for (const [index, name] of safe.entries()) {
    if (name === students[index] && !taken.has(name.toLowerCase())) take(index, name);
  }
  for (const [index, name] of safe.entries()) if (names[index] === undefined) take(index, name);
  return names;
}

/** Letters and digits of any script, and of signs those that mean nothing to any file system. */
function safeName(student: string): string {
  const plain = student.normalize("NFC").replace(/[^\p{L}\p{N}\p{M}._-]+/gu, "-");
  const short = [...plain].slice(0, NAME_CHARS_MAX).join("");
  const name = short.replace(/^[-.\p{M}]+|[-.]+$/gu, "");
  if (name === "") return "unnamed";
  return DEVICE.test(name) ? `student-${name}` : name;
}
