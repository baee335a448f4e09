/** infra/compose/scale.yaml: all its processes come up, no request is lost while a replica is restarted, and Redis keeps what it has. */
import assert from 'node:assert/strict';
import { eventually } from '../../services/eventually.cjs';
import { mustRun } from '../programs.mjs';
import { ask, HELLO, waitFor } from '../container.mjs';
import { checkConsole } from './docker.mjs';

const API = 'http://127.0.0.1:28080';
const CONSOLE = 'http://127.0.0.1:23000';
/** Ports that nothing else has, and a password for as long as this takes. */
export const SETTINGS = {
  PYCELL_API_PORT: '28080',
  PYCELL_CONSOLE_PORT: '23000',
  REDIS_PASSWORD: 'of-this-verification-only-0123456789',
};
const CONTAINERS = { api: 2, balancer: 1, callbacks: 1, console: 1, redis: 1, worker: 2 };
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
/** In a container: whether a connection to the world is refused for want of a way. 192.0.2.1 is nobody's. */
const WAY_OUT =
  'require("node:net").connect(443,"192.0.2.1").on("error",({code})=>{console.log(code);process.exit()}).setTimeout(3000,()=>{console.log("has a way");process.exit()})';

/** @param run runs Compose with the file and these settings */
async function containersOf(engine, run) {
  const ids = (await run('ps --quiet')).match(/^[0-9a-f]{64}$/gm) ?? [];
  const found = JSON.parse(await engine.docker('container inspect', ...ids));
  return found.map((one) => ({ ...one, service: one.Config.Labels['com.docker.compose.service'] }));
}

/** Whole executions by way of the console, the balancer, Redis and a worker. */
async function checkAsynchronous(engine) {
  const accepted = await ask(engine, `${CONSOLE}/api/executions`, { body: { script: HELLO } });
  assert.equal(accepted.status, 202, accepted.body);
  const { id } = JSON.parse(accepted.body);
  const look = async () => JSON.parse((await ask(engine, `${CONSOLE}/api/executions/${id}`)).body);
  const { outcome } = await eventually(look, ({ outcome: told }) => told != null, 30_000);
  assert.deepEqual([outcome.result, outcome.execution.isolation], ['hello', 'nsjail']);
  return id;
}

async function checkRestart(engine, { Id: id }) {
  const failures = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const { status, body } = await ask(engine, `${API}/execute`, { body: { script: HELLO } });
      if (status !== 200) failures.push(`${status} ${body}`);
    }
  })();
  await engine.docker('restart --time 25', id).finally(() => (isOver = true));
  await asking;
  assert.deepEqual(failures, []);
}

/** @param compose words that call Compose for the file @param options of programs, with SETTINGS in their environment */
export async function checkScale(findings, engine, compose, options) {
  const [file, ...args] = compose;
  const run = (command) => mustRun(600, file, [...args, ...command.split(' ')], options);
  const name = 'Compose, scale.yaml';
  const isUp = await findings.check(`${name}: every process comes up, as many as it says`, async () => {
    await run('up --build --detach');
    await waitFor(engine, `${API}/health/ready`, { seconds: 120 });
    const counts = {};
    for (const { service } of await containersOf(engine, run)) counts[service] = (counts[service] ?? 0) + 1;
    assert.deepEqual(counts, CONTAINERS);
  });
  if (isUp) {
    await checkConsole(findings, engine, name, CONSOLE, 'nsjail');
    await findings.check(`${name}: limits, hardening, loopback ports, none of Redis`, async () => {
      for (const { service, HostConfig: host } of await containersOf(engine, run)) {
        assert.deepEqual([host.Memory, host.NanoCpus, host.PidsLimit], LIMITS[service], service);
        const { ReadonlyRootfs, CapDrop, Privileged, RestartPolicy } = host;
        const hardening = [ReadonlyRootfs, CapDrop, Privileged, RestartPolicy.Name];
        assert.deepEqual(hardening, [true, ['ALL'], false, 'unless-stopped'], service);
        const ports = Object.values(host.PortBindings ?? {}).flat();
        assert.equal(ports.length, ['balancer', 'console'].includes(service) ? 1 : 0, service);
        ports.forEach(({ HostIp }) => assert.equal(HostIp, '127.0.0.1', service));
      }
    });
    await findings.check(`${name}: API and workers have no way to the world, callbacks have`, async () => {
      for (const { service, Id } of await containersOf(engine, run)) {
        if (!['api', 'worker', 'callbacks'].includes(service)) continue;
        const { output } = await engine.tryDocker('exec', Id, 'node', '-e', WAY_OUT);
        assert.equal(output.trim() === 'ENETUNREACH', service !== 'callbacks', `${service}: ${output}`);
      }
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
  await findings.check(`${name}: down takes everything away`, () => run('down --volumes'));
}
