/**
 * infra/compose/scale.yaml: all its processes come up and stay up, no request is lost while a replica is restarted, and Redis
 * keeps what it has; then the same with keys and with the sender of callbacks.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../../services/eventually.cjs';
import { mustRun } from '../programs.mjs';
import { ask, HELLO, waitFor } from '../container.mjs';
import { checkEnd, writeKeys } from '../executions.mjs';
import { checkConsole } from './docker.mjs';

const API = 'http://127.0.0.1:28080';
const CONSOLE = 'http://127.0.0.1:23000';
/** Ports that nothing else has, and a password for as long as this takes. */
export const SETTINGS = {
  PYCELL_API_PORT: '28080',
  PYCELL_CONSOLE_PORT: '23000',
  REDIS_PASSWORD: 'of-this-verification-only-0123456789',
};
const CONTAINERS = { api: 2, balancer: 1, console: 1, redis: 1, worker: 2 };
const WITH_CALLBACKS = { ...CONTAINERS, callbacks: 1 };
const MIB = 1024 * 1024;
/** Memory, processors and processes that Compose asks the engine for. */
const LIMITS = {
  api: [2944 * MIB, 2e9, 512],
  worker: [2944 * MIB, 2e9, 512],
  callbacks: [384 * MIB, 0.5e9, 64],
  redis: [1536 * MIB, 1e9, 64],
  balancer: [256 * MIB, 1e9, 64],
  console: [256 * MIB, 0.5e9, 64],
};
/** A cable that ends nowhere, in the engine's own network: the world as containers see it, in which nobody has 192.0.2.1. */
const WORLD = [
  'ip link add world type veth peer name beyond',
  'ip link set world up',
  'ip link set beyond up',
  'ip address add 192.0.2.254/24 dev world',
];
/** In a container: what becomes of a connection to it. The kernel looks for such an address for 3 seconds. */
const CONNECT =
  'require("node:net").connect(443,"192.0.2.1").on("error",({code})=>{console.log(code);process.exit()}).setTimeout(7000,()=>{console.log("silence");process.exit()})';
/** Dropped on its way, as older engines do, or no way at all; and sent out, where nobody was. */
const NO_WAY = ['silence', 'ENETUNREACH'];
const A_WAY = ['EHOSTUNREACH'];
const CALLBACKS = {
  CALLBACK_HOSTS: 'hooks.example.org',
  CALLBACK_SECRET: Buffer.alloc(32, 7).toString('base64'),
};

/** @param run runs Compose with the file and these settings */
async function containersOf(engine, run) {
  const ids = (await run('ps --quiet')).match(/^[0-9a-f]{64}$/gm) ?? [];
  const found = JSON.parse(await engine.docker('container inspect', ...ids));
  return found.map((one) => ({ ...one, service: one.Config.Labels['com.docker.compose.service'] }));
}

/** Waits until the containers are as many as expected, each of them is healthy, and none had to be started again. */
async function checkContainers(engine, run, expected) {
  const look = async () => {
    const found = {};
    for (const { service, State, RestartCount } of await containersOf(engine, run)) {
      (found[service] ??= []).push(`${State.Health?.Status}, ${RestartCount} restarts`);
    }
    return found;
  };
  const wanted = Object.entries(expected).map(([service, count]) => [
    service,
    Array(count).fill('healthy, 0 restarts'),
  ]);
  const isAsWanted = (found) => isDeepStrictEqual(found, Object.fromEntries(wanted));
  await eventually(look, isAsWanted, 180_000);
}

async function checkLimits(engine, run) {
  for (const { service, HostConfig: host } of await containersOf(engine, run)) {
    assert.deepEqual([host.Memory, host.NanoCpus, host.PidsLimit], LIMITS[service], service);
    const { ReadonlyRootfs, CapDrop, Privileged, RestartPolicy } = host;
    const hardening = [ReadonlyRootfs, CapDrop, Privileged, RestartPolicy.Name];
    assert.deepEqual(hardening, [true, ['ALL'], false, 'unless-stopped'], service);
    const ports = Object.values(host.PortBindings ?? {}).flat();
    assert.equal(ports.length, ['balancer', 'console'].includes(service) ? 1 : 0, service);
    ports.forEach(({ HostIp }) => assert.equal(HostIp, '127.0.0.1', service));
  }
}

/** That each service has a way to the world, or none, as it should. */
async function checkWays(engine, run, expected) {
  const seen = {};
  for (const { service, Id } of await containersOf(engine, run)) {
    if (!(service in expected)) continue;
    const { status, output } = await engine.tryDocker('exec', Id, 'node', '-e', CONNECT);
    assert.equal(status, 0, `${service}: ${output}`);
    assert.ok(expected[service].includes(output.trim()), `${service}: ${output}`);
    seen[service] = expected[service];
  }
  assert.deepEqual(seen, expected);
}

/** A whole execution by way of the console, the balancer, Redis and a worker. @returns its id */
async function checkAsynchronous(engine, key) {
  const accepted = await ask(engine, `${CONSOLE}/api/executions`, { key, body: { script: HELLO } });
  assert.equal(accepted.status, 202, accepted.body);
  return checkEnd(engine, `${CONSOLE}/api/executions`, accepted, key);
}

async function checkRestart(engine, { Id: id }) {
  const failures = [];
  let isOver = false;
  let asked = 0;
  const asking = (async () => {
    while (!isOver) {
      const { status, body } = await ask(engine, `${API}/execute`, { body: { script: HELLO } });
      asked += 1;
      if (status !== 200) failures.push(`${status} ${body}`);
    }
  })();
  await engine.docker('restart --time 25', id).finally(() => (isOver = true));
  await asking;
  assert.deepEqual(failures, []);
  // A restart takes SHUTDOWN_DELAY at least.
  assert.ok(asked >= 10, `only ${asked} requests were sent meanwhile`);
}

/** @param compose words that call Compose for the file @param options of programs, with SETTINGS in their environment */
export async function checkScale(findings, engine, compose, options) {
  const [file, ...args] = compose;
  const run = (command) => mustRun(600, file, [...args, ...command.split(' ')], options);
  const name = 'Compose, scale.yaml';
  const isUp = await findings.check(
    `${name}: every process comes up and stays up, as many as it says`,
    async () => {
      await run('up --build --detach');
      await waitFor(engine, `${API}/health/ready`, { seconds: 120 });
      await checkContainers(engine, run, CONTAINERS);
    },
  );
  if (isUp) {
    await checkConsole(findings, engine, name, CONSOLE, 'nsjail');
    await findings.check(`${name}: limits, hardening, loopback ports, none of Redis`, () =>
      checkLimits(engine, run),
    );
    await findings.check(`${name}: API and workers have no way to the world`, async () => {
      for (const line of WORLD) {
        const { status, output } = await engine.inNetwork(10, line.split(' '));
        assert.equal(status, 0, output);
      }
      await checkWays(engine, run, { api: NO_WAY, worker: NO_WAY });
    });
    await findings.check(`${name}: an execution goes through Redis and a worker`, () =>
      checkAsynchronous(engine),
    );
    await findings.check(`${name}: no request fails while a replica is restarted`, async () => {
      const replicas = (await containersOf(engine, run)).filter(({ service }) => service === 'api');
      await checkRestart(engine, replicas[0]);
    });
    await findings.check(`${name}: what has ended is there when Redis has been killed`, async () => {
      const id = await checkAsynchronous(engine);
      const redis = (await containersOf(engine, run)).find(({ service }) => service === 'redis');
      await engine.docker('kill --signal KILL', redis.Id);
      await engine.docker('start', redis.Id);
      const isThere = async () => (await ask(engine, `${API}/executions/${id}`)).status;
      await eventually(isThere, (status) => status === 200, 30_000);
    });
  }
  await checkWithKeys(findings, engine, compose, options);
}

/** The same, made to ask for keys and to send callbacks; then all of it is taken away. */
async function checkWithKeys(findings, engine, [file, ...args], options) {
  const name = 'Compose, scale.yaml with keys and callbacks';
  const { folder, key } = writeKeys(engine);
  const env = { ...options.env, ...CALLBACKS, PYCELL_KEYS: folder };
  const more = '--file scale-keys.yaml --profile callbacks'.split(' ');
  const run = (command) => mustRun(600, file, [...args, ...more, ...command.split(' ')], { ...options, env });
  const isUp = await findings.check(`${name}: every process comes up and stays up`, async () => {
    await run('up --detach');
    await checkContainers(engine, run, WITH_CALLBACKS);
  });
  if (isUp) {
    await findings.check(`${name}: limits and hardening`, () => checkLimits(engine, run));
    await findings.check(`${name}: only the sender has a way to the world`, () =>
      checkWays(engine, run, { api: NO_WAY, worker: NO_WAY, callbacks: A_WAY }),
    );
    await findings.check(`${name}: an execution needs a key, and a worker knows it`, async () => {
      const body = { script: HELLO };
      assert.equal((await ask(engine, `${CONSOLE}/api/executions`, { body })).status, 401);
      await checkAsynchronous(engine, key);
    });
  }
  await findings.check(`${name}: down takes everything away`, async () => {
    await run('down --volumes');
    assert.doesNotMatch(await engine.docker('ps --all --quiet'), /[0-9a-f]{12}/);
  });
}
