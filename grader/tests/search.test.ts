import test from "tape";
import { type StateView, World } from "../../labs/kit";
import { Exploration, type Root, type SearchOptions, type SearchResult } from "../../labs/kit/search";
import { mutantsOf, referenceOf } from "../catalogue/catalogue";
import { labByNumber } from "../course/labs";
import { bundle } from "../submission/bundle";
import type { Submission } from "../submission/intake";
import { load } from "../submission/load";
import {
  type Allow,
  all,
  fromTerm,
  leads,
  noLeadersTimers,
  onlyElections,
  sendsEntries,
  timersOf,
  without,
} from "../suites/searching";

const LAB = labByNumber("2");

/** A search of Figure 8 on a program, stage by stage; no stage says what an election timer is called, or who votes for whom. */
class Figure8 {
  private constructor(
    private readonly exploration: Exploration,
    private roots: readonly Root[] | undefined = undefined,
  ) {}

  static async of(submission: Submission): Promise<Figure8> {
    const { makeHost } = load(await bundle(submission), LAB);
    const world = new World({ seed: 1, servers: 3, host: makeHost() });
    const figure = new Figure8(new Exploration(world, { commands: ["a", "b"] }));
    // (a) S1 leads and has taken “a”. (b) S2 leads and has taken “b”; “a” may have reached anybody by now, or nobody.
    await figure.reach({
      budget: { timers: 1, proposals: 1 },
      allow: timersOf("S1"),
      goal: (state) => leads(state, "S1") && state.count("proposals") === 1,
    });
    await figure.reach({
      budget: { timers: 1, proposals: 2 },
      allow: all(timersOf("S2"), onlyElections),
      goal: (state) => leads(state, "S2") && sendsEntries(state, "S2"),
    });
    return figure;
  }

  /** Goes on to where a goal is reached, if it is. */
  async reach(options: Partial<SearchOptions>): Promise<SearchResult> {
    const result = await this.search({ watchEvery: 0, ...options });
    if (result.end === "goal") this.roots = result.goals;
    return result;
  }

  search(options: Partial<SearchOptions>): Promise<SearchResult> {
    return this.exploration.search(
      { budget: {}, bounds: { depth: 20, states: 20_000 }, ...options },
      this.roots,
    );
  }

  get headline(): string {
    return this.exploration.found?.failure.story.headline ?? "nothing found";
  }
}

/** The mutant that commits entries of earlier terms by counting. */
function mutant(): Submission {
  const found = mutantsOf(LAB).find(({ id }) => id === "L01");
  if (found === undefined) throw new Error("There is no mutant L01.");
  return found.submission;
}

// (c) S1 stands once more.
const S1_AGAIN = { budget: { timers: 1 }, allow: all(timersOf("S1"), noLeadersTimers) };

test("Figure 8: search finds an entry of an earlier term that is committed by counting", async (t) => {
  const figure = await Figure8.of(mutant());
  const { end, violation, states, depth } = await figure.search({ ...S1_AGAIN, watchEvery: 4 });
  t.equal(end, "violation", figure.headline);
  t.match(
    figure.headline,
    /Only what is committed is applied \(Raft §5\.4\.2, Figure 8\)/,
    "the rule is that of Figure 8",
  );
  t.ok(
    depth <= 7 && (violation?.length ?? 99) <= 15,
    `${depth} steps from where two servers lead, ${violation?.length} from the beginning, among ${states} states`,
  );
});

test("Figure 8 to its end: what was committed so is overwritten, and two servers apply different entries", async (t) => {
  const figure = await Figure8.of(mutant());
  const hasApplied = (state: StateView): boolean => leads(state, "S1") && state.applied("S1") > 0;
  const keepsOut: Allow = ({ node }) => node !== "S2"; // and of what S2 has sent, its request for votes makes S1 step down
  const isNew: Allow = (step, state) => onlyElections(step, state) || fromTerm(3)(step, state);
  const allow = all(S1_AGAIN.allow, keepsOut, isNew);
  const applied = await figure.reach({ ...S1_AGAIN, allow, goal: hasApplied });
  t.equal(applied.end, "goal", "(c) S1 leads again and applies “a”");
  const { end, violation } = await figure.search({
    watchEvery: 0, // no oracle helps: what was applied is compared, and that is all
    budget: { timers: 1 },
    allow: all(timersOf("S2"), without("S1")),
  });
  t.equal(
    end,
    "violation",
    `(d) S2 leads again and applies “b”, ${violation?.length} steps from the beginning`,
  );
});

test("Figure 8: the reference stands the same searches", async (t) => {
  const figure = await Figure8.of(referenceOf(LAB));
  const { end, states } = await figure.search({ ...S1_AGAIN, watchEvery: 20 });
  t.ok(end === "exhausted" || end === "bounded", `${end}: ${figure.headline} in ${states} states`);
  const applied = await figure.reach({
    ...S1_AGAIN,
    goal: (state) => leads(state, "S1") && state.applied("S1") > 0,
  });
  t.notEqual(applied.end, "goal", "S1 does not apply “a” before it has an entry of its own term");
});
