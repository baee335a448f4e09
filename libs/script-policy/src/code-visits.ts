import { visitCaseClause } from './match-patterns';
import { visitFutureImport, visitImport, visitImportFrom } from './import-statements';
import { visitClass, visitComprehension, visitFunction, visitLambda, visitTypeAlias } from './scope-openers';
import type { Place, ScopeWalk, Visit } from './scope-walk';
import { childOf, childrenOf, type SyntaxNode } from './syntax-node';
import { bindTarget, unbindTarget } from './targets';

/** Visits code that is evaluated: each identifier in it is a load unless a rule here says otherwise. */
export const visitCode: Visit = (walk, node, place) => {
  (VISITS.get(node.type) ?? visitChildren)(walk, node, place);
};

/**
 * A name bound in the header of a compound statement counts from the first block on; one bound in a simple statement
 * counts after the statement, because `open = open` reads the builtin.
 */
const visitChildren: Visit = (walk, node, place) => {
  const block = node.children.find((child) => child.type === 'block');
  const boundFrom = block?.start ?? (node.type.endsWith('_statement') ? node.end : place.boundFrom);
  walk.evaluateAll(node.children, { scope: place.scope, boundFrom });
};

const visitAssignment: Visit = (walk, node, place) => {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  walk.evaluate(childOf(node, 'type'), place);
  walk.evaluate(right, place);
  if (!left) return;
  if (right) {
    walk.later(bindTarget, left, place);
    recordAlias(walk, left, right, place);
  } else if (left.type === 'identifier') {
    walk.bind(place.scope, { kind: 'annotated', name: walk.nameOf(left) });
  } else if (left.type !== 'tuple_pattern') {
    // `(name): int` neither binds nor reads the name.
    walk.evaluate(left, place);
  }
};

function recordAlias(walk: ScopeWalk, left: SyntaxNode, right: SyntaxNode, { scope }: Place): void {
  if (left.type !== 'identifier') return;
  // `a = b = c` binds a to what b is bound to; following the chain to its end each time would be quadratic.
  const value = right.type === 'assignment' ? childOf(right, 'left') : right;
  if (value) walk.aliases.push({ name: walk.nameOf(left), scope, value, valueScope: scope });
}

const visitAugmentedAssignment: Visit = (walk, node, place) => {
  const left = childOf(node, 'left');
  walk.evaluate(left, place);
  walk.later(bindTarget, left, place);
  walk.evaluate(childOf(node, 'right'), place);
};

const visitNamedExpression: Visit = (walk, node, place) => {
  const name = childOf(node, 'name');
  const value = childOf(node, 'value');
  walk.evaluate(value, place);
  if (!name || !value) return;
  const scope = place.scope.walrusTarget;
  walk.later(bindTarget, name, { scope, boundFrom: place.boundFrom });
  walk.aliases.push({ name: walk.nameOf(name), scope, value, valueScope: place.scope });
};

/** `f"{x:=5}"` formats x with the specification `=5`; the parser takes it for a walrus. */
const visitInterpolation: Visit = (walk, node, place) => {
  for (const child of node.children) {
    if (child.type === 'named_expression') {
      walk.evaluate(childOf(child, 'name'), place);
      const value = childOf(child, 'value');
      if (value?.type !== 'identifier') walk.evaluate(value, place);
    } else {
      walk.evaluate(child, place);
    }
  }
};

const visitFor: Visit = (walk, node, place) => {
  const body = childOf(node, 'body');
  const header = { scope: place.scope, boundFrom: body?.start ?? node.end };
  for (const child of node.children) {
    if (child.field === 'left') walk.later(bindTarget, child, header);
    else walk.evaluate(child, header);
  }
};

/** `x as y` in a `with`. */
const visitAsPattern: Visit = (walk, node, place) => {
  for (const child of node.children) {
    if (child.field === 'alias') walk.later(bindTarget, child, place);
    else walk.evaluate(child, place);
  }
};

const visitExcept: Visit = (walk, node, place) => {
  for (const child of node.children) {
    const alias = child.type === 'as_pattern' ? childOf(child, 'alias') : undefined;
    const name = alias?.children[0];
    if (!alias || name?.type !== 'identifier') {
      walk.evaluate(child, place);
      continue;
    }
    walk.bind(place.scope, { kind: 'handler', name: walk.nameOf(name), from: alias.end, until: node.end });
    for (const part of child.children) {
      if (part !== alias) walk.evaluate(part, place);
    }
  }
};

const visitGlobal: Visit = (walk, node, { scope }) => {
  for (const name of node.children) scope.globals.add(walk.nameOf(name));
};

const visitNonlocal: Visit = (walk, node, { scope }) => {
  for (const name of node.children) scope.nonlocals.add(walk.nameOf(name));
};

const visitCall: Visit = (walk, node, place) => {
  const callee = childOf(node, 'function');
  const argumentList = childOf(node, 'arguments');
  if (callee && argumentList) walk.calls.push({ callee, argumentList, scope: place.scope });
  walk.evaluateAll(node.children, place);
};

/** Python 2's `exec "code"`: CPython refuses it, and until then it counts as what it looks like. */
const visitExecStatement: Visit = (walk, node, place) => {
  walk.load({ ...node, type: 'identifier', end: node.start + 'exec'.length }, place);
  visitChildren(walk, node, place);
};

const visitFirstChild: Visit = (walk, node, place) => walk.evaluate(node.children[0], place);

const visitAttribute: Visit = (walk, node, place) => {
  walk.attributes.push(node);
  visitFirstChild(walk, node, place);
};

const VISITS: ReadonlyMap<string, Visit> = new Map<string, Visit>([
  ['identifier', (walk, node, place) => walk.load(node, place)],
  // `a.b` reads a alone; so does the dotted name of a class pattern, and a type that is a member of another.
  ['attribute', visitAttribute],
  ['dotted_name', visitFirstChild],
  ['member_type', visitFirstChild],
  ['keyword_argument', (walk, node, place) => walk.evaluateAll(childrenOf(node, 'value'), place)],
  ['call', visitCall],
  ['assignment', visitAssignment],
  ['augmented_assignment', visitAugmentedAssignment],
  ['named_expression', visitNamedExpression],
  ['interpolation', visitInterpolation],
  ['format_expression', visitInterpolation],
  ['for_statement', visitFor],
  ['with_item', (walk, node, { scope }) => walk.evaluateAll(node.children, { scope, boundFrom: node.end })],
  ['as_pattern', visitAsPattern],
  ['except_clause', visitExcept],
  ['delete_statement', (walk, node, place) => walk.laterAll(unbindTarget, node.children, place)],
  ['global_statement', visitGlobal],
  ['nonlocal_statement', visitNonlocal],
  ['exec_statement', visitExecStatement],
  ['import_statement', visitImport],
  ['import_from_statement', visitImportFrom],
  ['future_import_statement', visitFutureImport],
  ['case_clause', visitCaseClause],
  ['function_definition', visitFunction],
  ['lambda', visitLambda],
  ['class_definition', visitClass],
  ['list_comprehension', visitComprehension],
  ['set_comprehension', visitComprehension],
  ['dictionary_comprehension', visitComprehension],
  ['generator_expression', visitComprehension],
  ['type_alias_statement', visitTypeAlias],
]);
