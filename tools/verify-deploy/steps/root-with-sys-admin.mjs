/** The cloud image as root with the few capabilities that replace user namespaces where a node forbids them. */
import assert from 'node:assert/strict';
import { Container } from '../container.mjs';
import { runsOfCloudImage } from '../documented-runs.mjs';
import { HOSTILE_SETTINGS, runSuite } from '../suites.mjs';
import { API } from './cloud-image.mjs';

export async function rootWithSysAdmin(findings) {
  const { options } = runsOfCloudImage().asRoot;
  const container = await Container.start('pycell-api:cloud', { options, environment: HOSTILE_SETTINGS });
  await runSuite(findings, { suite: 'containment', name: 'cloud image as root', container, url: API });
  await findings.check('scripts have an id of their own outside, which is not root', async () => {
    const status = await container.processStatus();
    assert.equal(status.Uid.split('\t')[1], '0');
  });
}
