import { isUtf8 } from 'node:buffer';
import { hasMoreStructure } from '@pycell/sandbox';

/**
 * More than any request needs: what is large in one is its script, a single string. The validation takes up to 10 us for
 * each of them, and more in objects.
 */
const MAX_STRUCTURE = 1_000;

/** The `type` by which the answer tells this from other errors of the body parser. */
export const STRUCTURE_ERROR_TYPE = 'entity.structure';

/** The same of bytes that are no UTF-8: characters would be lost in silence. */
export const ENCODING_ERROR_TYPE = 'entity.encoding';

/** What body-parser calls other charsets, too, of those that it refuses itself. */
const CHARSET_ERROR_TYPE = 'charset.unsupported';

/**
 * What body-parser asks before it parses: the structure is counted in bytes, so that no charset may come that hides it.
 * @param charset in lower case, as the request names it; utf-8 where it names none
 * @throws an error for the body parser, which refuses the request
 */
export function verifyJsonBody(_request: unknown, _response: unknown, body: Buffer, charset: string): void {
  if (charset !== 'utf-8') {
    throw Object.assign(new Error(`unsupported charset "${charset.toUpperCase()}"`), {
      type: CHARSET_ERROR_TYPE,
      status: 415,
    });
  }
  if (!isUtf8(body)) {
    throw Object.assign(new Error('it is not UTF-8'), { type: ENCODING_ERROR_TYPE });
  }
  checkJsonStructure(body);
}

/**
 * Looks over a JSON body before it is parsed and validated.
 * @throws an error for the body parser, which refuses the request
 */
export function checkJsonStructure(body: Buffer): void {
  if (hasMoreStructure(body, MAX_STRUCTURE)) {
    throw Object.assign(new Error(`it has more than ${MAX_STRUCTURE} lists, objects and members`), {
      type: STRUCTURE_ERROR_TYPE,
    });
  }
}
