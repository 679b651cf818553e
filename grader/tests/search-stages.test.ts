import test from "tape";
import { World } from "../../labs/kit";
import { Exploration } from "../../labs/kit/search";
import { referenceOf } from "../catalogue/catalogue";
import { LABS } from "../course/labs";
import { bundle } from "../submission/bundle";
import { load } from "../submission/load";
import { suiteOf } from "../suites";

test("the reference comes to the last stage of every search: none is there for nothing", async (t) => {
  const { search } = Exploration.prototype;
  let isOver: boolean | undefined;
  Exploration.prototype.search = async function (options, from) {
    const result = await search.call(this, options, from);
    isOver = options.goal === undefined;
    return result;
  };
  t.teardown(() => {
    Exploration.prototype.search = search;
  });
  for (const lab of LABS) {
    const { makeHost } = load(await bundle(referenceOf(lab)), lab);
    for (const { number, path, servers, clients, body } of suiteOf(lab).tests) {
      if (!path.some((title) => BLOCKS.includes(title))) continue;
      isOver = undefined;
      await body(new World({ seed: 1, servers: servers[0], clients, host: makeHost() }));
      t.equal(isOver, true, number);
    }
  }
});

/** The blocks of tests that search. */
const BLOCKS = ["Every order", "A crash before and after every write"];
