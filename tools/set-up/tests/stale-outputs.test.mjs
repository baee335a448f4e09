/** What a build leaves of sources that are gone. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { removeStaleOutputs } from '../stale-outputs.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pycell-outputs-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(name) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), '');
}

test('deletes what has no source, and nothing else', () => {
  ['src/kept.ts', 'src/deep/kept.ts', 'src/gone.spec.ts'].forEach(write);
  const kept = [
    'dist/kept.js',
    'dist/deep/kept.d.ts',
    'dist/deep/kept.js.map',
    'dist/tsconfig.app.tsbuildinfo',
  ];
  const gone = ['dist/gone.js', 'dist/deep/gone.js.map', 'dist/old/gone.d.ts'];
  [...kept, ...gone].forEach(write);
  const removed = removeStaleOutputs(join(folder, 'src'), join(folder, 'dist'));
  assert.deepEqual(removed.map((name) => join('dist', name)).sort(), [...gone].sort());
  assert.ok(kept.every((name) => existsSync(join(folder, name))));
  assert.ok(!gone.some((name) => existsSync(join(folder, name))));
});

test('is content with what was never built', () => {
  assert.deepEqual(removeStaleOutputs(join(folder, 'src'), join(folder, 'dist')), []);
});
