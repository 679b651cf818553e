/** Jest loads this before each test file. */
import { checkThatItLoads } from "./load-check";
import { toHaveResult, toSay } from "./matchers";
import * as peerMatchers from "./peer-matchers";

expect.extend({ toSay, toHaveResult, ...peerMatchers });

const { testPath } = expect.getState();
if (testPath !== undefined) checkThatItLoads(testPath);
