/** How a key looks, as the source of a regular expression: a prefix by which scanners for leaked secrets find it, and 32 random bytes. */
export const KEY_TEXT = 'pycell_[A-Za-z0-9_-]{43}';
/** Characters. */
export const KEY_LENGTH = 50;

const KEY_FORM = new RegExp(`^${KEY_TEXT}$`);
/** A key, whole, cut off or with something behind it: of the most of one the rest can be guessed. */
const KEYS = /pycell_[A-Za-z0-9_-]{20,}/g;

export function isKey(text: string): boolean {
  return KEY_FORM.test(text);
}

/**
 * Returns a text without the keys in it. Messages quote what was wrong with a request or a setting, and people put keys in paths,
 * names of fields and wherever else: an error is copied into tickets and chats, where a key must not go with it.
 */
export function withoutKeys(text: string): string {
  return text.includes('pycell_') ? text.replace(KEYS, 'pycell_...') : text;
}
