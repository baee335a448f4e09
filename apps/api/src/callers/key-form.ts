import { hash, randomBytes } from 'node:crypto';
import { KEY_TEXT } from '../http/hidden-keys';

const KEY_BYTES = 32;

/**
 * How a key looks: a prefix by which scanners for leaked secrets find it, and 32 random bytes. Keys of any other form are
 * refused: the file of keys has plain hashes of them, which protect what nobody can guess and nothing else.
 */
const KEY_FORM = new RegExp(`^${KEY_TEXT}$`);

/** Returns a new key, which nobody else has. */
export function createKey(): string {
  return `pycell_${randomBytes(KEY_BYTES).toString('base64url')}`;
}

export function isKey(text: string): boolean {
  return KEY_FORM.test(text);
}

/** Returns what the file of keys says of a key: its SHA-256. */
export function hashOfKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
