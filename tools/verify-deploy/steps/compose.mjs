/** compose.yaml: valid by the schema of the Compose Specification, and each profile run as Compose would run it. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import {
  COMPOSE_FILE,
  defaultProfile,
  namesOf,
  optionsOf,
  publishedPorts,
  servicesOf,
} from '../compose-file.mjs';
import { Container } from '../container.mjs';
import { checkHealthCheck } from '../health-check.mjs';
import { IMAGES } from '../image-builds.mjs';
import { providePythonTools } from '../python-tools.mjs';
import { workFolder } from '../storage.mjs';
import { API, READY_WITHIN_MS } from './cloud-image.mjs';
import { checkConsole, CONSOLE } from './console-image.mjs';

/** Where each service answers in its container, and what says that it is healthy. */
const ANSWERS = {
  api: `${API}/health/ready`,
  'api-local': `${API}/health/ready`,
  console: `${CONSOLE}/config.json`,
};

async function checkSchema(findings) {
  const runModule = await providePythonTools();
  const validate = (file) => runModule('check_jsonschema', ['--builtin-schema', 'vendor.compose-spec', file]);
  await findings.check('compose.yaml is valid by the schema of the Compose Specification', async () => {
    const { status, output } = await validate(COMPOSE_FILE);
    assert.equal(status, 0, output);
  });
  await findings.check('the schema refuses a key that Compose does not know', async () => {
    const file = join(workFolder('compose'), 'unknown-key.yaml');
    const document = parse(readFileSync(COMPOSE_FILE, 'utf8'), { merge: true });
    document.services.api.read_onyl = true;
    writeFileSync(file, stringify(document));
    const { status, output } = await validate(file);
    assert.notEqual(status, 0);
    assert.match(output, /read_onyl/);
  });
}

async function checkFile(findings, services) {
  await findings.check('Compose builds and starts the images that are verified here', () => {
    for (const { image, build } of Object.values(services)) {
      const known = Object.values(IMAGES).find(({ name }) => name === image);
      assert.ok(known, image);
      assert.equal(join(COMPOSE_FILE, '..', build.context, build.dockerfile), known.dockerfile);
    }
  });
  await findings.check(
    'Compose publishes on loopback only, and the ports that the services answer on',
    () => {
      for (const [name, service] of Object.entries(services)) {
        const port = Number(new URL(ANSWERS[name]).port);
        assert.deepEqual(publishedPorts(service), [{ address: '127.0.0.1', target: port }], name);
      }
    },
  );
}

/** Starts the services in the order of Compose: what others depend on first. */
async function start(services) {
  const running = {};
  const names = Object.keys(services).sort((a, b) => dependencies(services[a]) - dependencies(services[b]));
  const hosts = writeHosts(services);
  for (const name of names) {
    const service = services[name];
    const [first] = Object.values(running);
    running[name] = await Container.start(service.image, {
      options: [...optionsOf(service), '--no-hosts', '--volume', `${hosts}:/etc/hosts:ro`],
      environment: service.environment ?? {},
      inNetworkOf: first,
    });
    await running[name].waitFor(ANSWERS[name], 200, READY_WITHIN_MS);
  }
  return running;
}

/** One network for all of them stands in for Compose's: their names lead to its loopback. */
function writeHosts(services) {
  const names = Object.entries(services).flatMap(([name, service]) => namesOf(name, service));
  const file = join(workFolder('compose'), 'hosts');
  writeFileSync(file, ['localhost', ...names].map((name) => `127.0.0.1 ${name}\n`).join(''));
  return file;
}

function dependencies({ depends_on: names = {} }) {
  return Object.keys(names).length;
}

async function checkProfile(findings, profile, isolation) {
  const services = servicesOf(profile);
  let running;
  const name = `Compose, profile ${profile}`;
  if (
    !(await findings.check(`${name}: every service comes up`, async () => (running = await start(services))))
  ) {
    return;
  }
  for (const [service, container] of Object.entries(running)) {
    await checkHealthCheck(findings, container, services[service].image);
  }
  await checkConsole(findings, running.console, { name, apiUrl: '/api' });
  await findings.check(
    `${name}: the console reaches the API by its name, and scripts run there`,
    async () => {
      const { status, body } = await running.console.runScript(
        `${CONSOLE}/api`,
        'def main():\n    return 42',
      );
      assert.deepEqual([status, body.result, body.execution?.isolation], [200, 42, isolation]);
    },
  );
  await findings.check(`${name}: a page of another host reaches nobody without a jail`, async () => {
    const asked = [`${CONSOLE}/api/`, ...(isolation === 'none' ? [`${API}/`] : [])];
    for (const url of asked) {
      const { status } = await running.console.ask(url, { headers: { Host: 'evil.example' } });
      assert.equal(status, 400, url);
    }
  });
  for (const container of Object.values(running).reverse()) {
    await container.remove();
  }
}

export async function compose(findings) {
  await checkSchema(findings);
  await checkFile(findings, { ...servicesOf('cloud'), ...servicesOf('local') });
  await findings.check('docker compose up starts the API with its jail', () =>
    assert.equal(defaultProfile(), 'cloud'),
  );
  await checkProfile(findings, 'cloud', 'nsjail');
  await checkProfile(findings, 'local', 'none');
}
