/** What the set-up asks the builder for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagesArguments } from '../sandbox.mjs';

test('without settings only the packages of every sandbox are installed', () => {
  assert.deepEqual(packagesArguments('/made', { SANDBOX_PACKAGES: '', SANDBOX_REQUIREMENTS: '' }), [
    ...['packages', '--output', '/made'],
  ]);
});

test('sets of packages and a list of the operator are handed on', () => {
  const environment = { SANDBOX_PACKAGES: 'science', SANDBOX_REQUIREMENTS: 'mine.txt' };
  assert.deepEqual(packagesArguments('/made', environment), [
    ...['packages', '--output', '/made', '--sets', 'science', '--extra-requirements', 'mine.txt'],
  ]);
});
