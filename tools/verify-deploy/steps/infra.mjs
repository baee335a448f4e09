/** The tests that lie in infra/: manifests, the seccomp profile, scripts. They need no engine. */
import { join } from 'node:path';
import { runNodeTests } from '../../checks/node-tests.mjs';
import { findPython } from '../../set-up/python.mjs';
import { ROOT } from '../../set-up/places.mjs';

export async function infra({ tally }) {
  const { chosen } = await findPython({ mayInstall: process.env.CI === 'true' });
  const env = { ...process.env, PYTHON: chosen.path };
  await runNodeTests(tally, 'tests of infra', join(ROOT, 'infra/tests'), env);
}
