import { printableLine } from "../tools/printable";
import type { Attack, Group, Line, Verdict } from "./attack";

/** Where the page has what is made from the catalogue. */
const BEGIN = "<!-- From the catalogue: npx ts-node grader/attacks/write-docs.ts -->";
const END = "<!-- End of what comes from the catalogue. -->";

const VERDICTS: readonly Verdict[] = ["no points", "fewer points", "no effect", "refused"];

/** @returns the page with its tables made anew */
export function withTables(page: string, groups: readonly Group[]): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The page has no “${BEGIN}” before “${END}” any more.`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${tables(groups)}\n${page.slice(end)}`;
}

function tables(groups: readonly Group[]): string {
  const all = groups.flatMap(({ lines }) => lines.flatMap(({ attacks }) => attacks));
  const open = all.filter((attack) => attack.open !== undefined);
  const count = `${all.length} submissions, by what they try:`;
  return [
    count,
    ...groups.map(overview),
    ...(open.length > 0 ? [holes(open)] : []),
    ...groups.map(details),
  ].join("\n\n");
}

function overview({ title, lines }: Group): string {
  return [
    `### ${title}`,
    "",
    "| | attack | what happens | verdict |",
    "|--:|---|---|---|",
    ...lines.map(row),
  ].join("\n");
}

function row({ number, title, happens, attacks }: Line): string {
  const counts = VERDICTS.map(
    (verdict) => [verdict, attacks.filter((a) => a.verdict === verdict).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => (attacks.length === count ? verdict : `${count} × ${verdict}`));
  return `| ${number} | ${title} | ${happens} | ${counts.join(", ")} |`;
}

function holes(open: readonly Attack[]): string {
  return [
    "### Known and not mended yet",
    "",
    ...open.map(({ id, does, open: today }) => `- \`${id}\` ${does}: ${today}.`),
  ].join("\n");
}

function details({ title, lines }: Group): string {
  const rows = lines.flatMap(({ attacks }) => attacks.map(detail));
  return [
    `<details><summary>${title}: each submission</summary>`,
    "",
    "```",
    ...rows,
    "```",
    "",
    "</details>",
  ].join("\n");
}

function detail({ id, verdict, does, open }: Attack): string {
  const what = open === undefined ? verdict : "OPEN";
  return `${id}  ${what.padEnd(13)} ${printableLine(does, 100)}`;
}
