import type { Attack, Line } from "../attack";
import { HONEST } from "../honest";
import { folder, raft } from "../submission";

/** Words that mean something to a browser, a terminal, a spreadsheet, or whoever reads a report by machine. */
const WORDS: readonly (readonly [does: string, words: string])[] = [
  ["markup and a script", "<script>alert(1)</script><img src=x onerror=alert(1)></style><!-- "],
  ["a javascript: link in Markdown", "[click](javascript:alert(1)) ![x](http://127.0.0.1/x) | a | b |"],
  ["a formula for a spreadsheet", "=HYPERLINK(1)+cmd|' /C calc'!A0"],
  ["XML’s control characters and ]]>", "]]><testcase name='1.1a'/>\\x00\\x01\\ufffe"],
  [
    "line breaks that forge TAP and YAML",
    "\\nok 1 - 1.1a\\nBail out!\\n  ---\\n  ...\\n1..1\\nRule    None.",
  ],
];

const thrown = ([does, words]: (typeof WORDS)[number], index: number): Attack => ({
  id: `36${String.fromCharCode("a".charCodeAt(0) + index)}`,
  does: `an error with ${does}`,
  submission: raft({ start: `const words = "${words}";\nthis.env.log(words);\nthrow new Error(words);` }),
  verdict: "no points",
  says: /threw Error: /,
});

const NAMES: readonly string[] = [
  "<img src=x onerror=alert(1)>",
  "=HYPERLINK(1)",
  "[x](javascript:alert(1))",
  "\x1b]0;title\x07red\u202e",
  "ana\nok 1 - forged\nBail out!",
  "x".repeat(255),
];

const called = (name: string, index: number): Attack => ({
  id: `36${String.fromCharCode("a".charCodeAt(0) + WORDS.length + index)}`,
  does: `a submission called ${JSON.stringify(name.slice(0, 40)).slice(1, -1)}`,
  called: name,
  submission: folder({ "raft.ts": HONEST }),
  verdict: "no effect",
});

export const REPORTS: Line = {
  number: 36,
  title: "Words that mean something to whoever reads the report",
  happens:
    "All that a submission wrote goes through one gate: markup is escaped, signs that are not seen are written out, one line stays one line. No CSV and no XML is written.",
  attacks: [...WORDS.map(thrown), ...NAMES.map(called)],
};
