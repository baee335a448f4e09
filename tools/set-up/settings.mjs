/** Local settings: the file `.env` of the checkout. Variables of the environment take precedence. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.mjs';

export function loadSettings() {
  const file = join(ROOT, '.env');
  if (existsSync(file)) {
    process.loadEnvFile(file);
  }
}
