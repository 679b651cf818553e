import { LABS } from "./course/labs";
import { judge } from "./judge/judging";
import { inThisProcess, runSuite } from "./labgrader/runner";
import { bundle } from "./submission/bundle";
import { readSubmission } from "./submission/intake";
import { load } from "./submission/load";
import { suiteOf } from "./suites";

(async () => {
  const sub = await readSubmission(process.argv[2] ?? "/work/main/solutions", LABS[0]);
  for (let i = 0; i < 2; i++) {
    let t = performance.now();
    let c = process.cpuUsage();
    const { makeHost } = load(await bundle(sub), LABS[0]);
    await runSuite(suiteOf(LABS[0]), { baseSeed: 1, ...inThisProcess(makeHost) });
    let d = process.cpuUsage(c);
    console.log(
      "in-process",
      (performance.now() - t).toFixed(0),
      "ms cpu",
      (d.user / 1000) | 0,
      (d.system / 1000) | 0,
    );
    t = performance.now();
    c = process.cpuUsage();
    const g = await judge(sub, { baseSeed: 1 });
    d = process.cpuUsage(c);
    if (g.kind !== "graded") console.log(g);
    else
      console.log(
        g.result.points,
        g.result.tests
          .filter((t) => t.state !== "passed")
          .slice(0, 5)
          .map((t) => [t.number, t.failure?.text]),
        (performance.now() - t).toFixed(0),
        "ms; judge cpu",
        (d.user / 1000) | 0,
        (d.system / 1000) | 0,
      );
  }
})();
