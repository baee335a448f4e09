/**
 * More than any request needs: what is large in one is its script, a single string. The validation takes up to 10 us for
 * each of them, and more in objects.
 */
const MAX_STRUCTURE = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/** The `type` by which the answer tells this from other errors of the body parser. */
export const STRUCTURE_ERROR_TYPE = 'entity.structure';

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
  checkJsonStructure(body);
}

/**
 * Looks over a JSON body before it is parsed: megabytes of brackets would hold the event loop for many times as long as
 * a string of that size, in the parser and in the validation.
 * @throws an error for the body parser, which refuses the request
 */
export function checkJsonStructure(body: Buffer): void {
  let structure = 0;
  for (let index = 0; index < body.length; index++) {
    switch (body[index]) {
      case QUOTE:
        for (index++; index < body.length && body[index] !== QUOTE; index++) {
          if (body[index] === BACKSLASH) {
            index++;
          }
        }
        break;
      case COMMA:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++structure > MAX_STRUCTURE) {
          throw Object.assign(new Error(`it has more than ${MAX_STRUCTURE} lists, objects and members`), {
            type: STRUCTURE_ERROR_TYPE,
          });
        }
        break;
      default:
    }
  }
}
