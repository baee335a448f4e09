/** The cloud image as docs/operations.md says to run it: uid 1000, no capability, read-only, our seccomp profile. */
import assert from 'node:assert/strict';
import { Container } from '../container.mjs';
import { runInReadme, runsOfCloudImage } from '../documented-runs.mjs';
import { checkHealthCheck } from '../health-check.mjs';
import { HOSTILE_SETTINGS, runSuite } from '../suites.mjs';

export const API = 'http://127.0.0.1:8080';
/** Its self-test and numpy and pandas loaded, on a busy machine. */
export const READY_WITHIN_MS = 30_000;
const NO_CAPABILITY = '0000000000000000';
const RUNS_IN_ROW = 3;

async function checkConfinement(findings, container) {
  await findings.check('it runs as uid 1000 without any capability, no_new_privs, filtered', async () => {
    const status = await container.processStatus();
    const seen = {
      uid: status.Uid.split('\t')[1],
      capabilities: [status.CapInh, status.CapPrm, status.CapEff, status.CapBnd, status.CapAmb],
      noNewPrivs: status.NoNewPrivs,
      seccomp: status.Seccomp,
    };
    assert.deepEqual(seen, {
      uid: '1000',
      capabilities: Array(5).fill(NO_CAPABILITY),
      noNewPrivs: '1',
      seccomp: '2',
    });
  });
  await findings.check('it can write nowhere but to /tmp and /dev/shm', async () => {
    const script =
      'for folder in / /app /etc /home /opt /run /sandbox /usr /var /var/tmp; do touch $folder/probe 2>/dev/null && echo $folder; done; touch /tmp/probe && rm /tmp/probe';
    const { status, output } = await container.execute(['/bin/sh', '-c', script]);
    assert.deepEqual({ status, output: output.trim() }, { status: 0, output: '' });
  });
}

/** The interpreter of the sandbox root, started outside of any jail, which the image has no other way to. */
const PYTHON = [
  ...['env', '-i', 'PYTHONHOME=/sandbox/usr', '/sandbox/lib64/ld-linux-x86-64.so.2', '--library-path'],
  ...[
    '/sandbox/lib/x86_64-linux-gnu:/sandbox/usr/lib/x86_64-linux-gnu',
    '/sandbox/usr/bin/python3',
    '-I',
    '-S',
  ],
];
/** Local, IPv4, IPv6 and netlink may be; packets, AF_ALG, AF_VSOCK, other netlinks than NETLINK_ROUTE and pairs of AF_TIPC may not. */
const SOCKETS = `
import ctypes
libc = ctypes.CDLL(None)
made = [(1, 1, 0), (2, 1, 0), (10, 1, 0), (16, 3, 0)]
refused = [(17, 3, 0), (38, 5, 0), (40, 1, 0), (16, 3, 9), (16, 3, 15)]
pair = (ctypes.c_int * 2)()
print([libc.socket(*each) >= 0 for each in made] + [libc.socketpair(1, 1, 0, pair) == 0])
print([libc.socket(*each) >= 0 for each in refused] + [libc.socketpair(30, 1, 0, pair) == 0])
`;

async function checkSockets(findings, container) {
  await findings.check('the service itself can make only the sockets that it needs', async () => {
    const { status, output } = await container.execute([...PYTHON, '-c', SOCKETS]);
    const expected = '[True, True, True, True, True]\n[False, False, False, False, False, False]';
    assert.deepEqual({ status, output: output.trim() }, { status: 0, output: expected });
  });
}

/** By the signal's own code: Nest ends a process as the signal would have. */
export const ENDED_BY_SIGTERM = 143;

async function checkStop(findings, container) {
  await findings.check('told to stop, it finishes the run in flight, answers, and ends', async () => {
    const answer = container.runScript(
      API,
      'import time\ndef main():\n    time.sleep(3)\n    return "finished"',
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const code = await container.stop();
    const { status, body } = await answer;
    assert.deepEqual([code, status, body.result], [ENDED_BY_SIGTERM, 200, 'finished']);
  });
}

async function measureStarts(findings, documented) {
  const times = [];
  for (let run = 0; run < RUNS_IN_ROW; run++) {
    const container = await Container.start('pycell-api:cloud', documented);
    const listening = await container.waitFor(`${API}/health/live`, 200, READY_WITHIN_MS);
    const ready = await container.waitFor(`${API}/health/ready`, 200, READY_WITHIN_MS);
    times.push({ listening, ready });
    await container.remove();
  }
  const [best] = times.sort((a, b) => a.ready - b.ready);
  findings.figure('pycell-api:cloud: container started to listening', `${best.listening} ms`);
  findings.figure(
    'pycell-api:cloud: container started to ready',
    `${best.ready} ms (best of ${RUNS_IN_ROW})`,
  );
}

export async function cloudImage(findings) {
  const { options, environment } = runsOfCloudImage().ordinary;
  await findings.check('README says the same line as docs/operations.md', () =>
    assert.deepEqual(runInReadme(), runsOfCloudImage().ordinary),
  );
  await measureStarts(findings, { options, environment });

  const container = await Container.start('pycell-api:cloud', { options, environment });
  await container.waitFor(`${API}/health/startup`, 200, READY_WITHIN_MS);
  await checkConfinement(findings, container);
  await checkSockets(findings, container);
  await checkHealthCheck(findings, container, 'pycell-api:cloud');
  await runSuite(findings, { suite: 'smoke', name: 'cloud image', container, url: API });
  await checkStop(findings, container);
  await container.remove();

  const hostile = await Container.start('pycell-api:cloud', {
    options,
    environment: { ...environment, ...HOSTILE_SETTINGS },
  });
  await runSuite(findings, { suite: 'containment', name: 'cloud image', container: hostile, url: API });
  await hostile.remove();

  const perRun = await Container.start('pycell-api:cloud', {
    options,
    environment: { ...environment, ...HOSTILE_SETTINGS, JAIL_PER_RUN: 'true' },
  });
  await runSuite(findings, {
    suite: 'containment',
    name: 'cloud image, JAIL_PER_RUN',
    container: perRun,
    url: API,
    environment: { PYCELL_JAIL_PER_RUN: 'true' },
  });
}
