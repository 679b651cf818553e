import { type Kind, wallsOf } from "./kinds";
import { surveyWithin } from "./survey";

/** Makes one survey, for a test that is somebody else. Its argument says within which walls. */
surveyWithin(wallsOf(process.argv[2] as Kind)).then((found) =>
  process.send?.(found, () => process.disconnect()),
);
