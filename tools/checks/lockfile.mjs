/** Looks at package-lock.json for what npm gets wrong silently. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../set-up/places.mjs';

/** Returns problems: download addresses, and optional platform packages that are named and not locked. */
export function findLockProblems() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const problems = [];
  const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  for (const [path, entry] of Object.entries(packages)) {
    if (/^https?:/.test(entry.resolved ?? '')) {
      problems.push(`${path} records a download address: set omit-lockfile-registry-resolved=true`);
    }
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!names.has(name)) {
        problems.push(`${path} names ${name}, which is not locked: npm ci refuses that on its platform`);
      }
    }
  }
  return problems;
}
