import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { JsonRecognizer, type Recognition } from './json-recognizer';

/** How many bytes are looked at in one go: half a millisecond in which nobody else is served. */
const SLICE_BYTES = 256 * 1024;

/**
 * Says why bytes are not exactly one JSON value in one line that nests at most `maxDepth` deep, or null when they are.
 *
 * The text is spliced into the answer as it is, and the process that wrote it held the script: without this check
 * a script could write `1,"execution":{...}` and forge the rest of the answer, or end the line where answers are sent
 * line by line. The reason never repeats the text.
 */
export function findResultFlaw(text: Buffer, maxDepth: number): string | null {
  if (!isUtf8(text)) {
    return 'result is not UTF-8';
  }
  return flawOf(new JsonRecognizer(text, maxDepth).recognize(), text, maxDepth);
}

/** The same as `findResultFlaw`, with other work in between where the text is long. */
export async function findLongResultFlaw(text: Buffer, maxDepth: number): Promise<string | null> {
  if (text.length <= SLICE_BYTES) {
    return findResultFlaw(text, maxDepth);
  }
  if (!isUtf8(text)) {
    return 'result is not UTF-8';
  }
  const recognizer = new JsonRecognizer(text, maxDepth);
  for (let end = SLICE_BYTES; ; end += SLICE_BYTES) {
    const recognition = recognizer.recognizeUpTo(end);
    if (recognition) {
      return flawOf(recognition, text, maxDepth);
    }
    await setImmediate();
  }
}

function flawOf(recognition: Recognition, text: Buffer, maxDepth: number): string | null {
  switch (recognition) {
    case 'one-value':
      // In strings they are escaped, and the runner writes none between its tokens.
      return text.includes('\n') || text.includes('\r') ? 'result is not in one line' : null;
    case 'too-deep':
      return `result nests deeper than ${maxDepth}`;
    case 'not-one-value':
      return 'result is not one JSON value';
  }
}
