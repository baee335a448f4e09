import { hash, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;

/**
 * Returns a new key, which nobody else has. Keys of any other form are refused: the file of keys has plain hashes of them,
 * which protect what nobody can guess and nothing else.
 */
export function createKey(): string {
  return `pycell_${randomBytes(KEY_BYTES).toString('base64url')}`;
}

/** Returns what the file of keys says of a key: its SHA-256. */
export function hashOfKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
