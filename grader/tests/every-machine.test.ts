import test from "tape";
import { EXIT } from "../tools/command-line";
import { allPoints, nothingLeft } from "./probes/graded-checks";
import { Command, type Machine, NO_BUBBLEWRAP, NO_NAMESPACES } from "./probes/grading";
import { IS_ROOT, whyNot } from "./probes/kinds";

const REDUCED = /^Isolation is reduced: /gm;

for (const isNobody of IS_ROOT ? [false, true] : [false]) {
  const who = IS_ROOT && !isNobody ? "root" : "an ordinary user";

  test(`${who} gets the same points within any walls, and is told once if they are reduced`, async (t) => {
    const kinds = [
      [(await whyNot("bubblewrap")) === undefined, {}, undefined],
      [(await whyNot("unshare")) === undefined, NO_BUBBLEWRAP, /bubblewrap does not work here/],
      [true, NO_NAMESPACES, /neither bubblewrap nor unshare works here/],
    ] as const;
    for (const [isHere, tools, words] of kinds) {
      if (!isHere) {
        t.skip(`${words ?? "bubblewrap"}: not on this machine`);
        continue;
      }
      const machine: Machine = { tools, isNobody };
      const [graded, checked] = await Promise.all([
        Command.grade(1, machine).ended,
        Command.check(machine).ended,
      ]);
      allPoints(t, graded);
      t.equal(checked.code, EXIT.passed, "the check passes");
      for (const ended of [graded, checked]) {
        t.equal(
          ended.output.match(REDUCED)?.length ?? 0,
          words === undefined ? 0 : 1,
          "told when and only when it is so",
        );
        t.ok(words === undefined || words.test(ended.output), "in which way");
        nothingLeft(t, ended);
      }
    }
  });
}
