const LINE_FEED = 0x0a;

/** What Ruby's `rstrip` takes away: NUL, tab, the four ends of lines, and the space; no other space of Unicode. */
function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/**
 * Whether two texts in UTF-8 are the same to Judge0: what is blank at the ends of lines does not count, nor at the end of all. Each
 * byte is looked at twice at most, and nothing is made of them: a text may be millions of lines.
 */
export function isSameOutput(one: Buffer, other: Buffer): boolean {
  const oneEnd = endWithoutBlanks(one, 0, one.length);
  const otherEnd = endWithoutBlanks(other, 0, other.length);
  let oneAt = 0;
  let otherAt = 0;
  while (oneAt < oneEnd && otherAt < otherEnd) {
    const oneLine = endOfLine(one, oneAt, oneEnd);
    const otherLine = endOfLine(other, otherAt, otherEnd);
    const length = endWithoutBlanks(one, oneAt, oneLine) - oneAt;
    if (length !== endWithoutBlanks(other, otherAt, otherLine) - otherAt) {
      return false;
    }
    for (let index = 0; index < length; index++) {
      if (one[oneAt + index] !== other[otherAt + index]) {
        return false;
      }
    }
    oneAt = oneLine + 1;
    otherAt = otherLine + 1;
  }
  return oneAt >= oneEnd && otherAt >= otherEnd;
}

function endOfLine(text: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && text[at] !== LINE_FEED) {
    at++;
  }
  return at;
}

function endWithoutBlanks(text: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text[at - 1])) {
    at--;
  }
  return at;
}
