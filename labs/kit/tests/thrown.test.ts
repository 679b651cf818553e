import test from "tape";
import { NotImplemented } from "..";
import { ContractBreach } from "../host/contract-breach";
import { troubleOf } from "../host/trouble";
import { storyOfPart } from "./helpers";

test("whatever is thrown gets a text", async (t) => {
  const throwing = async (thrown: unknown) => {
    const story = await storyOfPart({
      start() {
        throw thrown;
      },
    });
    return story.headline;
  };

  t.equal(await throwing("just words"), "S1 threw just words (not an Error)");
  t.equal(await throwing(undefined), "S1 threw undefined (not an Error)");
  t.equal(await throwing(Object.create(null)), "S1 threw an error that cannot be looked at");
  t.equal((await throwing(new Error("x".repeat(9_999)))).length, "S1 threw ".length + 500);
});

const UNSEEN = { kind: "threw", error: "an error that cannot be looked at" } as const;
const fails = (): never => {
  throw new Error("from within");
};

/** Things to throw that do not like to be looked at. */
const NASTY: readonly { readonly what: string; readonly thrown: () => unknown; readonly isSeen?: true }[] = [
  {
    what: "a proxy all of whose traps throw",
    thrown: () => new Proxy({}, new Proxy({}, { get: fails })),
  },
  { what: "a revoked proxy", thrown: revoked },
  {
    what: "a message that throws",
    thrown: () => Object.defineProperty(new Error("x"), "message", { get: fails }),
  },
  { what: "a name that throws", thrown: () => Object.defineProperty(new Error("x"), "name", { get: fails }) },
  {
    what: "a stack that throws",
    thrown: () => Object.defineProperty(new Error("x"), "stack", { get: fails }),
  },
  { what: "a toString that throws", thrown: () => ({ toString: fails }) },
  { what: "a toString of no text", thrown: () => ({ toString: () => ({}) }) },
  { what: "an object without a prototype", thrown: () => Object.create(null) },
  {
    what: "a TypeError with a symbol as message",
    thrown: () => Object.assign(new TypeError("x"), { message: Symbol("m") }),
  },
  {
    what: "a stub of a task that throws",
    thrown: () => Object.assign(new NotImplemented("1.1"), { task: { toString: fails } }),
  },
  { what: "a breach without trouble", thrown: () => Object.create(ContractBreach.prototype) },
  { what: "a symbol", thrown: () => Symbol("s"), isSeen: true },
  { what: "a function", thrown: () => fails, isSeen: true },
];

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

for (const { what, thrown, isSeen } of NASTY) {
  test(`whatever is thrown, the host tells it: ${what}`, async (t) => {
    const trouble = troubleOf(thrown(), "S1.start");
    if (isSeen) t.equal(trouble.kind, "threw");
    else t.deepEqual(trouble, UNSEEN);

    const story = await storyOfPart({
      start() {
        throw thrown();
      },
    });
    t.match(
      story.headline,
      isSeen ? /^S1 threw (.|\n)*\(not an Error\)/ : /^S1 threw an error that cannot be looked at$/,
    );
  });
}

test("of what a server throws no more than 500 characters are kept, however long it is", (t) => {
  const text = "x".repeat(100_000_000);
  const lengthOf = (value: unknown) => String(value).length;
  const threw = troubleOf(new Error(text), "S1.start");
  const stub = troubleOf(new NotImplemented(text), "S1.start");
  const frozen = troubleOf(new TypeError(`Cannot assign to read only property '${text}'`), "S1.start");

  t.equal(threw.kind === "threw" && lengthOf(threw.error), 500);
  t.equal(stub.kind === "not-written" && lengthOf(stub.task), 500);
  t.ok(frozen.kind === "contract" && lengthOf(frozen.found) < 600);
  t.equal(troubleOf(text, "S1.start").kind, "threw");
  t.end();
});
