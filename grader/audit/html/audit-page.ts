import { plural } from "../../../labs/kit/story/words";
import { type Html, html, nothing } from "../../grade/html/html";
import { figure } from "../../grade/html/overview";
import { page } from "../../grade/html/page";
import { verbatim } from "../../grade/html/story-block";
import type { Audit, LabAudit, SubjectAudit, VariantAudit } from "../audit";
import { limitsOf } from "../coverage";
import { judgementOf, median, sum, tallyOf, variantVerdict } from "../verdict";
import { lostWords, timeWords } from "../words";
import { linkTo, mutantId } from "./ids";
import { matrix, matrixLegend } from "./matrix";
import { AUDIT_SCRIPT } from "./script";
import { AUDIT_STYLE } from "./style";
import { worthTable } from "./worth-table";

/** An audit as one HTML file: which test catches which mutant, how soon, and what each test is worth. */
export function auditPage(audit: Audit): string {
  const rounds = audit.baseSeeds.length;
  const main = html`${overview(audit)}
${tools(audit)}
${audit.labs.map((lab) => labSection(lab, audit))}`;
  const subtitle = `Mutants and correct programs against the suites, ${plural(rounds, "round")}`;
  return page({ title: "Audit", subtitle, main, script: AUDIT_SCRIPT, style: AUDIT_STYLE });
}

function overview(audit: Audit): Html {
  const { labs, baseSeeds } = audit;
  const { survivors, elsewhere, unfair, lost } = judgementOf(audit);
  const mutants = labs.flatMap((lab) => lab.mutants);
  const variants = labs.flatMap((lab) => lab.variants);
  const tallies = mutants.map(tallyOf);
  const isWhole = ({ caught }: { readonly caught: number }): boolean => caught === baseSeeds.length;
  const seeds = tallies.flatMap(({ medianSeeds }) => medianSeeds ?? []);
  const worst = tallies.flatMap(({ worstSeeds }) => worstSeeds ?? []);
  const cpuMs = sum(
    [...mutants, ...variants].flatMap((subject) => subject.rounds),
    (round) => round.cpuMs,
  );
  return html`<section id="overview" aria-labelledby="overview-title"><h2 id="overview-title">In short</h2>
<dl class="figures">
${figure("Mutants caught", mutants.filter((mutant) => !survivors.includes(mutant) && !lost.includes(mutant)).length, `of ${mutants.length}, in every round`)}
${figure("By the intended test", tallies.filter(isWhole).length, `of ${mutants.length}`)}
${figure("Correct programs passed", variants.filter((variant) => !unfair.includes(variant) && !lost.includes(variant)).length, `of ${variants.length}`)}
${figure("Runs to detection", median(seeds) ?? "–", worst.length === 0 ? "" : `median; at worst ${Math.max(...worst)}`)}
${figure("CPU time", timeWords(cpuMs))}
</dl>
${alarms("Survived", survivors, "What did the suite not look at? Strengthen the intended test.")}
${alarms("Correct programs that were failed", unfair, "Is it the test that asks for more than the handout says, or is the program wrong?")}
${alarms("Without a result", lost, "The grader itself failed there.")}
${alarms("Caught, but not by the intended test in every round", elsewhere, "Strengthen that test, or say in the patch which one is meant.", "mild")}
<details class="seeds"><summary>Base seeds</summary><p>${baseSeeds.join(" ")}. With one of them as --base-seed, its round can be had again.</p></details>
</section>`;
}

function alarms(what: string, subjects: readonly SubjectAudit[], next: string, kind = ""): Html {
  if (subjects.length === 0) return nothing;
  const items = subjects.map((subject) => {
    const { lab, name } = subject;
    if (subject.kind === "variant")
      return html`<li><a href="${linkTo(correctId(lab))}">Lab ${lab}, ${name}</a></li>`;
    return html`<li><a href="${linkTo(mutantId(lab, name))}">Lab ${lab}, ${name}</a> ${subject.bug}</li>`;
  });
  return html`<div class="alarms ${kind}"><h3>${what}: ${subjects.length}</h3><ul>${items}</ul><p class="muted">${next}</p></div>`;
}

function tools({ labs }: Audit): Html {
  const ofLabs = labs.map(
    ({ lab }) => html`<label><input type="radio" name="lab" value="${lab}"> ${lab}</label>`,
  );
  const choice = html`<fieldset><legend>Lab</legend><label><input type="radio" name="lab" value="" checked> all</label>${ofLabs}</fieldset>
`;
  return html`<div id="tools" hidden>${labs.length > 1 ? choice : nothing}<label>Mutants <select id="mutant-order"><option value="urgency">what needs a look first</option><option value="order">by name</option><option value="slowest">slowest detection first</option></select></label>
<label>Tests <select id="test-order"><option value="order">in the suite’s order</option><option value="catches">most catches first</option><option value="only">most alone first</option><option value="cost">dearest first</option></select></label></div>`;
}

function labSection(labAudit: LabAudit, audit: Audit): Html {
  const { lab, title, mutants, variants } = labAudit;
  const limits = limitsOf(labAudit, audit);
  return html`<section data-lab="${lab}" aria-labelledby="lab-${lab}"><h2 id="lab-${lab}">${title}</h2>
${limits.length === 0 ? nothing : html`<p class="lede partial"><b>Not the whole audit:</b> ${limits.join(", ")}.</p>`}
${mutants.length === 0 ? nothing : html`${matrixLegend}${matrix(labAudit)}`}
${variants.length === 0 ? nothing : correctPrograms(lab, variants)}
<h3>Which test earns its keep</h3>
${worthTable(labAudit, audit)}
</section>`;
}

function correctId(lab: string): string {
  return `correct-${lab}`;
}

function correctPrograms(lab: string, variants: readonly VariantAudit[]): Html {
  const good = variants.filter(({ rounds }) => rounds.every((round) => variantVerdict(round) === "passed"));
  const bad = variants.filter((variant) => !good.includes(variant));
  return html`<div id="${correctId(lab)}"><h3>Correct programs</h3>
<p class="correct">${good.length} of ${variants.length} passed every test in every round: ${good.map(({ name }) => name).join(", ") || "none"}.</p>
${bad.map(falseAlarms)}</div>`;
}

function falseAlarms({ name, rounds }: VariantAudit): Html {
  const words = rounds
    .filter((round) => variantVerdict(round) !== "passed")
    .flatMap((round) => {
      if (variantVerdict(round) === "lost") return [`base seed ${round.baseSeed}: ${lostWords(round)}`];
      return round.tests
        .filter(({ state }) => state !== "passed")
        .map(
          ({ number, state, seed, headline = "" }) =>
            `base seed ${round.baseSeed}: ${number} ${state} on seed ${seed}: ${headline}`,
        );
    });
  return html`<div class="alarms"><h4>${name}</h4>${verbatim(words.join("\n"), `How ${name} was failed`)}</div>`;
}
