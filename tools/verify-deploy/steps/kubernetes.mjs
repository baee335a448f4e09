/**
 * The Deployments of infra/k8s/base and of overlays/example-scale, played by podman and asked by their own probes. Not checked,
 * since they need a cluster: Services, network policies, autoscaling, rollouts.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { ROOT } from '../../set-up/places.mjs';
import { ask, assertUnprivileged, HELLO, waitFor } from '../container.mjs';
import { mustRun } from '../programs.mjs';
import { checkEnd, writeKeys } from '../executions.mjs';
import { runSuite } from '../suites.mjs';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'];
/** Debian's podman prefers crun, which refuses where control groups are of both kinds. */
const OPTIONS =
  '--storage-driver overlay --events-backend file --runtime /usr/sbin/runc --cgroup-manager cgroupfs';

/** Returns a function that runs podman, with storage of its own, in the engine's network. */
function providePodman(engine) {
  const folder = engine.work('podman');
  const command = `podman --root ${folder}/root --runroot ${folder}/run --tmpdir ${folder}/tmp ${OPTIONS}`;
  const env = { ...process.env, CONTAINERS_CONF: join(ROOT, 'tools/verify-deploy/containers.conf') };
  return async (line) => {
    const { status, output } = await engine.inNetwork(300, `${command} ${line}`.split(' '), { env });
    assert.equal(status, 0, output);
    return output;
  };
}

/**
 * What is changed for podman 4.3, which knows neither `seccompProfile` nor probes without systemd: the profile is named
 * by the annotation of older kubelets, and the probes are asked by us.
 */
function forPodman(deployment) {
  const copy = structuredClone(deployment);
  const { metadata, spec } = copy.spec.template;
  const [container] = spec.containers;
  const profile = container.securityContext.seccompProfile?.localhostProfile;
  const annotation = `container.seccomp.security.alpha.kubernetes.io/${container.name}`;
  const named = profile && { [annotation]: `localhost/${profile}` };
  metadata.annotations = { ...metadata.annotations, ...named };
  Object.assign(container, { image: `localhost/${container.image}`, imagePullPolicy: 'Never' });
  // In the engine's network there is nothing to map a port to.
  [...PROBES, 'lifecycle', 'ports'].forEach((key) => delete container[key]);
  return stringify(copy);
}

async function play(engine, podman, deployment) {
  const { name } = deployment.metadata;
  const file = join(engine.work('podman'), `${name}.yaml`);
  writeFileSync(file, forPodman(deployment));
  await podman(`play kube --network host --seccomp-profile-root ${ROOT}/infra/docker/seccomp ${file}`);
}

/** @param isCalled whether others call it: then it answers at its root to the name of an Ingress */
async function checkPod(findings, engine, podman, deployment, url, isCalled = true) {
  const { name } = deployment.metadata;
  const [container] = deployment.spec.template.spec.containers;
  for (const kind of PROBES.filter((each) => container[each])) {
    const { httpGet, periodSeconds, failureThreshold = 3 } = container[kind];
    // By the pod's address, as kubelets do.
    const request = { host: '10.244.1.7', seconds: periodSeconds * failureThreshold };
    await findings.check(`${name}: its ${kind} holds`, () => waitFor(engine, url + httpGet.path, request));
  }
  const expected = isCalled ? 200 : 404;
  await findings.check(`${name}: to the name of an Ingress it answers ${expected}`, async () =>
    assert.equal((await ask(engine, `${url}/`, { host: 'python.example.org' })).status, expected),
  );
  await findings.check(`${name}: the pod is as unprivileged as its manifest says`, async () => {
    const running = await podman('ps --format {{.Names}}/{{.Pid}}');
    const [, pid] = new RegExp(`^${name}-pod\\S*-${container.name}/(\\d+)$`, 'm').exec(running);
    assertUnprivileged(pid, 1000);
  });
}

async function deploymentsOf(folder) {
  const built = parseAllDocuments(
    await mustRun(60, 'kubectl', ['kustomize', join(ROOT, 'infra/k8s', folder)]),
  );
  return built.map((each) => each.toJS()).filter(({ kind }) => kind === 'Deployment');
}

async function checkBase(findings, engine, podman, { all }) {
  for (const deployment of await deploymentsOf('base')) {
    await play(engine, podman, deployment);
    const [{ ports }] = deployment.spec.template.spec.containers;
    await checkPod(findings, engine, podman, deployment, `http://127.0.0.1:${ports[0].containerPort}`);
  }
  const service = { engine, url: 'http://127.0.0.1:8080', log: () => podman('pod logs --latest') };
  await findings.check('pycell-api: the pod runs scripts in nsjail', async () => {
    const { body } = await ask(engine, `${service.url}/execute`, { body: { script: HELLO } });
    assert.equal(JSON.parse(body).execution?.isolation, 'nsjail', body);
  });
  if (all) {
    await runSuite(findings, 'smoke', 'the Deployment', service);
  }
}

/** Of all that run from the API's image, in one network: ports of their own. */
const ROLES = { 'pycell-api': 8080, 'pycell-worker': 8081, 'pycell-callbacks': 8082 };
const PASSWORD = 'of-this-verification-only-0123456789';
/** What a cluster would look up: secrets, and addresses of pods. */
const LOOKED_UP = {
  REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:6379`,
  CALLBACK_SECRET: Buffer.alloc(32, 7).toString('base64'),
  METRICS_HOST: '127.0.0.1',
};

/** A Deployment of the example with what podman cannot look up, without a collector, and on its own ports. */
function standingAlone(deployment, keys) {
  const copy = structuredClone(deployment);
  const pod = copy.spec.template.spec;
  const [container] = pod.containers;
  const port = ROLES[copy.metadata.name];
  const own = { PORT: String(port), METRICS_PORT: String(port + 1000) };
  container.env = container.env
    .filter(({ name }) => !name.startsWith('OTEL_') && !(name in own))
    .map(({ name, value = LOOKED_UP[name] }) => ({ name, value }))
    .concat(Object.entries(own).map(([name, value]) => ({ name, value })));
  container.image = 'pycell-api:cloud';
  for (const volume of pod.volumes.filter(({ secret }) => secret)) {
    delete volume.secret;
    volume.hostPath = { path: keys, type: 'Directory' };
  }
  return copy;
}

async function checkScaled(findings, engine, podman) {
  await podman(
    `run --detach --name redis --network host --no-healthcheck --env REDIS_PASSWORD=${PASSWORD} localhost/pycell-redis`,
  );
  const { folder, key } = writeKeys(engine);
  const found = (await deploymentsOf('overlays/example-scale')).filter(
    ({ metadata }) => metadata.name in ROLES,
  );
  assert.deepEqual(found.map(({ metadata }) => metadata.name).sort(), Object.keys(ROLES).sort());
  for (const deployment of found) {
    const { name } = deployment.metadata;
    const alone = standingAlone(deployment, folder);
    await play(engine, podman, alone);
    const url = `http://127.0.0.1:${ROLES[name]}`;
    await checkPod(findings, engine, podman, alone, url, name === 'pycell-api');
  }
  await findings.check(
    'example-scale: what a key starts at the API is run by the worker, in nsjail',
    async () => {
      const url = `http://127.0.0.1:${ROLES['pycell-api']}/executions`;
      const body = { script: HELLO };
      assert.equal((await ask(engine, url, { body })).status, 401);
      const accepted = await ask(engine, url, { key, body });
      assert.equal(accepted.status, 202, accepted.body);
      await checkEnd(engine, url, accepted, key);
    },
  );
}

export async function kubernetes(findings, engine, options) {
  const podman = providePodman(engine);
  const clear = async () => {
    await podman('pod rm --all --force --time 2');
    await podman('rm --all --force --time 2 --volumes');
  };
  engine.cleanups.push(clear);
  const archive = join(engine.folder, 'images.tar');
  await engine.docker('save --output', archive, 'pycell-api:cloud', 'pycell-console', 'pycell-redis');
  await podman(`load --quiet --input ${archive}`);
  await checkBase(findings, engine, podman, options);
  await clear();
  await checkScaled(findings, engine, podman);
  await engine.cleanups.pop()();
}
