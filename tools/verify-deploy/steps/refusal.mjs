/** The cloud image with the seccomp profile that every container has by default: it must run nothing, and say why. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEBIAN_BASE, deriveProfile, profileText } from '../../../infra/docker/seccomp/derive.mjs';
import { Container } from '../container.mjs';
import { runsOfCloudImage } from '../documented-runs.mjs';
import { isHealthy } from '../health-check.mjs';
import { workFolder } from '../storage.mjs';
import { API, READY_WITHIN_MS } from './cloud-image.mjs';

const HELLO = 'def main():\n    return "hello"';

/**
 * What Docker's default allows a container without CAP_SYS_ADMIN. Podman's own default allows more, and so would not
 * show what a person with Docker meets.
 */
function writePlainProfile() {
  const file = join(workFolder('seccomp'), 'plain.json');
  const base = JSON.parse(readFileSync(DEBIAN_BASE, 'utf8'));
  writeFileSync(file, profileText(deriveProfile(base, { withJail: false })));
  return file;
}

export async function refusal(findings) {
  const { options } = runsOfCloudImage().plain;
  const container = await Container.start('pycell-api:cloud', {
    options: [...options, '--security-opt', `seccomp=${writePlainProfile()}`],
  });
  await findings.check('with the default seccomp profile it is alive', () =>
    container.waitFor(`${API}/health/live`, 200, READY_WITHIN_MS),
  );
  await findings.check('and neither ready nor started: 503', async () => {
    for (const path of ['/health/ready', '/health/startup', '/health']) {
      assert.equal((await container.ask(`${API}${path}`)).status, 503, path);
    }
  });
  await findings.check('its HEALTHCHECK says that it is not healthy', async () =>
    assert.equal(await isHealthy(container, 'pycell-api:cloud'), false),
  );
  await findings.check('it runs no script: 503 SANDBOX_UNAVAILABLE', async () => {
    const { status, body } = await container.runScript(API, HELLO);
    assert.deepEqual({ status, code: body.code }, { status: 503, code: 'SANDBOX_UNAVAILABLE' });
  });
  await findings.check('its log says what to do', async () => {
    const log = await container.log();
    assert.match(log, /The sandbox does not work, no script will run/);
    assert.match(log, /seccomp/);
    assert.match(log, /pycell-seccomp\.json/);
  });
}
