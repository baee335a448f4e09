const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Returns what an answer must equal that a document shows. All that differs from run to run is taken for an example:
 * UUIDs, measurements, the level of isolation; `...` at the end of a text, and `{}` for `execution`, stand for more.
 */
export function answerLike(documented: unknown, key = ''): unknown {
  if (key === 'isolation' || (typeof documented === 'string' && UUID.test(documented))) {
    return expect.any(String);
  }
  if (typeof documented === 'number' && /(Ms|Bytes)$/.test(key)) {
    return expect.any(Number);
  }
  if (typeof documented === 'string' && documented.endsWith('...')) {
    return expect.stringContaining(documented.slice(0, -3));
  }
  if (Array.isArray(documented)) {
    return documented.map((entry) => answerLike(entry));
  }
  if (typeof documented !== 'object' || documented === null) {
    return documented;
  }
  const entries = Object.entries(documented);
  return key === 'execution' && entries.length === 0
    ? expect.any(Object)
    : Object.fromEntries(entries.map(([name, value]) => [name, answerLike(value, name)]));
}
