const RESULT_KEY = '{"result":';

/**
 * Returns the text of `result` in the body of a 200, without the spaces between its tokens: digits, spelling of floats and
 * order of keys are as Python wrote them, which `JSON.parse` would lose.
 */
export function resultText(body: string): string {
  if (!body.startsWith(RESULT_KEY)) {
    throw new Error(`not the body of a 200: ${body.slice(0, 300)}`);
  }
  const end = endOfValue(body, RESULT_KEY.length);
  return withoutSpaces(body.slice(RESULT_KEY.length, end));
}

/** Removes the white space between the tokens of a JSON text. */
export function withoutSpaces(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_token, string: string | undefined) => string ?? '');
}

/** Returns where the JSON value that begins at `start` ends: at the comma or bracket that follows it. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === '"') {
      index = endOfString(text, index);
    } else if (character === '[' || character === '{') {
      depth++;
    } else if (character === ']' || character === '}') {
      depth--;
    } else if (character === ',' && depth === 0) {
      return index;
    }
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') {
    index += text[index] === '\\' ? 2 : 1;
  }
  return index;
}
