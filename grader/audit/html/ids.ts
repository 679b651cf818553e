import { linkTo } from "../../grade/html/ids";

/** The id of a mutant's row. Names of patches and numbers of tests are our own, and plain. */
export function mutantId(lab: string, name: string): string {
  return `mutant-${lab}-${name}`;
}

/** The id of a test's row. */
export function testRowId(lab: string, number: string): string {
  return `test-${lab}-${number}`;
}

export { linkTo };
