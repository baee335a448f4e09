import type { JsonDocument } from './json-document';

/** The way to a value: keys of objects, places in lists. */
export type JsonPath = readonly (string | number)[];

export function pathTo(document: JsonDocument, node: number): JsonPath {
  const path: (string | number)[] = [];
  for (let at = node; document.parent(at) !== -1; at = document.parent(at)) {
    path.unshift(document.key(at) ?? document.ordinal(at));
  }
  return path;
}

/**
 * As it is written in Python, since that is where it is used: `result["rows"][3]`. A text in double quotes
 * means the same in JSON and in Python as long as nothing beyond the basic plane is escaped, and nothing is here.
 */
export function pythonPath(path: JsonPath, name = 'result'): string {
  return name + path.map((step) => `[${JSON.stringify(step)}]`).join('');
}
