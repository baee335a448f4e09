/** Runs promtool, the checking tool of Prometheus. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @throws AssertionError with what it says where it finds a flaw; the command that installs it where it is missing */
export function promtool(args, input = '') {
  const { status, error, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  assert.notEqual(
    error?.code,
    'ENOENT',
    'promtool is missing. As root: apt-get install -y --no-install-recommends prometheus',
  );
  assert.equal(status, 0, `promtool ${args.join(' ')}\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

/** promtool reads expressions in rules only. @param expressions texts of PromQL @throws AssertionError naming one that is none */
export function checkExpressions(expressions) {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-promql-'));
  try {
    const file = join(folder, 'expressions.json');
    const rules = expressions.map((expr, index) => ({ record: `expression:number${index}`, expr }));
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'expressions', rules }] }));
    promtool(['check', 'rules', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
