/** The words in which suites are written. */
export { after, afterEach, before, beforeEach, describe, it } from "./language";
