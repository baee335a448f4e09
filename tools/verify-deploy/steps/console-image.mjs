/** The console image: the page with its policy, the settings that it is told, the API behind it. */
import assert from 'node:assert/strict';
import { Container } from '../container.mjs';
import { runOf, runsOfCloudImage } from '../documented-runs.mjs';
import { checkHealthCheck } from '../health-check.mjs';
import { API, READY_WITHIN_MS } from './cloud-image.mjs';

export const CONSOLE = 'http://127.0.0.1:3000';

/** What every console must do, whoever started it. */
export async function checkConsole(findings, container, { name, apiUrl }) {
  await findings.check(`${name}: serves the page with a policy of its own`, async () => {
    const { status, headers, body } = await container.ask(`${CONSOLE}/`);
    assert.equal(status, 200);
    assert.match(body, /<app-page/);
    assert.match(headers['content-security-policy'], /default-src 'none'.*script-src 'self'/);
  });
  await findings.check(`${name}: tells the page where the API is`, async () => {
    const { body } = await container.ask(`${CONSOLE}/config.json`);
    assert.deepEqual(JSON.parse(body), { apiUrl });
  });
}

export async function consoleImage(findings) {
  const { options, environment } = runOf('pycell-console');
  const api = await Container.start('pycell-api:cloud', runsOfCloudImage().ordinary);
  await api.waitFor(`${API}/health/ready`, 200, READY_WITHIN_MS);
  const container = await Container.start('pycell-console', {
    options,
    // Both have one network here; between Docker containers the name of the API stands in its place.
    environment: { ...environment, API_UPSTREAM: API },
    inNetworkOf: api,
  });
  const started = await container.waitFor(`${CONSOLE}/config.json`, 200, READY_WITHIN_MS);
  findings.figure('pycell-console: container started to listening', `${started} ms`);
  await checkHealthCheck(findings, container, 'pycell-console');
  await checkConsole(findings, container, {
    name: 'the console image',
    apiUrl: environment.API_URL ?? '/api',
  });
  await findings.check('it hands scripts on to the API', async () => {
    const { status, body } = await container.runScript(`${CONSOLE}/api`, 'def main():\n    return 42');
    assert.deepEqual([status, body.result, body.execution?.isolation], [200, 42, 'nsjail']);
  });
  await findings.check('it can write nowhere', async () => {
    const { output } = await container.execute([
      '/bin/sh',
      '-c',
      'for folder in / /app /etc /tmp /var/tmp; do touch $folder/x 2>/dev/null && echo $folder; done; true',
    ]);
    assert.equal(output.trim(), '');
  });
  await findings.check('the console ends in order when it is told to', async () => {
    assert.equal(await container.stop(), 0);
  });
}
