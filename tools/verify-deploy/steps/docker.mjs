/** The `docker run` lines of docs/operations.md, run by the engine as they stand there. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PROFILE, profileText, withoutUserNamespaces } from '../../../infra/docker/seccomp/derive.mjs';
import { ROOT } from '../../set-up/places.mjs';
import { ask, assertUnprivileged, Container, HELLO, waitFor } from '../container.mjs';
import { LINES, runLines, unpublished } from '../documents.mjs';
import { hostileOptions, runSuite } from '../suites.mjs';

const API = 'http://127.0.0.1:8080';
const ENDED_BY_SIGTERM = 128 + 15;
const SLOW = 'import time\ndef main():\n    time.sleep(3)\n    return "finished"';

/** Prints the folders that whoever runs it can write to. */
const WRITABLE =
  'for folder in / /app /etc /home /opt /run /sandbox /tmp /usr /var /var/tmp; do touch $folder/probe 2>/dev/null && rm $folder/probe && echo $folder; done; true';

/** The interpreter of the sandbox root outside of any jail, to which the image has no other way. */
const PYTHON =
  'env -i PYTHONHOME=/sandbox/usr /sandbox/lib64/ld-linux-x86-64.so.2 --library-path /sandbox/lib/x86_64-linux-gnu:/sandbox/usr/lib/x86_64-linux-gnu /sandbox/usr/bin/python3 -I -S -c';

async function checkOrdinary(findings, engine, container) {
  await findings.check('the documented line becomes ready on its port, and README has no other', async () => {
    await waitFor(engine, `${API}/health/ready`);
    runLines('README.md').forEach((line) => assert.ok(Object.values(LINES).includes(line), line));
  });
  await findings.check(
    'it runs as uid 1000 without privileges, and can write nowhere but to /tmp',
    async () => {
      assertUnprivileged((await container.inspect()).State.Pid, 1000);
      assert.equal((await container.execute('sh', '-c', WRITABLE)).output, '/tmp\n');
    },
  );
  await findings.check('the service itself can make only the sockets that it needs', async () => {
    const script = readFileSync(join(ROOT, 'infra/tests/sockets.py'), 'utf8');
    const { output } = await container.execute(...PYTHON.split(' '), script);
    assert.equal(output, '[True, True, True, True] True\n[False, False, False, False, False] False\n');
  });
  await runSuite(findings, 'smoke', 'cloud image', container);
  await findings.check('told to stop, it finishes the run in flight, answers, and ends', async () => {
    const answer = container.runScript(SLOW);
    await delay(1_500);
    const code = await container.stop();
    const { status, result } = await answer;
    assert.deepEqual([code, status, result], [ENDED_BY_SIGTERM, 200, 'finished']);
  });
}

/** Docker's own seccomp profile: the service must run nothing, and say why. */
async function checkRefusal(findings, container) {
  await findings.check('the plain line runs no script, and its log says what to do', async () => {
    await container.refuses();
    assert.match(await container.log(), /The sandbox does not work[^]*pycell-seccomp\.json/);
  });
  await findings.check('it is alive, and neither ready, started nor healthy', async () => {
    for (const path of ['/health/ready', '/health/startup', '/health']) {
      assert.equal((await container.ask(path)).status, 503, path);
    }
    const { Healthcheck: check } = (await container.inspect()).Config;
    assert.notEqual((await container.execute(...check.Test.slice(1))).status, 0);
  });
}

async function checkLocal(findings, container) {
  // By its published port: it answers to loopback names.
  container.url = API;
  await runSuite(findings, 'smoke', 'local image', container, { PYCELL_BUILD: 'local' });
  await findings.check(
    'the local image says that it does not isolate, knows no foreign name, and ends',
    async () => {
      assert.match(await container.log(), /NO isolation/);
      assert.equal((await container.ask('/', { host: 'evil.example' })).status, 400);
      assert.equal(await container.stop(), ENDED_BY_SIGTERM);
    },
  );
}

/** What every console must do, whoever started it. */
export async function checkConsole(findings, engine, name, url, isolation) {
  await findings.check(`${name}: the page has its policy, and knows where the API is`, async () => {
    await waitFor(engine, `${url}/config.json`);
    const { head, body } = await ask(engine, `${url}/`);
    assert.match(body, /<app-page/);
    assert.match(head, /content-security-policy: default-src 'none'.*script-src 'self'/i);
    assert.deepEqual(JSON.parse((await ask(engine, `${url}/config.json`)).body), { apiUrl: '/api' });
  });
  await findings.check(`${name}: it forwards scripts by the API's name, and no foreign name's`, async () => {
    const { status, body } = await ask(engine, `${url}/api/execute`, { body: { script: HELLO } });
    assert.deepEqual([status, JSON.parse(body).execution?.isolation], [200, isolation]);
    assert.equal((await ask(engine, `${url}/api/`, { host: 'evil.example' })).status, 400);
  });
}

export async function docker(findings, engine, { all }) {
  // Hosts can forbid user namespaces; here a profile does, since the kernel's switch is for all of this machine.
  const profile = join(engine.folder, 'no-user-namespaces.json');
  writeFileSync(profile, profileText(withoutUserNamespaces(JSON.parse(readFileSync(PROFILE, 'utf8')))));
  const forbidding = (line) => line.replace(/seccomp=\S+/, `seccomp=${profile}`);
  const run = (line, work, options = '') => Container.during(engine, line, options, work);
  const checkContainment = (name, line, perRun = false) =>
    run(
      unpublished(line),
      (container) =>
        runSuite(findings, 'containment', name, container, { PYCELL_JAIL_PER_RUN: String(perRun) }),
      hostileOptions({ JAIL_PER_RUN: perRun }),
    );
  // Beside each other, since containment mostly waits: for deadlines, and for what must not happen.
  await Promise.all([
    run(LINES.ordinary, (container) => checkOrdinary(findings, engine, container)),
    checkContainment('cloud image', LINES.ordinary),
    checkContainment('no user namespaces', forbidding(LINES.withoutUserNamespaces)),
  ]);
  await findings.check('no user namespaces: the full profile refuses', () =>
    run(forbidding(LINES.ordinary), (container) => container.refuses()),
  );
  await run(LINES.plain, (container) => checkRefusal(findings, container));
  await findings.check('as root with SYS_ADMIN: scripts run in nsjail', () =>
    run(LINES.asRoot, async (container) => {
      await waitFor(engine, `${container.url}/health/ready`);
      assert.equal((await container.runScript()).execution.isolation, 'nsjail');
    }),
  );
  await run(LINES.local, (container) => checkLocal(findings, container));
  await engine.docker('network create pycell');
  await run(
    LINES.ordinary,
    async (api) => {
      await waitFor(engine, `${api.url}/health/ready`);
      await run(LINES.console, async (container) => {
        await checkConsole(findings, engine, 'the console image', 'http://127.0.0.1:3000', 'nsjail');
        await findings.check('the console image can write nowhere, and ends when it is told to', async () => {
          assert.equal((await container.execute('sh', '-c', WRITABLE)).output, '');
          assert.equal(await container.stop(), 0);
        });
      });
    },
    '--network pycell',
  );
  if (all) {
    await checkContainment('cloud image as root', LINES.asRoot);
    await checkContainment('cloud image, JAIL_PER_RUN', LINES.ordinary, true);
    await checkContainment('no user namespaces, JAIL_PER_RUN', forbidding(LINES.withoutUserNamespaces), true);
  }
}
