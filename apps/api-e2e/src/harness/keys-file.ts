import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecuteAnswer, HttpClient } from './http-client';

/** What a key has besides its name and its hashes, as the file says it. */
export type KeyTerms = Readonly<Record<string, unknown>>;

/** A new key, of the form that docs/keys.md has. */
export function newKey(): string {
  return `pycell_${randomBytes(32).toString('base64url')}`;
}

export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A file of keys in a folder of its own. */
export class KeysFile {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pycell-keys-'));
  readonly path = join(this.folder, 'keys.json');
  private readonly entries = new Map<string, object>();

  constructor() {
    this.write();
  }

  /** Adds a key, or has others in its place. */
  set(name: string, keys: readonly string[], terms: KeyTerms = {}): void {
    this.entries.set(name, { name, sha256: keys.map(hashOf), ...terms });
    this.write();
  }

  /** Adds a key and returns it. */
  add(name: string, terms: KeyTerms = {}): string {
    const key = newKey();
    this.set(name, [key], terms);
    return key;
  }

  remove(name: string): void {
    this.entries.delete(name);
    this.write();
  }

  /** Puts a text in the place of the file, as an editor does. */
  writeText(text: string): void {
    writeFileSync(`${this.path}.new`, text);
    renameSync(`${this.path}.new`, this.path);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  private write(): void {
    this.writeText(JSON.stringify({ keys: [...this.entries.values()] }));
  }
}

/** Executes a script with these headers. */
export function executeWith(
  client: HttpClient,
  headers: Readonly<Record<string, string>>,
  script = 'def main():\n    return "hello"',
): Promise<ExecuteAnswer> {
  return client.postRaw(JSON.stringify({ script }), { 'Content-Type': 'application/json', ...headers });
}

export function keyHeader(key: string): Readonly<Record<string, string>> {
  return { 'X-API-Key': key };
}
