/** What a JSON value is. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** In the order of their codes in `JsonNodes.kinds`. */
export const JSON_KINDS: readonly JsonKind[] = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/** Columns over the values of a text in document order, as the parser found them. Offsets are UTF-16 code units. */
export interface JsonNodes {
  readonly count: number;
  /** Index into `JSON_KINDS`. */
  readonly kinds: Uint8Array;
  /** Where the raw text of the value begins and ends, end exclusive. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The first value behind this one and all that it holds. */
  readonly nexts: Int32Array;
  /** The container, -1 for the root. */
  readonly parents: Int32Array;
  /** Place among the values of the container, from 0. */
  readonly ordinals: Int32Array;
  /** How many values a container holds directly. */
  readonly sizes: Int32Array;
  /** Where the key's opening quote is, -1 where the value has no key. */
  readonly keyStarts: Int32Array;
}

/**
 * A JSON text with an index over its values. Values stay text until they are read: so integers of any size, `1.0`,
 * the order of keys and double keys are as Python wrote them, and four megabytes cost numbers in arrays, not objects.
 *
 * A value is named by its place in document order; 0 is the root, and what a container holds follows it directly.
 */
export class JsonDocument {
  readonly root = 0;

  constructor(
    readonly text: string,
    private readonly nodes: JsonNodes,
  ) {}

  /** How many values there are, containers included. */
  get count(): number {
    return this.nodes.count;
  }

  kind(node: number): JsonKind {
    return JSON_KINDS[this.nodes.kinds[node] ?? -1] ?? 'null';
  }

  isContainer(node: number): boolean {
    return (this.nodes.kinds[node] ?? 2) < 2;
  }

  start(node: number): number {
    return this.nodes.starts[node] ?? 0;
  }

  /** Exclusive. */
  end(node: number): number {
    return this.nodes.ends[node] ?? 0;
  }

  /** The first value behind this one and all that it holds: the next sibling where the container goes on. */
  next(node: number): number {
    return this.nodes.nexts[node] ?? this.nodes.count;
  }

  /** @returns -1 for the root */
  parent(node: number): number {
    return this.nodes.parents[node] ?? -1;
  }

  /** Place among the values of its container, from 0. */
  ordinal(node: number): number {
    return this.nodes.ordinals[node] ?? 0;
  }

  /** How many values it holds directly; 0 for plain values. */
  size(node: number): number {
    return this.nodes.sizes[node] ?? 0;
  }

  /** 0 for the root. */
  depth(node: number): number {
    let depth = 0;
    for (let at = this.parent(node); at !== -1; at = this.parent(at)) depth += 1;
    return depth;
  }

  /** The values that it holds directly, in their order. */
  children(node: number): number[] {
    const children: number[] = [];
    const end = this.next(node);
    for (let child = node + 1; child < end; child = this.next(child)) children.push(child);
    return children;
  }

  /** As Python wrote it. */
  raw(node: number): string {
    return this.text.slice(this.start(node), this.end(node));
  }

  /** What a string says; of other values their raw text. */
  plain(node: number): string {
    return this.kind(node) === 'string' ? unquote(this.raw(node)) : this.raw(node);
  }

  /** @returns null where the value stands in a list, or is the root */
  key(node: number): string | null {
    const start = this.nodes.keyStarts[node] ?? -1;
    return start === -1 ? null : unquote(this.text.slice(start, this.keyEnd(start)));
  }

  /** Where the key's opening quote is; -1 where there is none. */
  keyStart(node: number): number {
    return this.nodes.keyStarts[node] ?? -1;
  }

  /** The last value that begins at an offset of the text or before it. */
  nodeAt(offset: number): number {
    let low = 0;
    let high = this.nodes.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** @param start where a key's opening quote is */
  keyEnd(start: number): number {
    for (let at = start + 1; ; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === 0x5c) at += 1;
      else if (code === 0x22 || Number.isNaN(code)) return at + 1;
    }
  }
}

/** @param raw a JSON string, which the parser has checked */
function unquote(raw: string): string {
  return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
}
