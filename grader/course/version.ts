import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./labs";

/** The release of the course, as package.json says it: "0.1.0". "unknown" if it does not. */
export function courseVersion(): string {
  const whole: unknown = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const version: unknown =
    typeof whole === "object" && whole !== null ? Reflect.get(whole, "version") : whole;
  return typeof version === "string" ? version : "unknown";
}
