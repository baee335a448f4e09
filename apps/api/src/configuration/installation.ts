import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder that holds `nsjail.cfg`, `apps/` and `dist/`: seen from `dist/apps/api/configuration`. */
export const INSTALLATION_FOLDER = resolve(__dirname, '../../../..');

/** Returns the version of this installation, from its package.json. */
export function readVersion(): string {
  const text = readFileSync(join(INSTALLATION_FOLDER, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
