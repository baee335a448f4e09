import { isUtf8 } from 'node:buffer';
import { JsonRecognizer } from './json-recognizer';

/**
 * Says why bytes are not exactly one JSON value that nests at most `maxDepth` deep, or null when they are.
 *
 * The text is spliced into the answer as it is, and the process that wrote it held the script: without this check
 * a script could write `1,"execution":{...}` and forge the rest of the answer. The reason never repeats the text.
 */
export function findResultFlaw(text: Buffer, maxDepth: number): string | null {
  if (!isUtf8(text)) {
    return 'result is not UTF-8';
  }
  switch (new JsonRecognizer(text, maxDepth).recognize()) {
    case 'one-value':
      return null;
    case 'too-deep':
      return `result nests deeper than ${maxDepth}`;
    case 'not-one-value':
      return 'result is not one JSON value';
  }
}
