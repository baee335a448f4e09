import type { Place, ScopeWalk, Visit } from './scope-walk';
import { childOf, type SyntaxNode } from './syntax-node';

/** A `case`: its captures are bound before the guard is evaluated. */
export const visitCaseClause: Visit = (walk, node, place) => {
  const guard = childOf(node, 'guard');
  const body = childOf(node, 'consequence');
  for (const child of node.children) {
    if (child === guard || child === body) {
      walk.evaluate(child, { scope: place.scope, boundFrom: body?.start ?? node.end });
    } else {
      walk.later(visitPattern, child, { scope: place.scope, boundFrom: child.end });
    }
  }
};

const visitPattern: Visit = (walk, node, place) => {
  switch (node.type) {
    case 'identifier':
      capture(walk, node, place);
      return;
    case 'dotted_name':
      // `case name` captures, `case module.name` compares.
      if (node.children.length === 1) capture(walk, node, place);
      else walk.evaluate(node, place);
      return;
    case 'class_pattern':
      walk.evaluate(node.children[0], place);
      walk.laterAll(visitPattern, node.children.slice(1), place);
      return;
    case 'keyword_pattern':
      walk.laterAll(visitPattern, node.children.slice(1), place);
      return;
    case 'dict_pattern':
      for (const child of node.children) {
        if (child.field === 'key') walk.evaluate(child, place);
        else walk.later(visitPattern, child, place);
      }
      return;
    case 'string':
    case 'concatenated_string':
      walk.evaluate(node, place);
      return;
    default:
      walk.laterAll(visitPattern, node.children, place);
  }
};

function capture(walk: ScopeWalk, node: SyntaxNode, { scope, boundFrom }: Place): void {
  const name = walk.nameOf(node);
  if (name !== '_') walk.bind(scope, { kind: 'bound', name, from: boundFrom });
}
