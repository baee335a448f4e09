const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/**
 * Looks over JSON in UTF-8 before it is parsed, and says whether it has more lists, objects and members than `most`: megabytes
 * of them would hold the event loop for many times as long as a string of that size. What is no JSON is left to the parser.
 */
export function hasMoreStructure(json: Buffer, most: number): boolean {
  return countStructure(json, most) > most;
}

/** Counts the lists, objects and members of JSON in UTF-8, up to one more than `most`. */
export function countStructure(json: Buffer, most: number): number {
  let structure = 0;
  for (let index = 0; index < json.length; index++) {
    switch (json[index]) {
      case QUOTE:
        index = endOfString(json, index);
        break;
      case COMMA:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++structure > most) {
          return structure;
        }
        break;
      default:
    }
  }
  return structure;
}

function endOfString(json: Buffer, quote: number): number {
  let index = quote + 1;
  while (index < json.length && json[index] !== QUOTE) {
    index += json[index] === BACKSLASH ? 2 : 1;
  }
  return index;
}
