/** cloud-run/deploy.mjs against a gcloud that only writes down what it is asked. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../cloud-run/deploy.mjs', import.meta.url));
const PLACE = ['--project', 'an-example', '--region', 'europe-west1'];
const ARGUMENTS = [...PLACE, '--image', 'registry.example.org/an-example/pycell-api:0.1.0-cloud'];

/** Fails for what begins with FAILS, and keeps the file that `replace` is given. */
const GCLOUD = `#!${process.execPath}
const { appendFileSync, copyFileSync } = require('node:fs');
const args = process.argv.slice(2);
const line = args.map((arg) => (arg.endsWith('.yaml') ? 'FILE' : arg)).join(' ');
appendFileSync(process.env.CALLS, line + '\\n');
if (args.includes('replace')) copyFileSync(args[3], process.env.CALLS + '.yaml');
process.exit(process.env.FAILS && line.startsWith(process.env.FAILS) ? 1 : 0);
`;

/** Returns { status, stdout, calls, yaml }. */
function deploy(args, fails = '') {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-gcloud-'));
  try {
    const calls = join(folder, 'calls');
    writeFileSync(calls, '');
    writeFileSync(`${calls}.yaml`, '');
    writeFileSync(join(folder, 'gcloud'), GCLOUD, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, CALLS: calls, FAILS: fails };
    const { status, stdout } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8', env });
    const told = readFileSync(calls, 'utf8').split('\n').filter(Boolean);
    return { status, stdout, calls: told, yaml: readFileSync(`${calls}.yaml`, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const EMAIL = 'pycell-api@an-example.iam.gserviceaccount.com';
const DESCRIBE = `iam service-accounts describe ${EMAIL} --project an-example`;
const CREATE = 'iam service-accounts create pycell-api --project an-example';
const REPLACE = `run services replace FILE ${PLACE.join(' ')}`;
const PUBLISH = `run services add-iam-policy-binding pycell-api --member allUsers --role roles/run.invoker ${PLACE.join(' ')}`;

test('makes the account, applies the service, lets everybody in when asked', () => {
  const { status, calls } = deploy([...ARGUMENTS, '--public'], 'iam service-accounts describe');
  assert.deepEqual([status, calls], [0, [DESCRIBE, CREATE, REPLACE, PUBLISH]]);
});

test('takes an account that is there, and applies what --dry-run shows', () => {
  const { status, calls, yaml } = deploy(ARGUMENTS);
  assert.deepEqual([status, calls], [0, [DESCRIBE, REPLACE]]);
  const shown = deploy([...ARGUMENTS, '--dry-run']);
  assert.ok(yaml && shown.stdout.endsWith(yaml));
  assert.deepEqual(shown.calls, []);
});

test('stops at the first command that fails', () => {
  const { status, calls } = deploy([...ARGUMENTS, '--public'], 'run services replace');
  assert.deepEqual([status, calls], [1, [DESCRIBE, REPLACE]]);
});

/** Values that would mean something else in YAML, or that nobody could trace later. */
const REFUSED = [
  ['--image', 'registry.example.org/an-example/pycell-api:latest'],
  ['--image', 'registry.example.org/an-example/pycell-api'],
  ['--image', 'pycell-api:cloud'],
  ['--image', 'a.example/b:1\n          command: [sh]'],
  ['--project', 'UPPER'],
  ['--region', 'europe'],
  ['--cors-origins', '*, http://a.example'],
  ['--service-account', 'a@b'],
  ['--no-such-option'],
];

for (const args of REFUSED) {
  test(`refuses ${JSON.stringify(args.join(' '))}, and asks gcloud nothing`, () => {
    const { status, calls } = deploy([...ARGUMENTS, ...args]);
    assert.deepEqual([status, calls], [1, []]);
  });
}
