import type { ScopeWalk } from './scope-walk';
import { childOf } from './syntax-node';

/** What pandas draws by: attributes of its objects, and a module of its own. */
const DRAWING_NAMES: ReadonlySet<string> = new Set(['plot', 'hist', 'boxplot', 'plotting']);

/**
 * Whether pandas will import matplotlib for a script that imports pandas: when it reads an attribute that draws, of
 * anything. What it is an attribute of cannot be known, and a wrong yes costs no more than a larger interpreter.
 *
 * @param modules all that the script imports, as absolute dotted names
 */
export function drawsByPandas(walk: ScopeWalk, modules: readonly string[]): boolean {
  if (!modules.some((module) => isWithin(module, 'pandas'))) return false;
  return (
    modules.some((module) => isWithin(module, 'pandas.plotting')) ||
    walk.importedNames.some(({ module, name }) => module === 'pandas' && name === 'plotting') ||
    walk.attributes.some((node) => {
      const attribute = childOf(node, 'attribute');
      return attribute !== undefined && DRAWING_NAMES.has(walk.nameOf(attribute));
    })
  );
}

function isWithin(module: string, outer: string): boolean {
  return module === outer || module.startsWith(`${outer}.`);
}
