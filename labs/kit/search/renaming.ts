/** A way to call the servers: "S1" becomes the name of another server. */
export type Rename = (text: string) => string;

/** Clusters up to this size have all their renamings looked at: 3 servers have 6, 4 have 24. */
export const SYMMETRIC_SERVERS_MAX = 3;

/** Texts whose renamed form is remembered. */
const REMEMBERED_MAX = 10_000;

const NAME = /\bS\d+\b/g;

/** All permutations of the names of some servers, the identity first. */
export function renamingsOf(ids: readonly string[]): Rename[] {
  return permutations(ids).map((renamed, i) => {
    if (i === 0) return (text) => text;
    const names = new Map(ids.map((id, at) => [id, renamed[at]]));
    return remembering((text) => text.replace(NAME, (name) => names.get(name) ?? name));
  });
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}

function remembering(rename: Rename): Rename {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const renamed = rename(text);
    if (known.size < REMEMBERED_MAX) known.set(text, renamed);
    return renamed;
  };
}
