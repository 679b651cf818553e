import type { Attack, Group } from "./attack";
import { LEAVING } from "./lines/01-leaving";
import { KILLING } from "./lines/02-killing";
import { TEST_TOOLS } from "./lines/03-test-tools";
import { FORGED_OUTPUT } from "./lines/04-forged-output";
import { RESULTS } from "./lines/05-results";
import { INTRINSICS } from "./lines/06-intrinsics";
import { CONFIGURATION } from "./lines/07-configuration";
import { SHADOWING } from "./lines/08-shadowing";
import { WORKFLOW_COMMANDS } from "./lines/09-workflow-commands";
import { HIDDEN_FILES } from "./lines/10-hidden-files";
import { LINKS } from "./lines/11-links";
import { PROC } from "./lines/12-proc";
import { ESCAPES } from "./lines/13-escapes";
import { OUTSIDE } from "./lines/14-outside";
import { TELLING } from "./lines/15-telling";
import { SHARED_MEMORY } from "./lines/16-shared-memory";
import { MODULE_STATE } from "./lines/17-module-state";
import { LIVE_REFERENCES } from "./lines/18-live-references";
import { ENV } from "./lines/19-env";
import { NO_CAUSE } from "./lines/20-no-cause";
import { TIME_AND_CHANCE } from "./lines/21-time-and-chance";
import { RECOGNISING } from "./lines/22-recognising";
import { STATUS } from "./lines/23-status";
import { NO_DATA } from "./lines/24-no-data";
import { ODD_VALUES } from "./lines/25-odd-values";
import { TOO_MUCH } from "./lines/26-too-much";
import { ENDLESS } from "./lines/27-endless";
import { BOMBS } from "./lines/28-bombs";
import { SIGNALS } from "./lines/29-signals";
import { FLOODS } from "./lines/30-floods";
import { ODD_ERRORS } from "./lines/31-odd-errors";
import { TYPES } from "./lines/32-types";
import { ARCHIVES } from "./lines/33-archives";
import { GIT } from "./lines/34-git";
import { CARELESS } from "./lines/35-careless";
import { REPORTS } from "./lines/36-reports";

/** Everything that a hostile or careless submission does, as far as we know. */
export const GROUPS: readonly Group[] = [
  {
    title: "Forging the verdict",
    lines: [
      LEAVING,
      KILLING,
      TEST_TOOLS,
      FORGED_OUTPUT,
      RESULTS,
      INTRINSICS,
      CONFIGURATION,
      SHADOWING,
      WORKFLOW_COMMANDS,
    ],
  },
  {
    title: "Stealing hidden tests or seeds",
    lines: [HIDDEN_FILES, LINKS, PROC, ESCAPES, OUTSIDE, TELLING],
  },
  {
    title: "Cheating at Raft",
    lines: [
      SHARED_MEMORY,
      MODULE_STATE,
      LIVE_REFERENCES,
      ENV,
      NO_CAUSE,
      TIME_AND_CHANCE,
      RECOGNISING,
      STATUS,
    ],
  },
  { title: "Bad values", lines: [NO_DATA, ODD_VALUES, TOO_MUCH] },
  { title: "Denial of service", lines: [ENDLESS, BOMBS, SIGNALS, FLOODS, ODD_ERRORS, TYPES] },
  { title: "Packaging", lines: [ARCHIVES, GIT, CARELESS] },
  { title: "Reports", lines: [REPORTS] },
];

/** All attacks, in order. */
export const ATTACKS: readonly Attack[] = GROUPS.flatMap(({ lines }) =>
  lines.flatMap(({ attacks }) => attacks),
);
