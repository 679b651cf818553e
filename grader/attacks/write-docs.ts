import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../course/labs";
import { GROUPS } from "./catalogue";
import { withTables } from "./page";

/** Writes the tables of docs/what-the-grader-withstands.md from the catalogue. */
const PAGE = path.join(ROOT, "docs", "what-the-grader-withstands.md");
writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8"), GROUPS));
