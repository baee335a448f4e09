/** The cloud image as root, with the capabilities for nodes where only root, or nobody, may make user namespaces. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROFILE, profileText, withoutUserNamespaces } from '../../../infra/docker/seccomp/derive.mjs';
import { Container } from '../container.mjs';
import { runsOfCloudImage } from '../documented-runs.mjs';
import { processesBelow } from '../processes-below.mjs';
import { workFolder } from '../storage.mjs';
import { HOSTILE_SETTINGS, runSuite } from '../suites.mjs';
import { API, READY_WITHIN_MS } from './cloud-image.mjs';

const NO_CAPABILITY = '0000000000000000';
/** Below are the ids of people and services. */
const FIRST_OF_RUNS = 60_000;
/** Tells its id inside, after it could be looked at from outside. */
const HELD = 'import os, time\ndef main():\n    time.sleep(3)\n    return os.getuid()';
const HELLO = 'def main():\n    return "hello"';

async function checkIds(findings, container, { name, processesEach = 1 }) {
  await findings.check(`${name}: each script has an id of its own outside, and no capability`, async () => {
    const answers = [container.runScript(API, HELD), container.runScript(API, HELD)];
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const processes = processesBelow(await container.pid());
    const ids = (await Promise.all(answers)).map(({ body }) => body.result);
    assert.notEqual(ids[0], ids[1]);
    for (const id of ids) {
      // The run, and in a jail of its own its supervisor, too.
      const own = processes.filter(({ uid, outsideOf }) => uid === outsideOf(id));
      assert.ok(own.length >= processesEach, `${own.length} processes have the id ${id} inside`);
      for (const { uid, status } of own) {
        assert.ok(id !== 0 && uid >= FIRST_OF_RUNS, `${id} inside is ${uid} outside`);
        const { CapEff, CapPrm, CapInh, CapBnd, CapAmb, NoNewPrivs } = status;
        assert.deepEqual([CapEff, CapPrm, CapInh, CapBnd, CapAmb], Array(5).fill(NO_CAPABILITY));
        assert.equal(NoNewPrivs, '1');
      }
    }
  });
}

/** Our profile on a node where nobody may make a user namespace: the kernel's switch is for all of this machine. */
function writeForbiddingProfile() {
  const file = join(workFolder('seccomp'), 'no-user-namespaces.json');
  writeFileSync(file, profileText(withoutUserNamespaces(JSON.parse(readFileSync(PROFILE, 'utf8')))));
  return file;
}

async function onlyRootMay(findings) {
  const { options, environment } = runsOfCloudImage().asRoot;
  const container = await Container.start('pycell-api:cloud', {
    options,
    environment: { ...environment, ...HOSTILE_SETTINGS },
  });
  await runSuite(findings, { suite: 'containment', name: 'cloud image as root', container, url: API });
  await checkIds(findings, container, { name: 'cloud image as root' });
  await container.remove();
}

async function nobodyMay(findings) {
  const { options, environment } = runsOfCloudImage().withoutUserNamespace;
  const forbidding = [...options, '--security-opt', `seccomp=${writeForbiddingProfile()}`];
  const where = 'without user namespaces';
  await findings.check(`${where}: the full profile refuses`, async () => {
    const container = await Container.start('pycell-api:cloud', { options: forbidding });
    await container.waitFor(`${API}/health/live`, 200, READY_WITHIN_MS);
    const { status, body } = await container.runScript(API, HELLO);
    assert.deepEqual({ status, code: body.code }, { status: 503, code: 'SANDBOX_UNAVAILABLE' });
    await container.remove();
  });
  for (const perRun of ['false', 'true']) {
    const name = perRun === 'true' ? `${where}, JAIL_PER_RUN` : where;
    const container = await Container.start('pycell-api:cloud', {
      options: forbidding,
      environment: { ...environment, ...HOSTILE_SETTINGS, JAIL_PER_RUN: perRun },
    });
    await runSuite(findings, {
      ...{ suite: 'containment', name, container, url: API },
      environment: { PYCELL_JAIL_PER_RUN: perRun },
    });
    await checkIds(findings, container, { name, processesEach: perRun === 'true' ? 2 : 1 });
    await container.remove();
  }
}

export async function rootWithSysAdmin(findings) {
  await onlyRootMay(findings);
  await nobodyMay(findings);
}
