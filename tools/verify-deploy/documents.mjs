/** The `docker run` lines that people copy, as they stand in the documents. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../set-up/places.mjs';

/** Every such line of a document, each in one line. */
export function runLines(document) {
  const text = readFileSync(join(ROOT, document), 'utf8').replaceAll(/\s*\\\n\s*/g, ' ');
  return text.match(/^docker run .+$/gm) ?? [];
}

/** The one line of docs/operations.md that has these words and not those. */
function lineWith(has, ...hasNot) {
  const isMeant = (line) => line.includes(has) && !hasNot.some((word) => line.includes(word));
  const lines = runLines('docs/operations.md').filter(isMeant);
  assert.equal(lines.length, 1, `docs/operations.md must have one line with ${has} and without ${hasNot}`);
  return lines[0];
}

/** By what they are for. */
export const LINES = {
  ordinary: lineWith('--memory', '--user'),
  asRoot: lineWith('--user', 'JAIL_PROFILE'),
  withoutUserNamespaces: lineWith('JAIL_PROFILE=no-user-namespace'),
  plain: lineWith('pycell-api:cloud', '--cap-drop'),
  local: lineWith('pycell-api:local'),
  console: lineWith(' pycell-console'),
};

/** The same line for a container beside others: without a name and a port of this machine. */
export function unpublished(line) {
  return line.replace(/ --name \S+/, '').replace(/ -p \S+/, '');
}
