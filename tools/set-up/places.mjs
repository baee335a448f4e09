/** Where things are in a checkout. */
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
