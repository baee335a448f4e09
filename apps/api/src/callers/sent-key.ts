import type { IncomingMessage } from 'node:http';

export const KEY_HEADER = 'X-API-Key';
const KEY_HEADER_NAME = KEY_HEADER.toLowerCase();
const BEARER_HEADER_NAME = 'authorization';
const BEARER = /^bearer +/i;

/** A request that names no key. */
export const NO_KEY = Symbol('no key');
/** A request that names a key more than once, be it the same. */
export const SEVERAL_KEYS = Symbol('several keys');

/**
 * Returns the key that a request names in one of the two headers, however wrong it is.
 *
 * Headers are read as they came: Node keeps the first `Authorization` of several and joins `X-API-Key`. What stands between
 * a client and us may look at another one than we do, so a request with two is refused, whatever they say.
 */
export function sentKeyOf({ rawHeaders }: IncomingMessage): string | typeof NO_KEY | typeof SEVERAL_KEYS {
  let key: string | typeof NO_KEY = NO_KEY;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    // Most names are told from ours by their length.
    const isPlain = name.length === KEY_HEADER_NAME.length && name.toLowerCase() === KEY_HEADER_NAME;
    const isBearer = name.length === BEARER_HEADER_NAME.length && name.toLowerCase() === BEARER_HEADER_NAME;
    if (!isPlain && !isBearer) {
      continue;
    }
    if (key !== NO_KEY) {
      return SEVERAL_KEYS;
    }
    const value = rawHeaders[at + 1] ?? '';
    // A bare key behind `Authorization:` is wrong, as another scheme is: the empty text is no key.
    key = isPlain ? value : BEARER.test(value) ? value.replace(BEARER, '') : '';
  }
  return single(key);
}

/**
 * The same, of a request that came to an interface: its clients may name their key in other headers, too.
 * @param names of those headers in lower case; their values may begin with `Bearer`
 */
export function foreignKeyOf(
  request: IncomingMessage,
  names: readonly string[],
): string | typeof NO_KEY | typeof SEVERAL_KEYS {
  let key = sentKeyOf(request);
  const { rawHeaders } = request;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!names.includes((rawHeaders[at] ?? '').toLowerCase())) {
      continue;
    }
    if (key !== NO_KEY) {
      return SEVERAL_KEYS;
    }
    key = single((rawHeaders[at + 1] ?? '').replace(BEARER, ''));
  }
  return key;
}

/** Two values in one header, as some intermediaries join them. No key has a comma. */
function single<Key extends symbol>(key: string | Key): string | Key | typeof SEVERAL_KEYS {
  return typeof key === 'string' && key.includes(',') ? SEVERAL_KEYS : key;
}
