import { isJsonNumber } from './json-number';

/** Why a text is no table, and where. */
export class CsvError extends Error {}

/** A CSV with a heading: rows as wide as that. */
export interface CsvTable {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type CsvColumnKind = 'number' | 'boolean' | 'text';

const DELIMITERS = [',', ';', '\t'] as const;
const TRUE = /^true$/i;
const FALSE = /^false$/i;

/**
 * Reads CSV as RFC 4180 has it, with a heading; the delimiter is a comma, a semicolon or a tab, whichever the heading has
 * most of. Rows that are too short are filled up, empty lines are left out.
 *
 * @throws CsvError with the line, where a quote is not closed or a row is wider than the heading
 */
export function parseCsv(text: string): CsvTable {
  const records = recordsOf(text.replace(/^\ufeff/, ''));
  const [heading, ...rows] = records;
  if (!heading) throw new CsvError('There is no heading.');
  const names = uniqueNames(heading.fields);
  return {
    names,
    rows: rows.map(({ fields, line }) => {
      if (fields.length > names.length) {
        throw new CsvError(`Line ${line} has ${fields.length} fields, the heading has ${names.length}.`);
      }
      return [...fields, ...Array<string>(names.length - fields.length).fill('')];
    }),
  };
}

/** What the columns hold, beside empty cells: a column is of numbers or of truth values only as a whole. */
export function columnKinds({ names, rows }: CsvTable): readonly CsvColumnKind[] {
  return names.map((_, column) => {
    const filled = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    if (filled.length === 0) return 'text';
    if (filled.every(isJsonNumber)) return 'number';
    return filled.every((cell) => TRUE.test(cell) || FALSE.test(cell)) ? 'boolean' : 'text';
  });
}

/** The JSON text of the table's records. Numbers keep their digits, an empty cell is `null`. */
export function recordsJson(table: CsvTable): string {
  const kinds = columnKinds(table);
  const keys = table.names.map((name) => JSON.stringify(name));
  const records = table.rows.map((row) => {
    const members = row.map((cell, column) => `${keys[column] ?? ''}:${cellJson(cell, kinds[column])}`);
    return `{${members.join(',')}}`;
  });
  return `[${records.join(',')}]`;
}

function cellJson(cell: string, kind: CsvColumnKind | undefined): string {
  if (cell === '') return 'null';
  if (kind === 'number') return cell;
  if (kind === 'boolean') return String(TRUE.test(cell));
  return JSON.stringify(cell);
}

interface CsvRecord {
  readonly fields: readonly string[];
  /** The line on which it begins, from 1. */
  readonly line: number;
}

function recordsOf(text: string): CsvRecord[] {
  const reader = new CsvReader(text, delimiterOf(text));
  const records: CsvRecord[] = [];
  for (let record = reader.next(); record; record = reader.next()) {
    const isBlank = record.fields.length === 1 && record.fields[0] === '';
    if (!isBlank) records.push(record);
  }
  return records;
}

function delimiterOf(text: string): string {
  const heading = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, '') ?? '';
  const counts = DELIMITERS.map((delimiter) => heading.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

class CsvReader {
  private at = 0;
  private line = 1;
  private readonly plainEnd: RegExp;

  constructor(
    private readonly text: string,
    private readonly delimiter: string,
  ) {
    this.plainEnd = new RegExp(`[${delimiter}\r\n]`, 'g');
  }

  next(): CsvRecord | null {
    if (this.at >= this.text.length) return null;
    const { line } = this;
    const fields: string[] = [this.field()];
    while (this.text[this.at] === this.delimiter) {
      this.at += 1;
      fields.push(this.field());
    }
    if (this.text[this.at] === '\r') this.at += 1;
    if (this.text[this.at] === '\n') this.at += 1;
    this.line += 1;
    return { fields, line };
  }

  private field(): string {
    return this.text[this.at] === '"' ? this.quoted() : this.plain();
  }

  private plain(): string {
    this.plainEnd.lastIndex = this.at;
    const end = this.plainEnd.exec(this.text)?.index ?? this.text.length;
    const field = this.text.slice(this.at, end);
    this.at = end;
    return field;
  }

  private quoted(): string {
    const opened = this.line;
    let field = '';
    for (;;) {
      const end = this.text.indexOf('"', this.at + 1);
      if (end === -1) throw new CsvError(`The quote that opens on line ${opened} is not closed.`);
      const part = this.text.slice(this.at + 1, end);
      field += part;
      this.line += part.split('\n').length - 1;
      this.at = end + 1;
      if (this.text[this.at] !== '"') break;
      field += '"';
    }
    // What stands behind the closing quote belongs to the field, as spreadsheets read it.
    return field + this.plain();
  }
}

/** Two columns of one name would be one: the second is `name.1`, as pandas has it. */
function uniqueNames(heading: readonly string[]): string[] {
  const taken = new Set<string>();
  return heading.map((name, column) => {
    const base = name === '' ? `Unnamed: ${column}` : name;
    let unique = base;
    for (let more = 1; taken.has(unique); more += 1) unique = `${base}.${more}`;
    taken.add(unique);
    return unique;
  });
}
