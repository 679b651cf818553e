/** Where two values first differ. */
export interface DataDifference {
  /** "entries.0.term"; empty if the values as a whole differ. */
  readonly path: string;
  readonly first: unknown;
  readonly second: unknown;
}

/**
 * The first place in which two values of plain data differ; undefined if they are the same. Fields in another order are
 * a difference too, of the names of the fields: whoever reads them one after the other sees it.
 */
export function dataDifference(first: unknown, second: unknown): DataDifference | undefined {
  if (Object.is(first, second)) return undefined;
  if (!isObject(first) || !isObject(second)) return { path: "", first, second };
  if (Array.isArray(first) && Array.isArray(second)) return listDifference(first, second);
  if (Array.isArray(first) || Array.isArray(second)) return { path: "", first, second };
  const [fields, others] = [Object.keys(first), Object.keys(second)];
  for (const field of fields) {
    const inner = dataDifference(Reflect.get(first, field), Reflect.get(second, field));
    if (inner !== undefined) return { ...inner, path: joined(field, inner.path) };
  }
  const more = others.find((field) => !fields.includes(field));
  if (more !== undefined) return { path: more, first: undefined, second: Reflect.get(second, more) };
  const isSameOrder = fields.every((field, i) => field === others[i]);
  return isSameOrder ? undefined : { path: "", first: fields, second: others };
}

/** Item by item, without their numbers as texts: a log on disk has many. */
function listDifference(first: readonly unknown[], second: readonly unknown[]): DataDifference | undefined {
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    const inner = dataDifference(first[i], second[i]);
    if (inner !== undefined) return { ...inner, path: joined(String(i), inner.path) };
  }
  // An item of undefined is no plain data; a list is then only longer.
  return first.length === second.length
    ? undefined
    : { path: "length", first: first.length, second: second.length };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function joined(field: string, path: string): string {
  return path === "" ? field : `${field}.${path}`;
}
