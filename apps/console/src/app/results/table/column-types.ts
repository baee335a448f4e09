import type { DataTable } from './data-table';

/** What stands in a column, as a person would say it. */
export type ColumnType = 'int' | 'float' | 'text' | 'date' | 'bool' | 'list' | 'object' | 'mixed' | 'empty';

const NAMES = { string: 'text', boolean: 'bool', array: 'list', object: 'object' } as const;

/** Of each column the type that all its values have, nulls and gaps aside; whole and broken numbers are `float`. */
export function columnTypes(table: DataTable): readonly ColumnType[] {
  return table.columns.map(({ kind }, column) => {
    if (kind === 'date') return 'date';
    let type: ColumnType = 'empty';
    for (let row = 0; row < table.rowCount; row += 1) {
      const found = typeAt(table, row, column);
      if (found === null || found === type) continue;
      if (type === 'empty') type = found;
      else if (kind === 'number') return 'float';
      else return 'mixed';
    }
    return type;
  });
}

function typeAt(table: DataTable, row: number, column: number): ColumnType | null {
  const kind = table.kind(row, column);
  if (kind === null || kind === 'null') return null;
  if (kind !== 'number') return NAMES[kind];
  return /[.e]/i.test(table.text(row, column)) ? 'float' : 'int';
}
