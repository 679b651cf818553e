import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { type Test } from "tape";
import { diagramOf } from "..";
import { Browser, CHROMIUM, type Window } from "./browser";
import {
  doubleVote,
  type Failed,
  faultyRun,
  hostileRun,
  longRun,
  quietRun,
  scriptedRun,
  staleRead,
} from "./runs";

const WIDE: Window = { width: 1440, height: 900 };
const PHONE: Window = { width: 390, height: 844 };
/** Time of a processor, not of a clock: the machine may be busy with other tests. From the file to its first picture. */
const FIRST_PICTURE_MAX_MS = 4_000;
/** To draw what a key or a turn of the wheel has brought into view. */
const REDRAW_MAX_MS = 300;
const TURNS = 30;

const HEADING = `document.querySelector("#details h2").textContent`;
const SAID = `document.getElementById("live").textContent`;
const CHOSEN = `document.querySelector(".chosen")?.id`;
const count = (selector: string): string => `document.querySelectorAll(${JSON.stringify(selector)}).length`;
const middleOf = (selector: string): string =>
  `(() => { const { x, y, width, height } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect(); return [x + width / 2, y + height / 2]; })()`;

/** A test in a browser; skipped where there is none. What the page complains about fails it. */
function inBrowser(
  sentence: string,
  makeRun: () => Promise<Failed>,
  window: Window,
  body: (t: Test, browser: Browser) => Promise<void>,
): void {
  test(sentence, { skip: CHROMIUM === undefined && "no chromium on this machine" }, async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), "diagram-"));
    const browser = new Browser(CHROMIUM ?? "");
    try {
      const file = path.join(folder, "diagram.html");
      writeFileSync(file, diagramOf({ ...(await makeRun()), title: "1.3  A test" }));
      await browser.open(file, window);
      await browser.frame();
      await body(t, browser);
      t.deepEqual(browser.complaints, [], "the page complains about nothing");
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** Clicks the middle of an element. */
async function clickOn(browser: Browser, selector: string): Promise<void> {
  const [x, y] = (await browser.value(middleOf(selector))) as [number, number];
  await browser.click(x, y);
}

inBrowser(
  "the page opens at the first wrong step and shows all of it",
  doubleVote,
  WIDE,
  async (t, browser) => {
    t.match(String(await browser.value(HEADING)), /S3 → S2 +RequestVote term 4/);
    const details = String(await browser.value(`document.getElementById("details").textContent`));
    t.match(details, /first wrong step/);
    t.match(details, /candidateId"S3"/, "the fields of the message");
    t.match(details, /S2 before and after/, "the state");
    t.match(details, /sends Vote granted T4 to S3/, "what it did");
    t.equal(await browser.value(count(".event.wrong.chosen")), 1, "and marks it");
    t.equal(await browser.value(count(".head")), 3, "a lane for each server");
  },
);

inBrowser(
  "keys lead along a lane, between lanes, and along messages",
  doubleVote,
  WIDE,
  async (t, browser) => {
    const steps: readonly (readonly [key: string, isShifted: boolean, found: RegExp])[] = [
      ["ArrowUp", false, /S1 → S2 +RequestVote/],
      ["ArrowUp", true, /S1 → S2 +RequestVote T4/],
      ["ArrowUp", true, /S1 +timer “t” runs out/],
      ["ArrowDown", true, /S1 → S2 +RequestVote T4/],
      ["ArrowDown", true, /S1 → S2 +RequestVote term 4/],
      ["ArrowRight", false, /S3 +(timer|starts)/],
      ["ArrowLeft", false, /S2/],
      ["Home", false, /S1 +starts/],
      ["End", false, /S3 → S2|S2 → S/],
      ["w", false, /S3 → S2 +RequestVote term 4/],
      ["e", false, /S1 +timer “t” runs out/],
      ["E", true, /S3 → S2 +RequestVote term 4/],
    ];
    await browser.value(`document.getElementById("scroller").focus()`);
    for (const [key, isShifted, found] of steps) {
      await browser.press(key, isShifted);
      t.match(String(await browser.value(HEADING)), found, `${isShifted ? "Shift " : ""}${key}`);
    }
    t.match(String(await browser.value(SAID)), /First wrong step\.$/, "what is chosen is said");
    const active = String(
      await browser.value(`document.getElementById("scroller").getAttribute("aria-activedescendant")`),
    );
    t.equal(await browser.value(CHOSEN), active, "and named to readers of the screen");
  },
);

inBrowser(
  "a click marks all that led to an event, and dims the rest",
  doubleVote,
  WIDE,
  async (t, browser) => {
    await browser.press("Escape");
    t.equal(await browser.value(`document.getElementById("details").hidden`), true, "Esc: nothing is chosen");
    await clickOn(browser, ".event.deliver:not(.wrong) .sign");

    t.match(String(await browser.value(HEADING)), /S1 → S2 +RequestVote term 4/);
    t.equal(await browser.value(count(".event.thread")), 3, "S1's start, its timer, and the delivery");
    t.ok(Number(await browser.value(count(".event.past"))) >= 1, "what else S2 had done");
    t.ok(Number(await browser.value(count(".event.dim"))) >= 2, "all of S3 is dimmed");
    t.equal(await browser.value(count(".message.thread")), 1);
    await browser.press("Escape");
    t.equal(await browser.value(count(".dim")), 0, "Esc ends that");
    await browser.press("Enter");
    t.equal(await browser.value(count(".event.thread")), 3, "Enter does the same as a click");
  },
);

inBrowser(
  "pointing at an event shows it, and leaving shows the chosen one again",
  doubleVote,
  WIDE,
  async (t, browser) => {
    const [x, y] = (await browser.value(middleOf(".event.start .sign"))) as [number, number];
    await browser.pointAt(x, y);
    t.match(String(await browser.value(HEADING)), /starts/);
    await browser.pointAt(1_400, 880);
    t.match(String(await browser.value(HEADING)), /S3 → S2/);
  },
);

inBrowser(
  "lines of the story, and causes in the panel, lead to events",
  doubleVote,
  WIDE,
  async (t, browser) => {
    await clickOn(browser, "#told li:nth-child(2) button");
    t.match(String(await browser.value(HEADING)), /S1 → S2 +RequestVote term 4/);
    await clickOn(browser, ".cause button");
    t.match(String(await browser.value(HEADING)), /S1 +timer/);
  },
);

inBrowser("the run is there as a list in words, too", doubleVote, WIDE, async (t, browser) => {
  await browser.press("l");
  const rows = await browser.value(
    `[...document.querySelectorAll("#list .row")].map((row) => row.textContent)`,
  );
  t.ok(
    (rows as string[]).some((row) =>
      /^22[.\d]* ms: S3 → S2 RequestVote term 4\. S2 grants S3 its vote\. First wrong step\.$/.test(row),
    ),
  );
  t.equal(
    await browser.value(`document.activeElement.getAttribute("aria-current")`),
    "true",
    "the focus is on the chosen event",
  );
  await browser.press("l");
  t.equal(await browser.value(`document.getElementById("list").hidden`), true);
});

inBrowser("keys of the story lead through the list, too", doubleVote, WIDE, async (t, browser) => {
  const current = `document.querySelector("#list [aria-current]").textContent`;
  await browser.press("l");
  await browser.press("e");
  t.match(String(await browser.value(current)), /Line 1 of the story/);
  await browser.press("w");
  t.match(String(await browser.value(current)), /First wrong step/);
});

inBrowser("above the lanes stands who was what at the chosen event", faultyRun, WIDE, async (t, browser) => {
  await clickOn(browser, "#told li:nth-child(3) button");
  const roles = `[...document.querySelectorAll(".role-now")].map((role) => role.textContent)`;
  t.match(String(await browser.value(HEADING)), /S1 +timer/);
  t.deepEqual(await browser.value(roles), ["▲ candidate, term 2", "❄ frozen", "○ follower, term 1"]);
});

inBrowser("what came later is dimmed, faults of the network too", faultyRun, WIDE, async (t, browser) => {
  await clickOn(browser, "#told li:nth-child(3) button");
  t.ok(Number(await browser.value(count(".event.world"))) > 2);
  await browser.press("Enter");
  const late = `[...document.querySelectorAll(".event.world")].filter((mark) =>
    mark.getBoundingClientRect().top > document.querySelector(".chosen").getBoundingClientRect().top)`;
  t.ok(Number(await browser.value(`${late}.length`)) >= 2);
  t.equal(await browser.value(`${late}.every((mark) => mark.classList.contains("dim"))`), true);
  t.match(String(await browser.value(SAID)), /^\d+ events? led straight to it; \d+ can have had/);
  await clickOn(browser, ".actions button");
  t.equal(await browser.value(count(".dim")), 0, "a button ends that, for those who do not know the key");
});

inBrowser("heartbeats that led to an event stand out like others", quietRun, WIDE, async (t, browser) => {
  await browser.press("f");
  await browser.value(`document.getElementById("scroller").focus()`);
  for (const key of ["End", "Enter"]) await browser.press(key);
  const widths = await browser.value(
    `[...document.querySelectorAll(".event.routine.thread .sign")].map((sign) => getComputedStyle(sign).strokeWidth)`,
  );
  t.ok((widths as string[]).length > 1);
  t.ok(
    (widths as string[]).every((width) => width === "3px"),
    String(widths),
  );
});

inBrowser(
  "labels stay in their lanes",
  () => longRun(1),
  WIDE,
  async (t, browser) => {
    await browser.press("Home"); // elections have the longest labels
    const lanes = `[...document.querySelectorAll(".head")].map((head) => head.getBoundingClientRect().right)`;
    const right = (await browser.value(lanes)) as number[];
    const labels = (await browser.value(
      `[...document.querySelectorAll(".event:not(.drop) .label, .chip rect")].map((label) => { const { left, right } = label.getBoundingClientRect(); return [left, right]; })`,
    )) as [left: number, right: number][];
    t.ok(labels.length > 20, `${labels.length} labels`);
    const over = labels.filter(([from, to]) => to > (right.find((edge) => from < edge) ?? 0) + 1);
    t.deepEqual(over, []);
  },
);

for (const width of [390, 500, 620])
  inBrowser(
    `the names of servers that the test plays stay in their lanes, ${width} pixels wide`,
    scriptedRun,
    { width, height: 800 },
    async (t, browser) => {
      const cut = await browser.value(
        `[...document.querySelectorAll(".head")].filter((head) => head.scrollWidth > head.clientWidth).map((head) => head.textContent)`,
      );
      t.deepEqual(cut, []);
      const words = await browser.value(
        `[...document.querySelectorAll(".role-now.scripted")].map((role) => role.textContent)`,
      );
      t.equal((words as string[]).length, 2);
      t.ok(
        (words as string[]).every((word) => ["played by the test", "by the test", "test"].includes(word)),
        String(words),
      );
    },
  );

inBrowser(
  "the drawing and its list write times as the story does",
  () => longRun(1),
  WIDE,
  async (t, browser) => {
    await browser.press("l");
    const list = String(await browser.value(`document.getElementById("list").textContent`));
    const times = (await browser.value(
      `[...document.querySelectorAll("#told time")].map((time) => time.textContent)`,
    )) as string[];
    t.ok(times.length > 0);
    for (const time of times) t.ok(list.includes(`${time}: `), time);
  },
);

inBrowser(
  "what is said of timers is no value of the program",
  () => longRun(1),
  WIDE,
  async (t, browser) => {
    await clickOn(browser, "#told li:first-child button");
    const state = String(await browser.value(`document.querySelector(".state").textContent`));
    t.match(state, /set at [\d.]+ ms/);
    t.doesNotMatch(state, /"set at/);
  },
);

inBrowser("a question mark shows the keys", doubleVote, WIDE, async (t, browser) => {
  await browser.press("?", true);
  t.equal(await browser.value(`document.getElementById("help").open`), true);
  t.ok(Number(await browser.value(count("#help dt"))) > 10);
});

inBrowser("heartbeats without news are folded, and unfold", quietRun, WIDE, async (t, browser) => {
  const folds = Number(await browser.value(count(".fold")));
  const before = Number(await browser.value(`document.querySelector("svg.canvas").getAttribute("height")`));
  t.ok(folds >= 1, `${folds} folds`);
  await clickOn(browser, ".fold .band-tag");
  const after = Number(await browser.value(`document.querySelector("svg.canvas").getAttribute("height")`));
  t.ok(after > before + 500, "a click unfolds");
  await browser.press("f");
  t.equal(
    Number(await browser.value(`document.querySelector("svg.canvas").getAttribute("height")`)),
    before,
    "f folds all",
  );
});

inBrowser(
  "operations of clients are bars with results, and the wrong one stands out",
  staleRead,
  WIDE,
  async (t, browser) => {
    t.equal(await browser.value(count(".operation .bar")), 2);
    t.equal(await browser.value(count(".operation.wrong")), 1);
    const words = await browser.value(
      `[...document.querySelectorAll(".operation-words")].map((words) => words.textContent)`,
    );
    t.deepEqual(words, ['put "k" "v"', "→ null", 'get "k"', "→ null"]);
  },
);

inBrowser("hostile words are shown, and do nothing", hostileRun, WIDE, async (t, browser) => {
  for (const key of ["Home", "ArrowDown", "ArrowDown", "ArrowRight", "w", "Enter", "l"])
    await browser.press(key);
  t.notEqual(await browser.value("document.title"), "taken");
  t.equal(await browser.value(count("img")), 0);
  t.equal(await browser.value(count("body script")), 2);
  t.ok(
    String(await browser.value(`document.getElementById("list").textContent`)).includes("<img src=x"),
    "they are text",
  );
});

inBrowser(
  "on a phone all fits its width, and details come up from below",
  doubleVote,
  PHONE,
  async (t, browser) => {
    t.equal(
      await browser.value("document.documentElement.scrollWidth <= innerWidth"),
      true,
      "nothing is wider",
    );
    await browser.press("w");
    const sheet = (await browser.value(
      `(() => { const { bottom, height, width } = document.getElementById("details").getBoundingClientRect(); return [bottom, height, width]; })()`,
    )) as number[];
    t.equal(sheet[0], PHONE.height, "at the bottom of the window");
    t.ok(sheet[1] < PHONE.height / 2, "over less than half of it");
    const y = Number(await browser.value(`document.querySelector(".chosen").getBoundingClientRect().top`));
    t.ok(y > 0 && y < PHONE.height - sheet[1], "and the event is in view above");
  },
);

inBrowser("on a phone each event of a long story comes into view", faultyRun, PHONE, async (t, browser) => {
  for (let line = 1; line <= 6; line++) {
    await browser.press("e");
    const [top, head, sheet] = (await browser.value(
      `[".chosen", "#heads", "#details"].map((part) => document.querySelector(part).getBoundingClientRect()).map(({ top, bottom }, i) => (i === 1 ? bottom : top))`,
    )) as number[];
    t.ok(top > head && top < sheet - 10, `line ${line}: ${top} is between ${head} and ${sheet}`);
  }
});

inBrowser(
  "a drawing that is far below what the window shows is no mistake",
  faultyRun,
  { width: 390, height: 100 },
  async (t, browser) => {
    const above = `document.querySelector("svg.canvas").getBoundingClientRect().top - innerHeight`;
    t.ok(Number(await browser.value(above)) > 500, "further than what is drawn in advance");
  },
);

inBrowser(
  "5,000 events: the first picture comes at once, and keys and the wheel are followed",
  () => longRun(5_000),
  WIDE,
  async (t, browser) => {
    const first = Math.round(1_000 * (await browser.busySeconds()));
    t.ok(first < FIRST_PICTURE_MAX_MS, `the first picture takes ${first} ms of work`);
    t.ok(Number(await browser.value(count("svg.canvas *"))) < 5_000, "only what is in view is there");
    await browser.press("f"); // the longest drawing: nothing is folded

    const costOf = async (act: (turn: number) => Promise<unknown>): Promise<number> => {
      const before = await browser.busySeconds();
      for (let turn = 0; turn < TURNS; turn++) {
        await act(turn);
        await browser.frame();
      }
      return Math.round((1_000 * ((await browser.busySeconds()) - before)) / TURNS);
    };
    const wheel = await costOf((turn) =>
      browser.value(`document.getElementById("scroller").scrollTop = ${2_000 * turn}`),
    );
    t.ok(wheel < REDRAW_MAX_MS, `a turn of the wheel costs ${wheel} ms`);
    const key = await costOf(() => browser.press("ArrowDown"));
    t.ok(key < REDRAW_MAX_MS, `a key costs ${key} ms`);
    await browser.press("Enter");
    const past = await costOf(() => browser.press("ArrowUp"));
    t.ok(past < 2 * REDRAW_MAX_MS, `a key with all causes marked costs ${past} ms`);
  },
);
