/** static/export.mjs on the built console, and the header files of static hosts. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findHeaderProblems } from '../static/headers.mjs';

const here = (name) => fileURLToPath(new URL(`../static/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pycell-static-'));
const output = join(folder, 'console');
after(() => rmSync(folder, { recursive: true }));

function exportTo(target, apiUrl) {
  const env = { ...process.env, API_URL: apiUrl };
  return spawnSync(process.execPath, [here('export.mjs'), target], { encoding: 'utf8', env });
}

test('names its API, and can lie below any path', () => {
  const { status, stderr } = exportTo(output, 'https://api.example.org/');
  assert.equal(status, 0, stderr);
  const configuration = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'));
  assert.deepEqual(configuration, { apiUrl: 'https://api.example.org' });
  // What a page names from the root of its host is not there when the page lies below a path.
  for (const name of readdirSync(output).filter((each) => /\.(html|css)$/.test(each))) {
    assert.doesNotMatch(readFileSync(join(output, name), 'utf8'), /(?:href|src)="\/|url\(\//, name);
  }
});

test('replaces an export, and no folder of something else', () => {
  assert.equal(exportTo(output, '/api').status, 0);
  assert.notEqual(exportTo(folder, '/api').status, 0);
  assert.ok(existsSync(output));
});

for (const apiUrl of ['', 'api.example.org', 'ftp://api.example.org', '//api.example.org']) {
  test(`refuses the API_URL "${apiUrl}"`, () => {
    assert.notEqual(exportTo(output, apiUrl).status, 0);
  });
}

test('headers of static hosts are the console server’s', () => {
  assert.deepEqual(findHeaderProblems(), []);
});

test('vercel.json serves what is exported by default', () => {
  const { outputDirectory } = JSON.parse(readFileSync(here('vercel.json'), 'utf8'));
  const [, byDefault] = /'(dist\/[\w-]+)'\)\);$/m.exec(readFileSync(here('export.mjs'), 'utf8'));
  assert.equal(outputDirectory, byDefault);
});
