/** The cloud image inside gVisor, with JAIL_PROFILE=gvisor: as uid 1000 without capabilities, as root, and in a jail of its own. */
import assert from 'node:assert/strict';
import { Container } from '../container.mjs';
import { GvisorContainer, unpackImage } from '../gvisor-container.mjs';
import { HOSTILE_SETTINGS_GVISOR, runSuite } from '../suites.mjs';
import { API } from './cloud-image.mjs';

/** gVisor imports pandas four times slower, and Debian's release of it traces every system call. */
const READY_WITHIN_MS = 60_000;
const PROFILE = { JAIL_PROFILE: 'gvisor' };
/** What runtimes give to root by default, as far as root becomes nobody by it. */
const ROOT_CAPABILITIES = ['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_KILL', 'CAP_SETGID', 'CAP_SETUID'];
const PANDAS = 'import pandas as pd\ndef main():\n    return pd.DataFrame({"a": [1, 2]})';

export async function gvisor(findings) {
  const unpacked = await unpackImage('pycell-api:cloud');
  // It keeps a network in which nothing else is.
  const holder = await Container.start('pycell-api:cloud', { command: ['sleep', 'infinity'] });
  const inGvisor = async (options, work) => {
    const container = GvisorContainer.start(unpacked, { holder, ...options });
    await container.launch();
    try {
      await work(container);
    } finally {
      await container.remove();
    }
  };

  await inGvisor({ environment: PROFILE }, async (container) => {
    const startedMs = await container.waitFor(`${API}/health/ready`, 200, READY_WITHIN_MS);
    findings.figure('inside gVisor: started to ready', `${startedMs} ms`);
    await measureRuns(findings, container);
    await findings.check('GET / says what gVisor promises', async () => {
      const { body } = await container.ask(`${API}/`);
      const { isolation, isolationPromises, selfTest } = JSON.parse(body);
      assert.equal(isolation, 'gvisor');
      assert.ok(isolationPromises.some((promise) => promise.includes('no file can be written')));
      assert.ok(selfTest.passed);
      assert.ok(selfTest.checks.some(({ name }) => name === 'kernel'));
    });
    await runSuite(findings, {
      ...{ suite: 'smoke', name: 'inside gVisor', container, url: API },
      environment: { PYCELL_JAIL_PROFILE: 'gvisor' },
    });
  });

  const hostile = [
    { name: 'inside gVisor', options: {}, settings: {} },
    { name: 'inside gVisor as root', options: { user: 0, capabilities: ROOT_CAPABILITIES }, settings: {} },
    { name: 'inside gVisor, JAIL_PER_RUN', options: {}, settings: { JAIL_PER_RUN: 'true' } },
  ];
  for (const { name, options, settings } of hostile) {
    const environment = { ...HOSTILE_SETTINGS_GVISOR, ...PROFILE, ...settings };
    await inGvisor({ ...options, environment }, async (container) => {
      await container.waitFor(`${API}/health/ready`, 200, READY_WITHIN_MS);
      const perRun = settings.JAIL_PER_RUN ?? 'false';
      await runSuite(findings, {
        ...{ suite: 'containment', name, container, url: API },
        environment: { PYCELL_JAIL_PROFILE: 'gvisor', PYCELL_JAIL_PER_RUN: perRun },
      });
    });
  }

  await findings.check('the full profile does not pretend to work inside gVisor', async () => {
    await inGvisor({ environment: { JAIL_PROFILE: 'full' } }, async (container) => {
      await container.waitFor(`${API}/health/live`, 200, READY_WITHIN_MS);
      const { status, body } = await container.runScript(API, 'def main():\n    return 1');
      assert.equal(status, 503);
      assert.equal(body.code, 'SANDBOX_UNAVAILABLE');
    });
  });
}

async function measureRuns(findings, container) {
  for (const [name, script] of [
    ['hello', 'def main():\n    return 1'],
    ['pandas', PANDAS],
  ]) {
    const times = [];
    for (let run = 0; run < 9; run++) {
      const { body } = await container.runScript(API, script);
      times.push(body.execution.durationMs);
    }
    times.sort((a, b) => a - b);
    findings.figure(`inside gVisor: ${name}`, `${times[4].toFixed(0)} ms (median of ${times.length})`);
  }
}
