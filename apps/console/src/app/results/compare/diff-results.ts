import type { JsonDocument } from '../json/json-document';
import { JsonSyntaxError, parseJson } from '../json/json-parser';
import { pythonPath } from '../json/json-path';
import { alignLists } from './list-alignment';

/** One place at which two results differ. */
export interface ResultChange {
  readonly kind: 'added' | 'removed' | 'changed';
  /** As it is written in Python: `result["rows"][3]`; of what was removed the path that it had. */
  readonly path: string;
  /** Raw JSON; null where there was nothing. */
  readonly before: string | null;
  /** Raw JSON; null where there is nothing any more. */
  readonly after: string | null;
}

export interface ResultDifference {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** In the order of the later result; not more than `MAX_CHANGES`, all of them are counted. */
  readonly changes: readonly ResultChange[];
}

export const MAX_CHANGES = 1_000;

/**
 * Tells how one result became another: keys of objects in any order, elements of lists found again where others came
 * before them. Numbers are the same only where they are written the same: `1` and `1.0` are not.
 *
 * Never throws: texts that are no JSON are compared as a whole.
 */
export function diffResults(beforeText: string, afterText: string): ResultDifference {
  const comparison = new Comparison();
  if (beforeText === afterText) return comparison.difference();
  try {
    comparison.compare({ json: parseJson(beforeText), node: 0 }, { json: parseJson(afterText), node: 0 }, []);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    comparison.tell('changed', [], beforeText, afterText);
  }
  return comparison.difference();
}

interface Place {
  readonly json: JsonDocument;
  readonly node: number;
}

type Path = readonly (string | number)[];

class Comparison {
  private readonly counts = { added: 0, removed: 0, changed: 0 };
  private readonly changes: ResultChange[] = [];

  difference(): ResultDifference {
    return { ...this.counts, changes: this.changes };
  }

  compare(before: Place, after: Place, path: Path): void {
    const beforeRaw = before.json.raw(before.node);
    const afterRaw = after.json.raw(after.node);
    if (beforeRaw === afterRaw) return;
    const kind = before.json.kind(before.node);
    if (kind !== after.json.kind(after.node)) this.tell('changed', path, beforeRaw, afterRaw);
    else if (kind === 'object') this.compareObjects(before, after, path);
    else if (kind === 'array') this.compareLists(before, after, path);
    else if (before.json.plain(before.node) !== after.json.plain(after.node)) {
      this.tell('changed', path, beforeRaw, afterRaw);
    }
  }

  tell(kind: ResultChange['kind'], path: Path, before: string | null, after: string | null): void {
    this.counts[kind] += 1;
    if (this.changes.length < MAX_CHANGES) {
      this.changes.push({ kind, path: pythonPath(path), before, after });
    }
  }

  private compareObjects(before: Place, after: Place, path: Path): void {
    const left = members(before);
    const right = members(after);
    for (const [key, place] of right) {
      const earlier = left.get(key);
      if (earlier) this.compare(earlier, place, [...path, key]);
      else this.tell('added', [...path, key], null, place.json.raw(place.node));
    }
    for (const [key, place] of left) {
      if (!right.has(key)) this.tell('removed', [...path, key], place.json.raw(place.node), null);
    }
  }

  private compareLists(before: Place, after: Place, path: Path): void {
    const left = before.json.children(before.node);
    const right = after.json.children(after.node);
    const beforeTexts = left.map((node) => before.json.raw(node));
    const afterTexts = right.map((node) => after.json.raw(node));
    for (const pair of alignLists(beforeTexts, afterTexts)) {
      const { before: i, after: j } = pair;
      if (i === null && j !== null) this.tell('added', [...path, j], null, afterTexts[j] ?? '');
      else if (i !== null && j === null) this.tell('removed', [...path, i], beforeTexts[i] ?? '', null);
      else if (i !== null && j !== null) {
        const earlier = { json: before.json, node: left[i] ?? 0 };
        this.compare(earlier, { json: after.json, node: right[j] ?? 0 }, [...path, j]);
      }
    }
  }
}

/** Of a key that stands twice the last one counts, as in Python and in browsers. */
function members({ json, node }: Place): Map<string, Place> {
  return new Map(json.children(node).map((child) => [json.key(child) ?? '', { json, node: child }]));
}
