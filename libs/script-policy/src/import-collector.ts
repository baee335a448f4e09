import { IMPORT_FUNCTIONS } from './import-statements';
import type { Binding, ImportRole, Scope } from './scope';
import type { CallSite, ModuleImport, ScopeWalk } from './scope-walk';
import { readStringLiteral } from './string-literal';
import { childOf, withoutParentheses, type SyntaxNode } from './syntax-node';

/** Where an expression gets its role from: it has it at once, or when a binding turns out to have another one. */
type RoleSource =
  | { readonly role: ImportRole; readonly calledName: string }
  | { readonly binding: Binding; readonly needs: ImportRole | null };

/** An import that a call makes, together with the builtin that was called, if it was called by its bare name. */
export interface CalledImport extends ModuleImport {
  readonly calledName: string | null;
}

/**
 * Finds the modules that calls import: `importlib.import_module("os")` and `__import__("os")`, also under other names
 * (import ... as, plain assignments, default arguments), where the module is a literal.
 */
export class ImportCollector {
  constructor(
    private readonly walk: ScopeWalk,
    private readonly text: string,
  ) {}

  collect(): CalledImport[] {
    this.spreadRoles();
    return this.walk.calls.flatMap((call) => {
      const literal = moduleArgument(this.walk, call);
      const calledName = literal ? this.importFunctionOf(call) : undefined;
      if (!literal || calledName === undefined) return [];
      const written = readStringLiteral(literal, this.text);
      // A relative name needs a package, which a script has not.
      if (!written || written.startsWith('.')) return [];
      return [{ module: written, start: literal.start, end: literal.end, calledName }];
    });
  }

  /** The bare builtin that is called, null for any other importing function, undefined for a call that imports nothing. */
  private importFunctionOf({ callee, scope }: CallSite): string | null | undefined {
    const source = this.roleSource(callee, scope);
    if (!source) return undefined;
    if ('role' in source) return source.role === 'import-function' ? source.calledName : undefined;
    return source.binding.holds.has(source.needs ?? 'import-function') ? null : undefined;
  }

  /** Follows assignments until no binding gains a role; each binding is handled once for each role. */
  private spreadRoles(): void {
    const followers = new Map<Binding, { target: Binding; needs: ImportRole | null }[]>();
    const gained: { binding: Binding; role: ImportRole }[] = [];
    for (const { name, scope, value, valueScope } of this.walk.aliases) {
      const source = this.roleSource(value, valueScope);
      const target = source && scope.find(name);
      if (!target) continue;
      if ('role' in source) {
        target.holds.add(source.role);
      } else {
        const list = followers.get(source.binding) ?? [];
        followers.set(source.binding, list);
        list.push({ target, needs: source.needs });
      }
    }
    for (const scope of this.walk.scopes) {
      for (const binding of scope.bindings.values()) {
        for (const role of binding.holds) gained.push({ binding, role });
      }
    }
    for (let next = gained.pop(); next; next = gained.pop()) {
      for (const { target, needs } of followers.get(next.binding) ?? []) {
        if (needs !== null && needs !== next.role) continue;
        const role = needs === null ? next.role : 'import-function';
        if (target.holds.has(role)) continue;
        target.holds.add(role);
        gained.push({ binding: target, role });
      }
    }
  }

  private roleSource(expression: SyntaxNode, scope: Scope): RoleSource | undefined {
    const node = valueOf(expression);
    if (node.type === 'identifier') {
      const name = this.walk.nameOf(node);
      const binding = scope.find(name);
      if (binding) return { binding, needs: null };
      return name === '__import__' ? { role: 'import-function', calledName: name } : undefined;
    }
    const attribute = node.type === 'attribute' ? childOf(node, 'attribute') : undefined;
    const object = attribute && childOf(node, 'object');
    if (!object || !IMPORT_FUNCTIONS.has(this.walk.nameOf(attribute))) return undefined;
    const owner = valueOf(object);
    const binding = owner.type === 'identifier' ? scope.find(this.walk.nameOf(owner)) : undefined;
    return binding && { binding, needs: 'importing-module' };
  }
}

/** For a walrus its name, which is recorded as an alias of its value. */
function valueOf(expression: SyntaxNode): SyntaxNode {
  const node = withoutParentheses(expression);
  return (node.type === 'named_expression' ? childOf(node, 'name') : undefined) ?? node;
}

/** The first positional argument or the keyword `name`. */
function moduleArgument(walk: ScopeWalk, { argumentList }: CallSite): SyntaxNode | undefined {
  if (argumentList.type !== 'argument_list') return undefined;
  const first = argumentList.children[0];
  const named = argumentList.children.find((argument) => {
    const name = argument.type === 'keyword_argument' ? childOf(argument, 'name') : undefined;
    return name !== undefined && walk.nameOf(name) === 'name';
  });
  const value = named ? childOf(named, 'value') : first;
  return value && withoutParentheses(value);
}
