import type { Line } from "../attack";
import { beside, MARKER_FILE } from "../submission";

const EVIL = `require("fs").writeFileSync("${MARKER_FILE}", "taken over");`;

export const CONFIGURATION: Line = {
  number: 7,
  title: "Configuration take-over",
  happens: "Only the lab’s own files are read, as text. No tool ever runs in a submission’s folder.",
  attacks: [
    {
      id: "07a",
      does: "a jest configuration with code in it",
      submission: beside({ "jest.config.cjs": EVIL, "jest.config.js": EVIL }),
      verdict: "no effect",
    },
    {
      id: "07b",
      does: "a tsconfig.json that sends the kit elsewhere, and a .swcrc",
      submission: beside({
        "tsconfig.json": '{ "compilerOptions": { "paths": { "../kit/*": ["./evil/*"] } } }',
        ".swcrc": '{ "jsc": { "paths": { "../kit/*": ["./evil/*"] } } }',
        "evil/contract.ts": EVIL,
      }),
      verdict: "no effect",
    },
    {
      id: "07c",
      does: "an .npmrc with node-options=--require ./evil.cjs",
      submission: beside({
        ".npmrc": "node-options=--require ./evil.cjs\n",
        "evil.cjs": EVIL,
        ".noderc": "--require ./evil.cjs",
      }),
      verdict: "no effect",
    },
    {
      id: "07d",
      does: "package.json scripts: preinstall, pretest, grade",
      submission: beside({
        "package.json": JSON.stringify({
          main: "evil.cjs",
          scripts: { preinstall: "node evil.cjs", pretest: "node evil.cjs", grade: "node evil.cjs" },
        }),
        "evil.cjs": EVIL,
      }),
      verdict: "no effect",
    },
    {
      id: "07e",
      does: "a babel configuration and a ts-node hook",
      submission: beside({
        "babel.config.js": EVIL,
        ".mocharc.cjs": EVIL,
        "register.js": EVIL,
        ".env": "NODE_OPTIONS=--require ./register.js",
      }),
      verdict: "no effect",
    },
  ],
};
