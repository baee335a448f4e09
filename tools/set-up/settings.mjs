/** A person's own settings: the file `.env` of the checkout. What the environment says already wins over it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.mjs';

export function loadSettings() {
  const file = join(ROOT, '.env');
  if (existsSync(file)) {
    process.loadEnvFile(file);
  }
}
