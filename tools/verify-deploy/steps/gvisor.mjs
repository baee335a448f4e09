/** The cloud image inside gVisor: runsc is a runtime of the engine here, as it is of containerd in a cluster. */
import assert from 'node:assert/strict';
import { Container, waitFor } from '../container.mjs';
import { LINES, unpublished } from '../documents.mjs';
import { hostileOptions, runSuite } from '../suites.mjs';

/** As the overlay for Kubernetes: no seccomp profile of ours. */
const LINE = unpublished(LINES.ordinary).replace(/--security-opt seccomp=\S+/, '');
const AS_ROOT = LINE.replace(
  '--cap-drop ALL',
  '--user 0:0 --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add KILL --cap-add SETGID --cap-add SETUID',
);
const ENVIRONMENT = { PYCELL_JAIL_PROFILE: 'gvisor' };

async function checkSmoke(findings, engine, container) {
  await findings.check('inside gVisor: GET / says what gVisor promises', async () => {
    await waitFor(engine, `${container.url}/health/ready`);
    const { isolation, isolationPromises, selfTest } = JSON.parse((await container.ask('/')).body);
    assert.equal(isolation, 'gvisor');
    assert.match(isolationPromises.join(), /no file can be written/);
    assert.ok(selfTest.passed && selfTest.checks.some(({ name }) => name === 'kernel'));
  });
  await runSuite(findings, 'smoke', 'inside gVisor', container, ENVIRONMENT);
}

export async function gvisor(findings, engine, { all }) {
  const run = (line, options, work) =>
    Container.during(engine, line, `--runtime runsc --env JAIL_PROFILE=gvisor ${options}`, work);
  const checkContainment = (name, line, perRun = false) => {
    const environment = { ...ENVIRONMENT, PYCELL_JAIL_PER_RUN: String(perRun) };
    // Threads start slowly there.
    return run(line, hostileOptions({ SCRIPT_TIMEOUT: 12, JAIL_PER_RUN: perRun }), (container) =>
      runSuite(findings, 'containment', name, container, environment),
    );
  };
  await Promise.all([
    run(LINE, '', (container) => checkSmoke(findings, engine, container)),
    checkContainment('inside gVisor', LINE),
    findings.check('inside gVisor: the full profile refuses', () =>
      run(LINE, '--env JAIL_PROFILE=full', (container) => container.refuses()),
    ),
  ]);
  if (all) {
    await checkContainment('inside gVisor as root', AS_ROOT);
    await checkContainment('inside gVisor, JAIL_PER_RUN', LINE, true);
  }
}
