import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Script } from "node:vm";
import test from "tape";
import ts from "typescript";
import { PAGE_MODULES, pageScript, pageStyle } from "../page-files";

const PAGE = path.join(__dirname, "..", "page");
const sourceOf = (name: string): string => readFileSync(path.join(PAGE, `${name}.mjs`), "utf8");

test("the page's script is one script, and all of its modules are in it", (t) => {
  const files = readdirSync(PAGE).filter((file) => file.endsWith(".mjs"));

  t.deepEqual(files.sort(), PAGE_MODULES.map((name) => `${name}.mjs`).sort());
  t.doesNotThrow(() => new Script(pageScript()), "it can be read, so no name is declared twice");
  t.notOk(/^(import|export) /m.test(pageScript()), "without imports and exports");
  t.notOk(/<\/|<!--/.test(pageScript() + pageStyle()), "nothing in it ends the element in which it stands");
  t.end();
});

test("a module of the page uses only what stands before it", (t) => {
  for (const [place, name] of PAGE_MODULES.entries())
    for (const [, used] of sourceOf(name).matchAll(/^import [^;]*from "\.\/(\w+)\.mjs";$/gm))
      t.ok((PAGE_MODULES as readonly string[]).indexOf(used) < place, `${name} uses ${used}`);
  t.end();
});

test("the page never makes markup of words, and reaches nothing outside", (t) => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|Function\(|fetch\(|XMLHttpRequest|WebSocket|localStorage|setAttribute\("(on|style)/;
  for (const name of PAGE_MODULES) t.doesNotMatch(sourceOf(name), forbidden, name);
  t.end();
});

test("the page's script has no mistake in its types", (t) => {
  const program = ts.createProgram([path.join(PAGE, "main.mjs")], {
    allowJs: true,
    checkJs: true,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  });
  const mistakes = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${path.basename(file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });

  t.deepEqual(mistakes, []);
  t.end();
});
