/** The local image: the same service without a jail, which says so. */
import assert from 'node:assert/strict';
import { Container } from '../container.mjs';
import { runOf } from '../documented-runs.mjs';
import { checkHealthCheck } from '../health-check.mjs';
import { runSuite } from '../suites.mjs';
import { API, ENDED_BY_SIGTERM, READY_WITHIN_MS } from './cloud-image.mjs';

export async function localImage(findings) {
  const { options, environment, published } = runOf('pycell-api:local');
  await findings.check('the local image is published on loopback only', () => {
    assert.ok(
      published.every((entry) => entry.startsWith('127.0.0.1:')),
      published.join(' '),
    );
  });
  const container = await Container.start('pycell-api:local', { options, environment });
  const ready = await container.waitFor(`${API}/health/ready`, 200, READY_WITHIN_MS);
  findings.figure('pycell-api:local: container started to ready', `${ready} ms`);
  await checkHealthCheck(findings, container, 'pycell-api:local');
  await findings.check('it says that it does not isolate', async () => {
    assert.match(await container.log(), /NO isolation/);
  });
  await findings.check('it refuses requests that are addressed to a foreign name', async () => {
    const { status } = await container.ask(`${API}/`, { headers: { Host: 'evil.example' } });
    assert.equal(status, 400);
  });
  await runSuite(findings, {
    suite: 'smoke',
    name: 'local image',
    container,
    url: API,
    environment: { PYCELL_BUILD: 'local' },
  });
  await findings.check('the local image ends in order when it is told to', async () => {
    assert.equal(await container.stop(), ENDED_BY_SIGTERM);
  });
}
