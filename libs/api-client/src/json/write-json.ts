/** As deep as the service reads `inputs`. */
const MAX_DEPTH = 200;

/**
 * Writes a value as JSON: what `JSON.stringify` writes, and a `bigint` as an integer with all its digits. What JSON cannot
 * say is refused instead of being left out, made `null` or an empty object; only `undefined` is as usual no member of an
 * object, and `null` in an array.
 *
 * @param name what the value is called in messages
 * @throws TypeError that names the place of a value that has no JSON: NaN, an infinity, a function, a symbol, a cycle,
 *   a Map, bytes, a Date without a time
 */
export function writeJson(value: unknown, name: string): string {
  return write(value, name, 0);
}

function write(value: unknown, path: string, depth: number): string {
  if (depth > MAX_DEPTH) {
    throw new TypeError(`${path.slice(0, 80)}... is more than ${MAX_DEPTH} levels deep, or contains itself`);
  }
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      if (!Number.isFinite(value)) {
        throw new TypeError(`${path} is ${value}, which JSON does not have: send null or a text instead`);
      }
      return JSON.stringify(value);
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, path, depth);
    default:
      throw new TypeError(`${path} is of type ${typeof value}, which JSON does not have`);
  }
}

function writeObject(value: object, path: string, depth: number): string {
  // Before `toJSON`: that of a Buffer makes an object of it, and that of a date without a time null.
  if (ArrayBuffer.isView(value)) {
    throw new TypeError(
      `${path} is bytes (${kindOf(value)}): send them as a file, or make an array or a text of them`,
    );
  }
  if (kindOf(value) === 'Date' && Number.isNaN((value as Date).getTime())) {
    throw new TypeError(`${path} is a Date without a time (Invalid Date): send null or a text instead`);
  }
  if (hasToJson(value)) {
    return write(value.toJSON(''), path, depth + 1);
  }
  if (Array.isArray(value)) {
    const items = Array.from(value as readonly unknown[], (item, index) =>
      item === undefined ? 'null' : write(item, `${path}[${index}]`, depth + 1),
    );
    return `[${items.join(',')}]`;
  }
  const kind = kindOf(value);
  if (['Number', 'String', 'Boolean', 'BigInt'].includes(kind)) {
    return write(value.valueOf(), path, depth + 1);
  }
  if (kind !== 'Object') {
    throw new TypeError(
      `${path} is ${articleOf(kind)} ${kind}: ${ADVICE[kind] ?? 'make an array or an object of it'}`,
    );
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, `${path}.${key}`, depth + 1)}`);
  return `{${members.join(',')}}`;
}

const ADVICE: Readonly<Record<string, string>> = {
  Promise: 'await it first',
  Error: 'send its message',
  RegExp: 'send its source',
  Blob: 'send it as a file',
  File: 'send it as a file',
};

/** Not by `instanceof`: values come from frames and other realms, too. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function articleOf(word: string): string {
  return /^[AEIO]/.test(word) ? 'an' : 'a';
}

/** A date, for one. */
function hasToJson(value: object): value is { toJSON(key: string): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
