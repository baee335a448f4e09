/** A text is no JSON, or nests too deeply to be shown. */
export class JsonSyntaxError extends Error {
  constructor(
    /** Where it was noticed, UTF-16 code units from the start. */
    readonly offset: number,
  ) {
    super(`Not JSON at character ${offset}`);
    this.name = 'JsonSyntaxError';
  }
}

export function skipSpace(text: string, from: number): number {
  for (let at = from; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
  }
}

/**
 * @param start where the opening quote is
 * @returns the offset behind the closing quote
 */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at = endOfEscape(text, at + 1);
    // NaN behind the end: no comparison holds.
    else if (!(code >= 0x20)) throw new JsonSyntaxError(at);
  }
}

const HEX = /^[\da-fA-F]{4}$/;

/** @returns the offset of the escape's last character */
function endOfEscape(text: string, at: number): number {
  const letter = text.charAt(at);
  if (letter === 'u' && HEX.test(text.slice(at + 1, at + 5))) return at + 4;
  if (letter === '' || !'"\\/bfnrt'.includes(letter)) throw new JsonSyntaxError(at);
  return at;
}

/** @returns the offset behind the number that begins at `start` */
export function endOfNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === 0x2d ? start + 1 : start;
  at = text.charCodeAt(at) === 0x30 ? at + 1 : endOfDigits(text, at);
  if (text.charCodeAt(at) === 0x2e) at = endOfDigits(text, at + 1);
  const exponent = text.charCodeAt(at);
  if (exponent === 0x65 || exponent === 0x45) {
    const sign = text.charCodeAt(at + 1);
    at = endOfDigits(text, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
  }
  return at;
}

/** At least one digit. */
function endOfDigits(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at += 1;
  if (at === start) throw new JsonSyntaxError(at);
  return at;
}
