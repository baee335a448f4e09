import type { JsonDocument } from '../json/json-document';
import { isChartable } from '../chart/chart-choices';
import type { FoundTable } from '../table/find-tables';

/** The ways to look at a result. */
export type ValueViewName = 'tree' | 'table' | 'chart' | 'text' | 'raw';

/**
 * The ways that make sense for a result, the best one first: a table where rows stand, a text as text, a plain value as
 * itself, everything else as a tree.
 */
export function viewsOf(
  json: JsonDocument,
  tables: readonly FoundTable[],
): {
  readonly views: readonly ValueViewName[];
  readonly best: ValueViewName;
} {
  if (json.kind(json.root) === 'string') return { views: ['text', 'raw'], best: 'text' };
  if (!json.isContainer(json.root)) return { views: ['raw'], best: 'raw' };
  const views: ValueViewName[] = ['tree'];
  if (tables.length > 0) views.push('table');
  if (tables.some(({ table }) => isChartable(table))) views.push('chart');
  views.push('raw');
  const [first] = tables;
  const isTable = tables.length === 1 && first?.isEvident === true && first.path === 'result';
  return { views, best: isTable ? 'table' : 'tree' };
}
