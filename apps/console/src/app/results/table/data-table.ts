import type { JsonDocument, JsonKind } from '../json/json-document';
import { momentOf } from './moments';

/** What a column holds, beside nulls and gaps. */
export type ColumnKind = 'number' | 'date' | 'text';

export interface TableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** The values are the keys of an object, not what stands under them. */
  readonly isKey: boolean;
}

/** Where the cells of a table lie in a result. */
export interface TableCells {
  readonly rowCount: number;
  readonly names: readonly string[];
  /** Row by row the value's place in the document, -1 where the row has none. */
  readonly nodes: Int32Array;
  /** The first column shows the keys of its values. */
  readonly hasKeyColumn: boolean;
}

/** A result, or a part of it, as rows and columns. */
export class DataTable {
  readonly rowCount: number;
  readonly columns: readonly TableColumn[];

  constructor(
    private readonly json: JsonDocument,
    private readonly cells: TableCells,
  ) {
    this.rowCount = cells.rowCount;
    this.columns = cells.names.map((name, column) => {
      const isKey = cells.hasKeyColumn && column === 0;
      return { name, isKey, kind: this.kindOfColumn(column, isKey) };
    });
  }

  /** @returns null where the row has no such cell */
  kind(row: number, column: number): JsonKind | null {
    const node = this.node(row, column);
    if (node === -1) return null;
    return this.isKey(column) ? 'string' : this.json.kind(node);
  }

  /** What a user reads: texts without quotes, numbers as Python wrote them, the rest as JSON. Empty where there is none. */
  text(row: number, column: number): string {
    const node = this.node(row, column);
    if (node === -1) return '';
    return this.isKey(column) ? (this.json.key(node) ?? '') : this.json.plain(node);
  }

  /** The same, of long values only the beginning. */
  beginning(row: number, column: number, length: number): string {
    const node = this.node(row, column);
    if (node === -1 || this.isKey(column) || this.json.end(node) - this.json.start(node) <= length) {
      return this.text(row, column);
    }
    if (this.json.kind(node) === 'string') return this.json.plain(node).slice(0, length);
    return this.json.text.slice(this.json.start(node), this.json.start(node) + length);
  }

  /** How many values a cell holds that is a list or an object. */
  size(row: number, column: number): number {
    return this.json.size(this.node(row, column));
  }

  isMissing(row: number, column: number): boolean {
    const kind = this.kind(row, column);
    return kind === null || kind === 'null';
  }

  private node(row: number, column: number): number {
    return this.cells.nodes[row * this.cells.names.length + column] ?? -1;
  }

  private isKey(column: number): boolean {
    return this.cells.hasKeyColumn && column === 0;
  }

  private kindOfColumn(column: number, isKey: boolean): ColumnKind {
    let kind: ColumnKind | null = null;
    for (let row = 0; row < this.rowCount; row += 1) {
      const node = this.node(row, column);
      const found = node === -1 ? 'null' : isKey ? 'string' : this.json.kind(node);
      if (found === 'null') continue;
      const rowKind = found === 'number' ? 'number' : this.isDate(row, column, found) ? 'date' : 'text';
      if (rowKind === 'text' || (kind !== null && kind !== rowKind)) return 'text';
      kind = rowKind;
    }
    return kind ?? 'text';
  }

  private isDate(row: number, column: number, kind: JsonKind): boolean {
    if (kind !== 'string') return false;
    return !Number.isNaN(momentOf(this.text(row, column)));
  }
}
