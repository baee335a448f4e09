/** Runs infra/cloud-run/deploy.mjs against a gcloud that only writes down what it is asked. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../set-up/places.mjs';

const SCRIPT = join(ROOT, 'infra/cloud-run/deploy.mjs');
const EMAIL = 'pycell-api@an-example.iam.gserviceaccount.com';
const PLACE = ['--project', 'an-example', '--region', 'europe-west1'];
const ARGUMENTS = [...PLACE, '--image', 'registry.example.org/an-example/pycell-api:0.1.0-cloud'];

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

/** A gcloud that fails for what begins with FAILS, and keeps the file that `replace` was given. */
const GCLOUD = `#!${process.execPath}
const { appendFileSync, copyFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(process.env.CALLS, JSON.stringify(args) + '\\n');
if (args.includes('replace')) copyFileSync(args[3], process.env.CALLS + '.yaml');
process.exit(process.env.FAILS && args.join(' ').startsWith(process.env.FAILS) ? 1 : 0);
`;

function deploy(args, env = {}) {
  return spawnSync(process.execPath, [SCRIPT, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

/** Both services as the script would apply them: { name, text }. */
export function renderedServices() {
  return [
    ['infra/cloud-run/service.yaml', []],
    ['infra/cloud-run/service-gvisor.yaml', ['--gvisor']],
  ].map(([name, options]) => ({ name, text: deploy([...ARGUMENTS, ...options, '--dry-run']).stdout }));
}

/** Deploys with the false gcloud; returns { status, stderr, calls, yaml }. */
function deployForShow(args, fails) {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-gcloud-'));
  try {
    const calls = join(folder, 'calls');
    writeFileSync(calls, '');
    writeFileSync(join(folder, 'gcloud'), GCLOUD);
    chmodSync(join(folder, 'gcloud'), 0o755);
    const { status, stderr } = deploy(args, {
      PATH: `${folder}:${process.env.PATH}`,
      CALLS: calls,
      FAILS: fails ?? '',
    });
    const lines = readFileSync(calls, 'utf8').split('\n').filter(Boolean);
    const told = lines.map((line) =>
      JSON.parse(line)
        .map((arg) => (arg.endsWith('.yaml') ? 'FILE' : arg))
        .join(' '),
    );
    const yaml = told.some((call) => call.includes('replace')) ? readFileSync(`${calls}.yaml`, 'utf8') : null;
    return { status, stderr, calls: told, yaml };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const DESCRIBE = `iam service-accounts describe ${EMAIL} --project an-example`;
const CREATE = 'iam service-accounts create pycell-api --project an-example';
const REPLACE = `run services replace FILE ${PLACE.join(' ')}`;
const PUBLISH = `run services add-iam-policy-binding pycell-api --member allUsers --role roles/run.invoker ${PLACE.join(' ')}`;

function compare(what, { status, calls }, expectedStatus, expectedCalls) {
  return status === expectedStatus && JSON.stringify(calls) === JSON.stringify(expectedCalls)
    ? []
    : [
        `${what}: it ended with ${status} and asked gcloud\n${calls.join('\n')}\ninstead of\n${expectedCalls.join('\n')}`,
      ];
}

export function checkCloudRunScript(checks) {
  const fresh = deployForShow([...ARGUMENTS, '--public'], 'iam service-accounts describe');
  checks.add(
    'deploy.mjs makes the account, applies the service, lets everybody in when asked',
    compare('fresh', fresh, 0, [DESCRIBE, CREATE, REPLACE, PUBLISH]),
  );
  const again = deployForShow(ARGUMENTS);
  checks.add('deploy.mjs takes an account that is there', compare('again', again, 0, [DESCRIBE, REPLACE]));
  const dryRun = deploy([...ARGUMENTS, '--dry-run']);
  checks.add(
    'what deploy.mjs applies is what --dry-run shows',
    again.yaml !== null && dryRun.stdout.endsWith(again.yaml) ? [] : ['they differ'],
  );
  const failed = deployForShow([...ARGUMENTS, '--public'], 'run services replace');
  checks.add(
    'deploy.mjs stops at the first command that fails',
    compare('failed', failed, 1, [DESCRIBE, REPLACE]),
  );
  checks.add(
    `deploy.mjs refuses ${REFUSED.length} values that make no sense, and asks gcloud nothing`,
    REFUSED.flatMap((args) => compare(args.join(' '), deployForShow([...ARGUMENTS, ...args]), 1, [])),
  );
}
