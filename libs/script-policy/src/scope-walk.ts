import { Scope, type BindingEvent, type ScopeKind } from './scope';
import type { SyntaxNode } from './syntax-node';

/** A bare name that is read. Offsets are UTF-16 code units, end exclusive. */
export interface NameLoad {
  readonly name: string;
  readonly scope: Scope;
  readonly start: number;
  readonly end: number;
}

/** A module that the script imports, and where its name is written. */
export interface ModuleImport {
  /** absolute dotted name */
  readonly module: string;
  readonly start: number;
  readonly end: number;
}

/** `from module import name`, by the names that the module has for them. */
export interface ImportedName {
  readonly module: string;
  readonly name: string;
}

/** A call, kept because it may turn out to import something. */
export interface CallSite {
  readonly callee: SyntaxNode;
  readonly argumentList: SyntaxNode;
  readonly scope: Scope;
}

/** `name = value`: the name may hold whatever the value is. */
export interface Alias {
  readonly name: string;
  readonly scope: Scope;
  readonly value: SyntaxNode;
  readonly valueScope: Scope;
}

/** Where a visited node stands. */
export interface Place {
  readonly scope: Scope;
  /** the offset from which on a name bound here counts as bound: the end of the statement or of its header */
  readonly boundFrom: number;
}

export type Visit = (walk: ScopeWalk, node: SyntaxNode, place: Place) => void;

/**
 * What one pass over the syntax has found. Visits are queued instead of nested, so that the depth of a script never
 * becomes the depth of our stack; nothing here depends on the order in which nodes are visited.
 */
export class ScopeWalk {
  readonly module = new Scope('module', null);
  readonly scopes: Scope[] = [this.module];
  readonly loads: NameLoad[] = [];
  readonly imports: ModuleImport[] = [];
  readonly importedNames: ImportedName[] = [];
  readonly calls: CallSite[] = [];
  /** attributes that are read, not those that are assigned to or deleted */
  readonly attributes: SyntaxNode[] = [];
  readonly aliases: Alias[] = [];
  hasStarImport = false;
  private readonly pending: { visit: Visit; node: SyntaxNode; place: Place }[] = [];

  /** @param visitCode the visit for code that is evaluated */
  constructor(
    private readonly text: string,
    private readonly visitCode: Visit,
  ) {}

  run(root: SyntaxNode): void {
    this.evaluate(root, { scope: this.module, boundFrom: root.end });
    for (let next = this.pending.pop(); next; next = this.pending.pop()) {
      next.visit(this, next.node, next.place);
    }
    for (const scope of this.scopes) scope.settle();
  }

  evaluate(node: SyntaxNode | undefined, place: Place): void {
    this.later(this.visitCode, node, place);
  }

  evaluateAll(nodes: readonly SyntaxNode[], place: Place): void {
    for (const node of nodes) this.evaluate(node, place);
  }

  later(visit: Visit, node: SyntaxNode | undefined, place: Place): void {
    if (node) this.pending.push({ visit, node, place });
  }

  laterAll(visit: Visit, nodes: readonly SyntaxNode[], place: Place): void {
    for (const node of nodes) this.later(visit, node, place);
  }

  open(kind: ScopeKind, parent: Scope): Scope {
    const scope = new Scope(kind, parent);
    this.scopes.push(scope);
    return scope;
  }

  /** The name that Python sees, for an identifier or a dotted name (which may hold blanks and comments). */
  nameOf(node: SyntaxNode): string {
    if (node.type === 'dotted_name') return node.children.map((part) => this.nameOf(part)).join('.');
    return this.text.slice(node.start, node.end).normalize('NFKC');
  }

  load(node: SyntaxNode, { scope }: Place): void {
    this.loads.push({ name: this.nameOf(node), scope, start: node.start, end: node.end });
  }

  bind(scope: Scope, event: BindingEvent): void {
    scope.events.push(event);
  }
}
