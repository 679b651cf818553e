import { printableName } from "../printable-name";
import { SubmissionProblem } from "../problem";

/** Names that would lead out of the folder into which somebody unpacks the archive, or mean different things to different programs. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\0/, "a NUL character"],
  [/\\/, "a backslash; names in archives are written with “/”"],
  [/^\//, "an absolute path"],
  [/^[A-Za-z]:/, "a drive letter"],
  [/(^|\/)\.\.(\/|$)/, "“..”, which leads out of the archive"],
];

/**
 * An entry's name as a plain path: "./a//b/" is "a/b".
 * @throws SubmissionProblem if no honest program writes such a name
 */
export function archivePath(name: string): string {
  const reason = REFUSED.find(([pattern]) => pattern.test(name))?.[1];
  if (reason !== undefined) {
    throw new SubmissionProblem(
      `Expected plain names in the archive; found “${printableName(name)}”, which has ${reason}. ` +
        "Pack the folder again with your system's own program, without special options.",
    );
  }
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}
