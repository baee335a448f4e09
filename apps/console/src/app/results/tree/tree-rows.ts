import type { JsonDocument } from '../json/json-document';

/** How much of a result is expanded initially. Rows. */
const INITIAL_ROWS = 80;
/** A list of plain values that is not longer says all in its own row. UTF-16 code units. */
const ONE_ROW_LENGTH = 60;

/** Which containers of a result are open, and what is seen of it therefore. Not a view: it has neither keys nor pixels. */
export class OpenContainers {
  private readonly open: Uint8Array;

  constructor(private readonly json: JsonDocument) {
    this.open = new Uint8Array(json.count);
  }

  isOpen(node: number): boolean {
    return this.open[node] === 1;
  }

  set(node: number, isOpen: boolean): void {
    if (this.json.isContainer(node) && this.json.size(node) > 0) this.open[node] = isOpen ? 1 : 0;
  }

  /** The root stays open: closed, it would say nothing. */
  setAll(isOpen: boolean): void {
    for (let node = 0; node < this.json.count; node += 1) this.set(node, isOpen);
    this.set(this.json.root, true);
  }

  /** The root, and level by level below it what leaves the whole on one screen. */
  openInitially(): void {
    this.set(this.json.root, true);
    let rows = 1 + this.json.size(this.json.root);
    for (let level = [this.json.root]; level.length > 0 && rows <= INITIAL_ROWS;) {
      const next = level.flatMap((node) =>
        this.json.children(node).filter((child) => this.json.size(child) > 0 && !this.fitsRow(child)),
      );
      rows += next.reduce((sum, node) => sum + this.json.size(node), 0);
      if (rows <= INITIAL_ROWS) for (const node of next) this.set(node, true);
      level = next;
    }
  }

  private fitsRow(node: number): boolean {
    const { json } = this;
    const isFlat = json.next(node) - node - 1 === json.size(node);
    return json.kind(node) === 'array' && isFlat && json.end(node) - json.start(node) <= ONE_ROW_LENGTH;
  }

  /** Opens all that a value stands in. */
  reveal(node: number): void {
    for (let at = this.json.parent(node); at !== -1; at = this.json.parent(at)) this.set(at, true);
  }

  /** The values that are seen, in document order. */
  rows(): Int32Array {
    const rows: number[] = [];
    for (let node = 0; node < this.json.count;) {
      rows.push(node);
      node = this.isOpen(node) ? node + 1 : this.json.next(node);
    }
    return Int32Array.from(rows);
  }
}

/** @returns where in the rows, which ascend, a value stands; of one that is not seen, the row of what holds it */
export function rowOf(rows: Int32Array, node: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((rows[middle] ?? 0) <= node) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What a key does in the tree, by the tree pattern of WAI-ARIA. */
export type TreeMove =
  { readonly kind: 'go'; readonly node: number } | { readonly kind: 'open' | 'close'; readonly node: number };

/** @returns null where the key means nothing here */
export function moveByKey(
  key: string,
  at: {
    readonly json: JsonDocument;
    readonly containers: OpenContainers;
    readonly rows: Int32Array;
    readonly node: number;
    readonly page: number;
  },
): TreeMove | null {
  const { json, containers, rows, node, page } = at;
  const row = rowOf(rows, node);
  const go = (target: number): TreeMove => {
    const clamped = Math.max(0, Math.min(rows.length - 1, target));
    return { kind: 'go', node: rows[clamped] ?? 0 };
  };
  const isFilled = json.size(node) > 0;
  switch (key) {
    case 'ArrowDown':
      return go(row + 1);
    case 'ArrowUp':
      return go(row - 1);
    case 'PageDown':
      return go(row + page);
    case 'PageUp':
      return go(row - page);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (!isFilled) return null;
      return containers.isOpen(node) ? go(row + 1) : { kind: 'open', node };
    case 'ArrowLeft':
      if (isFilled && containers.isOpen(node)) return { kind: 'close', node };
      return node === json.root ? null : { kind: 'go', node: json.parent(node) };
    case 'Enter':
    case ' ':
      if (!isFilled) return null;
      return { kind: containers.isOpen(node) ? 'close' : 'open', node };
    default:
      return null;
  }
}
