import type { ClassResult } from "./class-result";

export function htmlReport(_result: ClassResult): string {
  return "";
}
