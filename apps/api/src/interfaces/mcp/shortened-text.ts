/** How long the parts of the text for a model are at most; the structured content has all of them. */
export const TEXT_BOUNDS = {
  /** Bytes of JSON. */
  resultBytes: 64 * 1024,
  /** Characters, as those below. */
  stdout: 32 * 1024,
  stderr: 8 * 1024,
  traceback: 8 * 1024,
} as const;

/** Returns a text without its middle, where it is longer: what was printed last says most, what came first says what it is. */
export function withoutMiddle(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) {
    return text;
  }
  const half = Math.floor(maxCharacters / 2);
  const [start, end] = [text.slice(0, half).toWellFormed(), text.slice(-half).toWellFormed()];
  return `${start}\n[... ${text.length - 2 * half} characters are left out here; structuredContent has all ...]\n${end}`;
}
