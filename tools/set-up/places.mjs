/** Where things are in a checkout, and what is set there. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** What the set-up makes on this machine; not under version control. */
export const MADE = join(ROOT, '.pycell');
/** Where the set-up notes what it made, for the API and the tools. */
export const RECORD = join(MADE, 'setup.json');
/** Counted results of the checks. */
export const REPORTS = join(ROOT, '.reports');

/** Local settings: the file `.env` of the checkout. Variables of the environment take precedence. */
export function loadSettings() {
  const file = join(ROOT, '.env');
  if (existsSync(file)) {
    process.loadEnvFile(file);
  }
}
