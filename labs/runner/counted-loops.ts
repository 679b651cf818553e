import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname } from "node:path";
import type ts from "typescript";
import type { LoopCounter } from "./loop-counter";

type TypeScript = typeof ts;

/** What the counter is called in the code: something that no student calls anything. */
const COUNTER = "__loops";

interface Edit {
  readonly at: number;
  readonly text: string;
}

/**
 * Loads a student's file, and what it imports from its own folder, in such a way that each loop reports its rounds.
 * A program that is caught in a loop cannot be asked where it is; this one tells.
 *
 * @returns what the file exports
 */
export function loadWithCounter(path: string, counter: LoopCounter): object {
  const typescript: TypeScript = createRequire(__filename)("typescript"); // large: loaded only when it is needed
  const folder = dirname(path);
  const loaded = new Map<string, { exports: object }>();
  const load = (file: string): object => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const requireThere = createRequire(file);
    const requireCounted = (name: string): unknown => {
      const target = name.startsWith(".") ? requireThere.resolve(name) : name;
      return dirname(target) === folder ? load(target) : requireThere(name);
    };
    const code = compile(typescript, readFileSync(file, "utf8"), basename(file));
    new Function("module", "exports", "require", COUNTER, code)(
      module,
      module.exports,
      requireCounted,
      counter,
    );
    return module.exports;
  };
  return load(path);
}

function compile(typescript: TypeScript, source: string, file: string): string {
  const { CommonJS } = typescript.ModuleKind;
  const { ES2022 } = typescript.ScriptTarget;
  const counted = withCounters(typescript, source, file);
  return typescript.transpileModule(counted, { compilerOptions: { module: CommonJS, target: ES2022 } })
    .outputText;
}

/** `while (c) work();` becomes `{__loops.enter("…");while (c) {__loops.round("…");work();}}`. */
export function withCounters(typescript: TypeScript, source: string, file: string): string {
  const tree = typescript.createSourceFile(file, source, typescript.ScriptTarget.ES2022, true);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (typescript.isIterationStatement(node, false))
      edits.push(...editsFor(node, outermost(typescript, node), tree));
    typescript.forEachChild(node, visit);
  };
  visit(tree);
  // From the end to the beginning, so that the positions of the others stay true; at one place, the inner loop first.
  return edits
    .reverse()
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, text: inserted }) => text.slice(0, at) + inserted + text.slice(at), source);
}

function editsFor(loop: ts.IterationStatement, whole: ts.Node, tree: ts.SourceFile): Edit[] {
  const start = loop.getStart(tree);
  const { line, character } = tree.getLineAndCharacterOfPosition(start);
  const place = JSON.stringify(`${basename(tree.fileName)}:${line + 1}:${character + 1}`);
  return [
    { at: whole.getStart(tree), text: `{${COUNTER}.enter(${place});` },
    { at: loop.statement.getStart(tree), text: `{${COUNTER}.round(${place});` },
    { at: loop.statement.getEnd(), text: "}" },
    { at: whole.getEnd(), text: "}" },
  ];
}

/** A loop together with its labels: nothing may stand between them. */
function outermost(typescript: TypeScript, loop: ts.Node): ts.Node {
  return typescript.isLabeledStatement(loop.parent) ? outermost(typescript, loop.parent) : loop;
}
