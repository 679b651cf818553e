import ts from "typescript";
import { SubmissionProblem } from "./intake";

/** What the calls that count are named: no student's own name. They are parameters of the script's wrapper. */
export const STEP = "__step";
export const ASYNC = "__async";

/** A source that would overflow the stack of whoever reads it: no other parser should be given it. */
export class NestedTooDeeply extends SubmissionProblem {}

/** A piece of text to be inserted. */
interface Edit {
  readonly at: number;
  readonly text: string;
  /** For the end of a pair: where the pair began. Of two that end at one place, the inner one began later. */
  readonly begun: number;
}

/** Words about one place of a source file. */
export interface Remark {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly column: number;
  readonly length: number;
  readonly lineText: string;
  readonly text: string;
}

/** "raft.ts:57: Expected ";" but found "foo"", with the line itself below. */
export function remarkWords({ file, line, column, length, lineText, text }: Remark): string {
  const marker = " ".repeat(column) + "^".repeat(Math.max(1, length));
  return `${file}:${line}: ${text}\n    ${lineText}\n    ${marker}`;
}

/**
 * Prepares a student's TypeScript so that it counts its own steps: `while (c) work();` becomes
 * `while (c) {__step();work();}`, and each function begins with `__step()` too. Whatever can go on without an end goes
 * through one of these. An async function begins with `await __async()` instead, which refuses it. Line numbers stay
 * as they are; columns do not.
 *
 * @throws SubmissionProblem if the source cannot be read, or has something that could not be counted or is never needed
 */
export function countSteps(source: string, file: string): string {
  const tree = parse(source, file);
  const edits: Edit[] = [];
  const nodes: ts.Node[] = [tree]; // it grows while it is read. No recursion: a long sum of strings is a deep tree
  for (const node of nodes) {
    const reason = reasonAgainst(node);
    if (reason !== undefined) throw problemAt(tree, node.getStart(tree), node.getEnd(), reason);
    edits.push(...editsFor(node, tree));
    ts.forEachChild(node, (child) => void nodes.push(child));
  }
  return applied(edits, source);
}

function parse(source: string, file: string): ts.SourceFile {
  let tree: ts.SourceFile;
  try {
    tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NestedTooDeeply(`${file} is nested too deeply to be read. Which brackets never end?`);
  }
  const [first] = syntaxErrors(tree);
  if (first === undefined) return tree;
  const text = ts.flattenDiagnosticMessageText(first.messageText, " ");
  throw problemAt(tree, first.start, first.start + first.length, text);
}

/** What the parser has noted: all that it cannot make sense of. Not in the type, as programs have their own way to it. */
function syntaxErrors(tree: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  const found: unknown = Reflect.get(tree, "parseDiagnostics");
  if (!Array.isArray(found))
    throw new Error("This version of TypeScript does not say what it could not parse.");
  return found;
}

/** Why a piece of code cannot be accepted, and what to write instead. */
function reasonAgainst(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && (node.text === STEP || node.text === ASYNC))
    return `The name ${node.text} belongs to the grader. Choose another one.`;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return "import(…) cannot be used here: it brings a promise. Write the import at the top of the file.";
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
    return "import.meta cannot be used here. A server reaches the outside only through env.";
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "require")
    return "require(…) cannot be used here. Write an import at the top of the file.";
  if (ts.isExternalModuleReference(node))
    return "import … = require(…) cannot be used here. Write: import { … } from …";
  if (ts.isWithStatement(node)) return "with cannot be used here. Name the object in front of each field.";
  return undefined;
}

function editsFor(node: ts.Node, tree: ts.SourceFile): readonly Edit[] {
  if (ts.isIterationStatement(node, false)) {
    const { statement } = node;
    return ts.isBlock(statement)
      ? first(statement, tree, `${STEP}();`)
      : around(statement, tree, `{${STEP}();`, "}");
  }
  if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return [];
  const call = isAsync(node) ? `await ${ASYNC}()` : `${STEP}()`;
  const body = node.body as ts.ConciseBody;
  return ts.isBlock(body) ? first(body, tree, `${call};`) : around(body, tree, `(${call},`, ")");
}

function isAsync(node: ts.SignatureDeclaration): boolean {
  return ts.canHaveModifiers(node)
    ? (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
    : false;
}

function first(block: ts.Block, tree: ts.SourceFile, text: string): readonly Edit[] {
  const at = block.getStart(tree) + "{".length;
  return [{ at, text, begun: at }];
}

function around(node: ts.Node, tree: ts.SourceFile, before: string, after: string): readonly Edit[] {
  const at = node.getStart(tree);
  return [
    { at, text: before, begun: at },
    { at: node.getEnd(), text: after, begun: at },
  ];
}

function applied(edits: readonly Edit[], source: string): string {
  const inOrder = [...edits].sort((a, b) => a.at - b.at || b.begun - a.begun);
  const parts: string[] = [];
  let done = 0;
  for (const { at, text } of inOrder) {
    parts.push(source.slice(done, at), text);
    done = at;
  }
  return parts.join("") + source.slice(done);
}

function problemAt(tree: ts.SourceFile, start: number, end: number, text: string): SubmissionProblem {
  const { line, character: column } = tree.getLineAndCharacterOfPosition(start);
  const lineText = tree.text.split(/\r\n|[\n\r\u2028\u2029]/)[line] ?? "";
  const length = Math.min(end - start, lineText.length - column);
  const remark = { file: tree.fileName, line: line + 1, column, length, lineText, text };
  return new SubmissionProblem(remarkWords(remark));
}
