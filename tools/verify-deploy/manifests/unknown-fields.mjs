/** Puts a field that does not exist into manifests: a validator that lets one pass proves nothing. */

const FIELD = 'notAFieldOfAnything';
/** Maps whose keys are the operator's own. */
const FREE_MAPS = new Set([
  ...['annotations', 'labels', 'matchLabels', 'nodeSelector', 'data', 'limits', 'requests'],
  // Of a Service; everywhere else it is an object with fields.
  'selector',
]);

function isFree(key, value) {
  return FREE_MAPS.has(key) && !(key === 'selector' && 'matchLabels' in value);
}

/** Every object in a document that a schema describes, as the path to it. */
function objectsIn(value, path = []) {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => objectsIn(item, [...path, index]));
  }
  if (value === null || typeof value !== 'object' || isFree(path.at(-1), value)) {
    return [];
  }
  return [path, ...Object.entries(value).flatMap(([key, member]) => objectsIn(member, [...path, key]))];
}

/** Returns a copy of a document for each of its objects, with the field in that one: { place, document }. */
export function spoiledCopies(document) {
  return objectsIn(document).map((path) => {
    const copy = structuredClone(document);
    path.reduce((object, key) => object[key], copy)[FIELD] = 'at all';
    return { place: ['', ...path].join('.') || 'the document', document: copy };
  });
}
