import { childOf, type SyntaxNode, withoutParentheses } from './syntax-node';

const INDENT = '    ';
const IMPORTS: ReadonlySet<string> = new Set([
  'import_statement',
  'import_from_statement',
  'future_import_statement',
]);
const DEFINITIONS: ReadonlySet<string> = new Set([
  'function_definition',
  'class_definition',
  'decorated_definition',
]);

const TARGETS: ReadonlySet<string> = new Set(['assignment', 'augmented_assignment', 'for_statement']);
/** As a last line they are worth nothing, or may not stand behind `return`. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(['augmented_assignment', 'yield', 'named_expression']);
/** Those that people take for names of their own. */
const BUILTINS: ReadonlySet<string> = new Set(
  (
    'abs all any bin bool bytes chr dict dir filter float format hash hex id input int iter len list map max min next ' +
    'object oct open ord pow print range repr reversed round set slice sorted str sum tuple type vars zip'
  ).split(' '),
);

/** A stretch of the text; offsets in UTF-16 code units, the end exclusive. */
interface Part {
  readonly statements: readonly SyntaxNode[];
  readonly start: number;
  readonly end: number;
}

/**
 * A script with what it does moved into a function `main`: imports at its beginning stay, a value in its last line is
 * returned, a block under `if __name__ == "__main__":`, which a service never enters, becomes the end of the function.
 *
 * @param text a normalised script that could be parsed
 * @returns null where there is nothing to move, or moving it could change what it does: `import *`, `await`, uses of `main`
 */
export function wrapInMain(root: SyntaxNode, text: string): string | null {
  const body = root.children.slice(headLength(root.children, text));
  const first = body[0];
  const last = body.at(-1);
  if (!first || !last || !body.some(({ type }) => !DEFINITIONS.has(type) && !IMPORTS.has(type))) return null;
  if (anyOf(body, (node) => cannotMove(node, text), isScope) || anyOf(body, (node) => isMain(node, text)))
    return null;
  const guarded = guardedBlock(last, text);
  const before: Part = {
    statements: guarded ? body.slice(0, -1) : body,
    start: endOfHead(root, first, text),
    end: guarded ? lineStart(text, last.start) : text.length,
  };
  const names = globalNames(root.children, body, text);
  // What is declared global may have no annotation.
  if (names.some((name) => body.some((node) => isAnnotated(node, name, text)))) return null;
  const lines = [
    ...(names.length === 0 ? [] : [`${INDENT}global ${names.join(', ')}`]),
    ...indented(before, text, 0, guarded === null),
    ...(guarded ? indented(guarded, text, columnOf(text, guarded.start), true) : []),
  ];
  const head = text.slice(0, before.start).trimEnd();
  return `${head === '' ? '' : `${head}\n\n\n`}def main():\n${lines.join('\n').replace(/^\n+/, '').trimEnd()}\n`;
}

/** How many statements stay where they are: a docstring and the imports at the beginning, each in lines of its own. */
function headLength(statements: readonly SyntaxNode[], text: string): number {
  let length = 0;
  const isDocstring = (node: SyntaxNode): boolean =>
    node.type === 'expression_statement' && node.children[0]?.type === 'string' && statements.length > 1;
  while (length < statements.length) {
    const node = statements[length];
    if (!node || !(IMPORTS.has(node.type) || (length === 0 && isDocstring(node)))) break;
    length += 1;
  }
  for (let next = statements[length]; length > 0 && next; next = statements[length]) {
    if (lineStart(text, next.start) >= (statements[length - 1]?.end ?? 0)) break;
    length -= 1;
  }
  return length;
}

/** The head ends with the line of its last statement; comments behind that belong to what follows. */
function endOfHead(root: SyntaxNode, first: SyntaxNode, text: string): number {
  const at = root.children.indexOf(first);
  const last = root.children[at - 1];
  if (!last) return 0;
  const newline = text.indexOf('\n', last.end);
  return newline === -1 ? text.length : newline + 1;
}

/** The block of `if __name__ == "__main__":`, in lines of its own. */
function guardedBlock(node: SyntaxNode, text: string): Part | null {
  if (node.type !== 'if_statement' || childOf(node, 'alternative')) return null;
  const condition = childOf(node, 'condition');
  const block = childOf(node, 'consequence');
  const statement = block?.children[0];
  if (!condition || !block || !statement) return null;
  if (!/^\(?\s*__name__\s*==\s*(["'])__main__\1\s*\)?$/.test(text.slice(condition.start, condition.end))) {
    return null;
  }
  const start = text.indexOf('\n', condition.end) + 1;
  if (start === 0 || start > statement.start || text.slice(condition.end, start).includes('#')) return null;
  return { statements: block.children, start, end: text.length };
}

/**
 * Names that stay those of the module: functions inside declare them global, or they are bound again after an import or
 * built-in had them, as in `date = date.today()`, which a local name would break.
 */
function globalNames(all: readonly SyntaxNode[], body: readonly SyntaxNode[], text: string): string[] {
  const names = new Set<string>();
  const imported = all
    .filter(({ type }) => IMPORTS.has(type))
    .map(({ start, end }) => text.slice(start, end))
    .join(' ');
  anyOf(body, (node) => {
    if (node.type === 'global_statement') {
      for (const name of node.children) names.add(text.slice(name.start, name.end));
    }
    return false;
  });
  anyOf(
    body,
    (node) => {
      const target = TARGETS.has(node.type) ? childOf(node, 'left') : undefined;
      const name = target?.type === 'identifier' ? text.slice(target.start, target.end) : '';
      if (name !== '' && (BUILTINS.has(name) || new RegExp(`\\b${name}\\b`, 'u').test(imported)))
        names.add(name);
      return false;
    },
    isScope,
  );
  return [...names];
}

function isAnnotated(node: SyntaxNode, name: string, text: string): boolean {
  const assignment = node.children[0];
  if (assignment?.type !== 'assignment' || !childOf(assignment, 'type')) return false;
  const target = childOf(assignment, 'left');
  return target !== undefined && text.slice(target.start, target.end) === name;
}

/** The lines of a part, one step further in than `column`; what is inside of a string stays as it is. */
function indented(part: Part, text: string, column: number, isLast: boolean): string[] {
  const kept = linesInStrings(part, text);
  const last = part.statements.at(-1);
  const returned = isLast && last ? returnedBy(last, text) : null;
  const lines: string[] = [];
  for (let start = part.start; start < part.end;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    lines.push(shifted(start, end));
    start = end + 1;
  }
  if (returned?.kind === 'name') {
    while (lines.at(-1)?.trim() === '') lines.pop();
    lines.push(`${INDENT}return ${returned.name}`);
  }
  return lines;

  function shifted(start: number, end: number): string {
    const line = text.slice(start, end);
    const isKept = kept.has(start);
    if (!isKept && line.trim() === '') return '';
    const indent = isKept ? '' : INDENT;
    const cut = isKept ? 0 : Math.min(column, line.length - line.trimStart().length);
    const isLastHere = last !== undefined && last.start >= start && last.start <= end;
    if (!isLastHere || returned?.kind !== 'value') return indent + line.slice(cut);
    return `${indent}${text.slice(start + cut, last.start)}return ${text.slice(last.start, end)}`;
  }
}

/** What the last statement is worth: a value, or the name that it was given. */
function returnedBy(
  statement: SyntaxNode,
  text: string,
): { readonly kind: 'value' } | { readonly kind: 'name'; readonly name: string } | null {
  if (statement.type !== 'expression_statement') return null;
  const expression = statement.children[0];
  if (!expression || WITHOUT_VALUE.has(expression.type)) return null;
  if (expression.type === 'assignment') {
    const name = childOf(expression, 'left');
    if (name?.type !== 'identifier' || !childOf(expression, 'right')) return null;
    return { kind: 'name', name: text.slice(name.start, name.end) };
  }
  const call = withoutParentheses(expression);
  const called = call.type === 'call' ? childOf(call, 'function') : undefined;
  return called && text.slice(called.start, called.end) === 'print' ? null : { kind: 'value' };
}

/** Where the lines begin that begin inside of a string. */
function linesInStrings(part: Part, text: string): ReadonlySet<number> {
  const starts = new Set<number>();
  anyOf(part.statements, (node) => {
    if (node.type !== 'string') return false;
    for (
      let at = text.indexOf('\n', node.start);
      at !== -1 && at < node.end;
      at = text.indexOf('\n', at + 1)
    ) {
      starts.add(at + 1);
    }
    return false;
  });
  return starts;
}

function cannotMove({ type, start }: SyntaxNode, text: string): boolean {
  if (type === 'for_statement' || type === 'with_statement') return text.startsWith('async', start);
  return type === 'wildcard_import' || type === 'await' || type === 'future_import_statement';
}

/** A function that calls itself by that name without an end is no help. */
function isMain({ type, start, end }: SyntaxNode, text: string): boolean {
  return type === 'identifier' && text.slice(start, end) === 'main';
}

function isScope({ type }: SyntaxNode): boolean {
  return type === 'function_definition' || type === 'lambda';
}

/** Whether it holds of one of the nodes, or of what is in them; nothing is looked at in those that are closed. */
function anyOf(
  nodes: readonly SyntaxNode[],
  holds: (node: SyntaxNode) => boolean,
  isClosed: (node: SyntaxNode) => boolean = () => false,
): boolean {
  const pending = [...nodes];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (holds(node)) return true;
    if (isClosed(node)) continue;
    for (const child of node.children) pending.push(child);
  }
  return false;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function columnOf(text: string, lineOffset: number): number {
  const line = /^[ \t]*/.exec(text.slice(lineOffset));
  return line?.[0].length ?? 0;
}
