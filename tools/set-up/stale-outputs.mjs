/** What was compiled from a source that is gone: tsc leaves it, and what still loads it works here and on no fresh clone. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const COMPILED = /\.(?:js|d\.ts)(?:\.map)?$/;

/**
 * Deletes the outputs of a folder that have no source any more.
 * @param {string} source the folder that is compiled
 * @param {string} output the folder that tsc writes to, of the same layout
 * @returns {string[]} what was deleted, relative to the output
 */
export function removeStaleOutputs(source, output) {
  if (!existsSync(output)) {
    return [];
  }
  const stale = readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && COMPILED.test(entry.name))
    .map((entry) => relative(output, join(entry.parentPath, entry.name)))
    .filter((name) => !existsSync(join(source, name.replace(COMPILED, '.ts'))));
  stale.forEach((name) => rmSync(join(output, name)));
  return stale;
}
