import type { Tree } from 'web-tree-sitter';

/**
 * A node of the parse, copied out of the parser's memory: the tree there can be freed at once, and reading a plain
 * object is far cheaper than a call into wasm. Comments, line continuations and unnamed tokens are left out.
 */
export interface SyntaxNode {
  readonly type: string;
  /** the role that the grammar gives the node in its parent */
  readonly field: string | null;
  /** offsets in UTF-16 code units, end exclusive */
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

interface GrowingNode extends SyntaxNode {
  readonly children: GrowingNode[];
}

const SKIPPED_TYPES = new Set(['comment', 'line_continuation']);

/** Copies a parse without an error. The cost is linear, the depth unlimited. */
export function copyTree(tree: Tree): SyntaxNode {
  const { types, fields } = tree.language;
  const isKept = types.map((type, id) => tree.language.nodeTypeIsNamed(id) && !SKIPPED_TYPES.has(type));
  const cursor = tree.walk();
  try {
    const copyCurrent = (typeId: number): GrowingNode => ({
      type: types[typeId] ?? 'ERROR',
      field: fields[cursor.currentFieldId] ?? null,
      start: cursor.startIndex,
      end: cursor.endIndex,
      children: [],
    });
    const root = copyCurrent(cursor.nodeTypeId);
    const ancestors: GrowingNode[] = [root];
    let more = cursor.gotoFirstChild();
    while (more) {
      const parent = ancestors[ancestors.length - 1] ?? root;
      const typeId = cursor.nodeTypeId;
      if (isKept[typeId] ?? true) {
        const node = copyCurrent(typeId);
        parent.children.push(node);
        if (cursor.gotoFirstChild()) {
          ancestors.push(node);
          continue;
        }
      }
      more = cursor.gotoNextSibling();
      while (!more && ancestors.length > 1) {
        cursor.gotoParent();
        ancestors.pop();
        more = cursor.gotoNextSibling();
      }
    }
    return root;
  } finally {
    cursor.delete();
  }
}

export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

export function childrenOf(node: SyntaxNode, field: string): SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

/** The node inside any number of parentheses. */
export function withoutParentheses(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (inner.type === 'parenthesized_expression' && inner.children[0]) inner = inner.children[0];
  return inner;
}
