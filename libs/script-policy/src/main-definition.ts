import type { ScopeWalk } from './scope-walk';
import type { SyntaxNode } from './syntax-node';

/** Names through which a script can define one that is nowhere written as a binding. */
const DYNAMIC_NAMES: ReadonlySet<string> = new Set([
  'exec',
  'eval',
  'globals',
  'vars',
  'locals',
  'setattr',
  'getattr',
  '__dict__',
  '__globals__',
  '__setattr__',
  '__getattribute__',
  '__builtins__',
  '__main__',
  'f_globals',
  'f_locals',
  'f_builtins',
  'modules',
]);

/**
 * Whether a script may define a top-level `main`. False only where it cannot: the answer spares a run, and a wrong
 * false would refuse a script that works.
 */
export function mayDefineMain(walk: ScopeWalk, root: SyntaxNode): boolean {
  if (walk.module.bindings.has('main') || walk.hasStarImport) return true;
  const pending: SyntaxNode[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'identifier') {
      if (DYNAMIC_NAMES.has(walk.nameOf(node))) return true;
    } else if (node.type === 'attribute' && isMember(walk, node)) {
      return true;
    }
    for (const child of node.children) pending.push(child);
  }
  return false;
}

/** `module.main = ...` needs no other hint when a script gets hold of its own module under some name. */
function isMember(walk: ScopeWalk, node: SyntaxNode): boolean {
  const name = node.children.find((child) => child.field === 'attribute');
  return name !== undefined && walk.nameOf(name) === 'main';
}
