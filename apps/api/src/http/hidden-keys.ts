/** How a key looks, as the source of a regular expression. */
export const KEY_TEXT = 'pycell_[A-Za-z0-9_-]{43}';
const KEYS = new RegExp(KEY_TEXT, 'g');

/**
 * Returns a text without the keys in it. Messages quote what was wrong with a request, and people send keys in paths, names of
 * fields and wherever else: an error is copied into tickets and chats, where a key must not go with it.
 */
export function withoutKeys(text: string): string {
  return text.includes('pycell_') ? text.replace(KEYS, 'pycell_...') : text;
}
