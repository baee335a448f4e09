import type { SyntaxNode } from './syntax-node';

/**
 * `inline` scopes (comprehensions, type parameters) have names of their own like functions, but run where they stand.
 */
export type ScopeKind = 'module' | 'class' | 'function' | 'inline';

/** What a binding is known to hold, as far as importing modules is concerned. */
export type ImportRole = 'importing-module' | 'import-function';

/** Something that makes a name part of a scope. Offsets are UTF-16 code units. */
export type BindingEvent = { readonly name: string } & (
  | {
      readonly kind: 'bound';
      readonly from: number;
      readonly value?: SyntaxNode;
      readonly holds?: ImportRole;
    }
  /** `except E as name` unbinds the name when the handler ends */
  | { readonly kind: 'handler'; readonly from: number; readonly until: number }
  | { readonly kind: 'deleted' }
  /** `name: int` makes a name local to a function, and does nothing elsewhere */
  | { readonly kind: 'annotated' }
);

/** One name of one scope. */
export class Binding {
  private firstBound = Infinity;
  private isDeleted = false;
  private readonly handlers: { readonly from: number; readonly until: number }[] = [];
  readonly holds = new Set<ImportRole>();

  apply(event: BindingEvent): void {
    switch (event.kind) {
      case 'bound':
        this.firstBound = Math.min(this.firstBound, event.from);
        if (event.holds) this.holds.add(event.holds);
        return;
      case 'handler':
        this.handlers.push(event);
        this.isDeleted = true;
        return;
      case 'deleted':
        this.isDeleted = true;
        return;
      case 'annotated':
        return;
      default:
        event satisfies never;
    }
  }

  /**
   * Whether a load finds this binding in a module or a class, where Python looks among the builtins for what is not
   * bound at that moment.
   *
   * @param isImmediate the load runs where it stands, so the binding must have happened before it
   */
  covers(offset: number, isImmediate: boolean): boolean {
    if (this.handlers.some(({ from, until }) => from <= offset && offset < until)) return true;
    if (this.isDeleted) return false;
    return isImmediate ? this.firstBound <= offset : this.firstBound < Infinity;
  }
}

/** A scope of the script and what it does to names; `settle` turns that into bindings. */
export class Scope {
  readonly bindings = new Map<string, Binding>();
  readonly globals = new Set<string>();
  readonly nonlocals = new Set<string>();
  readonly events: BindingEvent[] = [];
  readonly module: Scope;

  constructor(
    readonly kind: ScopeKind,
    readonly parent: Scope | null,
  ) {
    this.module = parent?.module ?? this;
  }

  /** Where a walrus binds: comprehensions hand it on to the scope around them. */
  get walrusTarget(): Scope {
    let scope: Scope = this;
    while (scope.kind === 'inline' && scope.parent) scope = scope.parent;
    return scope;
  }

  /** Applies the events, once `global` and `nonlocal` are known for the whole script. */
  settle(): void {
    for (const event of this.events) {
      if (this.nonlocals.has(event.name)) continue;
      const target = this.globals.has(event.name) ? this.module : this;
      if (event.kind === 'annotated' && target.kind !== 'function') continue;
      const binding = target.bindings.get(event.name) ?? new Binding();
      target.bindings.set(event.name, binding);
      binding.apply(event);
    }
  }

  /** The binding that the name has here for code that runs some time, regardless of when. */
  find(name: string): Binding | undefined {
    let hidesClass = false;
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      if (scope.globals.has(name)) return this.module.bindings.get(name);
      const isVisible = !(scope.kind === 'class' && hidesClass) && !scope.nonlocals.has(name);
      const binding = isVisible ? scope.bindings.get(name) : undefined;
      if (binding) return binding;
      hidesClass = true;
    }
    return undefined;
  }

  /** Whether a load at this offset of this scope finds something that the script bound, not a builtin. */
  binds(name: string, offset: number): boolean {
    let isImmediate = true;
    let sees: 'everything' | 'no-classes' | 'module-only' = 'everything';
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const binding = scope.nonlocals.has(name) ? undefined : scope.bindings.get(name);
      if (scope.kind === 'module') return binding?.covers(offset, isImmediate) ?? false;
      if (scope.globals.has(name)) sees = 'module-only';
      if (binding && sees !== 'module-only') {
        if (scope.kind !== 'class') return true;
        if (sees === 'everything') {
          if (binding.covers(offset, true)) return true;
          // Python skips the functions around a class for a name that the class binds, even later.
          sees = 'module-only';
        }
      }
      if (scope.kind === 'function') isImmediate = false;
      if (sees === 'everything') sees = 'no-classes';
    }
    return false;
  }
}
