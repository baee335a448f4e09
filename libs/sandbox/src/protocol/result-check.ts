import { isUtf8 } from 'node:buffer';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Says why bytes are not exactly one JSON value that nests at most `maxDepth` deep, or null when they are.
 *
 * The text is spliced into the answer as it is, and the process that wrote it held the script: without this check
 * a script could write `1,"execution":{...}` and forge the rest of the answer.
 */
export function findResultFlaw(text: Buffer, maxDepth: number): string | null {
  if (!isUtf8(text)) {
    return 'result is not UTF-8';
  }
  // Before the parser, whose memory a deeply nested value would cost.
  if (nestsDeeperThan(text, maxDepth)) {
    return `result nests deeper than ${maxDepth}`;
  }
  try {
    JSON.parse(text.toString('utf8'));
    return null;
  } catch {
    // The reason is the script's own text: not repeated.
    return 'result is not one JSON value';
  }
}

function nestsDeeperThan(text: Buffer, maxDepth: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const byte = text[index];
    if (byte === QUOTE) {
      index = endOfString(text, index);
    } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
      depth++;
      if (depth > maxDepth) {
        return true;
      }
    } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
      depth--;
    }
  }
  return false;
}

/** Returns the index of the quote that closes the string opened at `start`, or the end of the text. */
function endOfString(text: Buffer, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== QUOTE) {
    index += text[index] === BACKSLASH ? 2 : 1;
  }
  return index;
}
