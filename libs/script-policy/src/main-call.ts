import type { ScopeWalk } from './scope-walk';
import { childOf, type SyntaxNode, withoutParentheses } from './syntax-node';

/**
 * The first top-level statement that is a call of `main`, or that passes one on: `main()`, `print(main())`,
 * `x = main()`. Only these forms are looked for, so that the search costs next to nothing.
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

function callIn(walk: ScopeWalk, outer: SyntaxNode | undefined): SyntaxNode | undefined {
  if (outer?.type === 'assignment') return callIn(walk, childOf(outer, 'right'));
  if (!outer) return undefined;
  const call = withoutParentheses(outer);
  if (call.type !== 'call') return undefined;
  const called = childOf(call, 'function');
  if (called?.type !== 'identifier') return undefined;
  const name = walk.nameOf(called);
  if (name === 'main') return call;
  return name === 'print' ? callIn(walk, childOf(call, 'arguments')?.children[0]) : undefined;
}
