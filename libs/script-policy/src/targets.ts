import type { Visit } from './scope-walk';
import { childOf } from './syntax-node';

/** Nodes that only group targets. The parser uses its expression types for the targets of `with` and `del`. */
const GROUPS = new Set([
  'pattern_list',
  'tuple_pattern',
  'list_pattern',
  'list_splat_pattern',
  'dictionary_splat_pattern',
  'expression_list',
  'tuple',
  'list',
  'list_splat',
  'parenthesized_expression',
  'as_pattern_target',
]);

/** Binds each name of an assignment's target. In `a[i] = x` and `a.b = x` nothing is bound and `a` and `i` are read. */
export const bindTarget: Visit = (walk, node, place) => {
  if (node.type === 'identifier') {
    walk.bind(place.scope, { kind: 'bound', name: walk.nameOf(node), from: place.boundFrom });
  } else if (GROUPS.has(node.type)) {
    walk.laterAll(bindTarget, node.children, place);
  } else {
    evaluateTarget(walk, node, place);
  }
};

/** Unbinds each name of a `del`. */
export const unbindTarget: Visit = (walk, node, place) => {
  if (node.type === 'identifier') {
    walk.bind(place.scope, { kind: 'deleted', name: walk.nameOf(node) });
  } else if (GROUPS.has(node.type)) {
    walk.laterAll(unbindTarget, node.children, place);
  } else {
    evaluateTarget(walk, node, place);
  }
};

/** Reads what a target is an item or an attribute of, and not the attribute. */
const evaluateTarget: Visit = (walk, node, place) => {
  walk.evaluate(node.type === 'attribute' ? childOf(node, 'object') : node, place);
};
