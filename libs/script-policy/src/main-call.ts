import type { ScopeWalk } from './scope-walk';
import { childOf, type SyntaxNode, withoutParentheses } from './syntax-node';

/** Calls in calls are looked through so far: `print(json.dumps(main()))`. */
const MAX_DEPTH = 4;

/**
 * The first top-level statement that is a call of `main` without arguments, or that passes one on: `main()`,
 * `print("x", main())`, `x = main()`. Only these forms are looked for, so that the search costs next to nothing.
 *
 * @returns undefined where there is none
 */
export function findMainCall(walk: ScopeWalk, root: SyntaxNode): SyntaxNode | undefined {
  for (const statement of root.children) {
    if (statement.type !== 'expression_statement') continue;
    const call = callIn(walk, statement.children[0]);
    if (call) return call;
  }
  return undefined;
}

function callIn(walk: ScopeWalk, outer: SyntaxNode | undefined, depth = 0): SyntaxNode | undefined {
  if (!outer || depth > MAX_DEPTH) return undefined;
  if (outer.type === 'assignment') return callIn(walk, childOf(outer, 'right'), depth + 1);
  const call = withoutParentheses(outer);
  if (call.type !== 'call') return undefined;
  const called = childOf(call, 'function');
  const given = childOf(call, 'arguments')?.children ?? [];
  if (called?.type === 'identifier' && walk.nameOf(called) === 'main')
    return given.length === 0 ? call : undefined;
  for (const argument of given) {
    const found = callIn(walk, argument, depth + 1);
    if (found) return found;
  }
  return undefined;
}
