import { MessageError } from './message-error';

/** A head has a handful of fields, and a list of two entries for each section. */
const MAX_STRUCTURE = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/**
 * Looks over a head before it is parsed: half a megabyte of keys, which a script may write in place of its own, would
 * hold the event loop for many times as long as texts of that size. What is no JSON is left to the parser.
 * @throws MessageError where it has more members, lists and objects than any of ours
 */
export function checkHeadStructure(head: Buffer, what: string): void {
  let structure = 0;
  for (let index = 0; index < head.length; index++) {
    switch (head[index]) {
      case QUOTE:
        index = endOfString(head, index);
        break;
      case COMMA:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++structure > MAX_STRUCTURE) {
          throw new MessageError(
            `${what}: its head has more than ${MAX_STRUCTURE} members, lists and objects`,
          );
        }
        break;
      default:
    }
  }
}

function endOfString(head: Buffer, quote: number): number {
  let index = quote + 1;
  while (index < head.length && head[index] !== QUOTE) {
    index += head[index] === BACKSLASH ? 2 : 1;
  }
  return index;
}
