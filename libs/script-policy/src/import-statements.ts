import type { ImportRole } from './scope';
import type { Place, ScopeWalk, Visit } from './scope-walk';
import { childOf, childrenOf, type SyntaxNode } from './syntax-node';

/** Modules that hold functions which import by name, and those functions. */
export const IMPORTING_MODULES: ReadonlySet<string> = new Set(['importlib', 'builtins']);
export const IMPORT_FUNCTIONS: ReadonlySet<string> = new Set(['import_module', '__import__']);

export const visitImport: Visit = (walk, node, place) => {
  for (const item of childrenOf(node, 'name')) {
    const written = writtenName(item);
    const module = walk.nameOf(written);
    const alias = childOf(item, 'alias');
    const topLevel = module.split('.', 1)[0] ?? module;
    walk.imports.push({ module, start: written.start, end: written.end });
    // `import a.b` binds a, `import a.b as c` binds c to a.b.
    const boundModule = alias ? module : topLevel;
    bindImport(walk, node, place, alias ? walk.nameOf(alias) : topLevel, roleOfModule(boundModule));
  }
};

export const visitImportFrom: Visit = (walk, node, place) => {
  const source = childOf(node, 'module_name');
  // A script has no package, so a relative import finds nothing that it could import.
  const module = source?.type === 'dotted_name' ? walk.nameOf(source) : null;
  if (source && module !== null) walk.imports.push({ module, start: source.start, end: source.end });
  const imports = module !== null && IMPORTING_MODULES.has(module);
  for (const item of childrenOf(node, 'name')) {
    const name = walk.nameOf(writtenName(item));
    const alias = childOf(item, 'alias');
    if (module !== null) walk.importedNames.push({ module, name });
    const role = imports && IMPORT_FUNCTIONS.has(name) ? 'import-function' : undefined;
    bindImport(walk, node, place, alias ? walk.nameOf(alias) : name, role);
  }
  if (node.children.some((child) => child.type === 'wildcard_import')) {
    walk.hasStarImport = true;
    if (imports) {
      for (const name of IMPORT_FUNCTIONS) bindImport(walk, node, place, name, 'import-function');
    }
  }
};

export const visitFutureImport: Visit = (walk, node, place) => {
  walk.imports.push({ module: '__future__', start: node.start, end: node.end });
  for (const item of childrenOf(node, 'name')) {
    bindImport(walk, node, place, walk.nameOf(childOf(item, 'alias') ?? item), undefined);
  }
};

function writtenName(item: SyntaxNode): SyntaxNode {
  return item.type === 'aliased_import' ? (childOf(item, 'name') ?? item) : item;
}

function roleOfModule(module: string): ImportRole | undefined {
  return IMPORTING_MODULES.has(module) ? 'importing-module' : undefined;
}

function bindImport(
  walk: ScopeWalk,
  statement: SyntaxNode,
  { scope }: Place,
  name: string,
  holds: ImportRole | undefined,
): void {
  walk.bind(scope, { kind: 'bound', name, from: statement.end, ...(holds && { holds }) });
}
