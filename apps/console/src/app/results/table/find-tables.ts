import type { JsonDocument } from '../json/json-document';
import { pathTo, pythonPath } from '../json/json-path';
import { DataTable, type TableCells } from './data-table';
import { RecordKeys } from './record-keys';

/** Tables beyond these are no help: mostly gaps, or wider than anybody reads. */
const MAX_COLUMNS = 1_000;
const MAX_CELLS = 6_000_000;
/** Where a row has other keys than the next one, it is no table. Of the cells that many must be there. */
const MIN_FILLED = 0.2;
const FEW_COLUMNS = 12;
/** Fewer pairs than this are read as well in the tree. */
const SERIES_LENGTH = 3;
/** A result is searched for tables this far: objects in objects, so many of them. */
const MAX_OBJECTS = 50;
const MAX_MEMBERS = 50;
const MAX_TABLES = 50;

/** A table found in a result. */
export interface FoundTable {
  /** Where it stands, as in Python: `result["rows"]`. */
  readonly path: string;
  readonly table: DataTable;
  /** Whether a user would expect a table: rows are, an object of numbers is as well an object. */
  readonly isEvident: boolean;
}

/** The result as a table, else those that stand in it, in objects at any depth: the nearest first. */
export function findTables(json: JsonDocument): readonly FoundTable[] {
  const whole = tableAt(json, json.root);
  if (whole?.isEvident) return [whole];
  const found: FoundTable[] = whole ? [whole] : [];
  const objects = json.kind(json.root) === 'object' ? [json.root] : [];
  for (let at = 0; at < objects.length && at < MAX_OBJECTS; at += 1) {
    for (const member of json.children(objects[at] ?? json.root).slice(0, MAX_MEMBERS)) {
      const table = tableAt(json, member);
      if (table && found.length < MAX_TABLES) found.push(table);
      else if (!table && json.kind(member) === 'object') objects.push(member);
    }
  }
  return found;
}

function tableAt(json: JsonDocument, node: number): FoundTable | null {
  const evident =
    json.kind(node) === 'array' ? (records(json, node) ?? rows(json, node)) : columns(json, node);
  const cells = evident ?? series(json, node);
  if (!cells) return null;
  const path = pythonPath(pathTo(json, node));
  return { path, table: new DataTable(json, cells), isEvident: evident !== null };
}

/** `[{"a": 1, "b": 2}, {"a": 3}]`: a record a row; columns in the order in which their keys are first seen. */
function records(json: JsonDocument, node: number): TableCells | null {
  const elements = json.children(node);
  if (elements.length === 0 || !elements.every((element) => json.kind(element) === 'object')) return null;
  const keys = new RecordKeys(json);
  /** Of each member in document order its column. */
  const places: number[] = [];
  for (const element of elements) {
    const end = json.next(element);
    for (let member = element + 1; member < end; member = json.next(member))
      places.push(keys.placeOf(member));
    if (keys.names.length > MAX_COLUMNS) return null;
  }
  const { names } = keys;
  if (!isReadable(elements.length, names.length, places.length)) return null;
  const nodes = new Int32Array(elements.length * names.length).fill(-1);
  let at = 0;
  elements.forEach((element, row) => {
    const end = json.next(element);
    for (let member = element + 1; member < end; member = json.next(member)) {
      nodes[row * names.length + (places[at] ?? 0)] = member;
      at += 1;
    }
  });
  return { rowCount: elements.length, names, nodes, hasKeyColumn: false };
}

/** `[[1, 2], [3, 4]]`: a list a row; a first row of names becomes the heading. */
function rows(json: JsonDocument, node: number): TableCells | null {
  const lists = json.children(node);
  if (lists.length === 0 || !lists.every((list) => json.kind(list) === 'array')) return null;
  const width = lists.reduce((widest, list) => Math.max(widest, json.size(list)), 0);
  const filled = lists.reduce((sum, list) => sum + json.size(list), 0);
  if (!isReadable(lists.length, width, filled)) return null;
  const heading = headingOf(json, lists, width);
  const names = heading ?? Array.from({ length: width }, (_, column) => String(column));
  const body = heading ? lists.slice(1) : lists;
  const nodes = new Int32Array(body.length * width).fill(-1);
  body.forEach((list, row) => {
    json.children(list).forEach((cell, column) => (nodes[row * width + column] = cell));
  });
  return { rowCount: body.length, names, nodes, hasKeyColumn: false };
}

/** A first row of different texts is a heading where some column below holds no text at all. */
function headingOf(json: JsonDocument, lists: readonly number[], width: number): string[] | null {
  const [first, ...others] = lists;
  if (first === undefined || others.length === 0 || width < 2 || json.size(first) !== width) return null;
  const cells = json.children(first);
  if (!cells.every((cell) => json.kind(cell) === 'string')) return null;
  const names = cells.map((cell) => json.plain(cell));
  if (new Set(names).size !== width || names.includes('')) return null;
  const withText = new Set<number>();
  for (const list of others) {
    json.children(list).forEach((cell, column) => {
      if (json.kind(cell) === 'string') withText.add(column);
    });
    if (withText.size === width) return null;
  }
  return names;
}

/** `{"a": [1, 3], "b": [2, 4]}`: a list a column, all of one length, plain values in them. */
function columns(json: JsonDocument, node: number): TableCells | null {
  if (json.kind(node) !== 'object') return null;
  const lists = json.children(node);
  const rowCount = json.size(lists[0] ?? -1);
  const isColumn = (list: number): boolean => json.kind(list) === 'array' && json.size(list) === rowCount;
  if (lists.length < 2 || rowCount < 2 || !lists.every(isColumn)) return null;
  // Nothing lies deeper than the lists where they have as many values as there are behind them.
  if (lists.some((list) => json.next(list) - list - 1 !== rowCount)) return null;
  if (!isReadable(rowCount, lists.length, rowCount * lists.length)) return null;
  const nodes = new Int32Array(rowCount * lists.length);
  lists.forEach((list, column) => {
    for (let row = 0; row < rowCount; row += 1) nodes[row * lists.length + column] = list + 1 + row;
  });
  return { rowCount, names: lists.map((list) => json.key(list) ?? ''), nodes, hasKeyColumn: false };
}

/** `{"2026-01-01": 1.5, "2026-01-02": null}`: what a Series becomes, an index and its values. */
function series(json: JsonDocument, node: number): TableCells | null {
  if (json.kind(node) !== 'object') return null;
  const members = json.children(node);
  const isValue = (member: number): boolean => ['number', 'null'].includes(json.kind(member));
  if (members.length < SERIES_LENGTH || !members.every(isValue)) return null;
  const nodes = new Int32Array(members.length * 2);
  members.forEach((member, row) => nodes.fill(member, row * 2, row * 2 + 2));
  return { rowCount: members.length, names: ['key', 'value'], nodes, hasKeyColumn: true };
}

function isReadable(rowCount: number, width: number, filled: number): boolean {
  const cells = rowCount * width;
  if (width === 0 || width > MAX_COLUMNS || cells > MAX_CELLS) return false;
  return width <= FEW_COLUMNS || filled / cells >= MIN_FILLED;
}
