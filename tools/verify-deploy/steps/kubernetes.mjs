/**
 * The Deployments of infra/k8s/base, played by podman and asked by their own probes. Not checked, since they need a
 * cluster: Services, network policies, autoscaling, rollouts.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { ROOT } from '../../set-up/places.mjs';
import { ask, assertUnprivileged, HELLO, waitFor } from '../container.mjs';
import { mustRun } from '../programs.mjs';
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

async function checkPod(findings, engine, podman, deployment, url) {
  const { name } = deployment.metadata;
  const [container] = deployment.spec.template.spec.containers;
  for (const kind of PROBES.filter((each) => container[each])) {
    const { httpGet, periodSeconds, failureThreshold = 3 } = container[kind];
    // By the pod's address, as kubelets do.
    const request = { host: '10.244.1.7', seconds: periodSeconds * failureThreshold };
    await findings.check(`${name}: its ${kind} holds`, () => waitFor(engine, url + httpGet.path, request));
  }
  await findings.check(`${name}: it answers to the name of an Ingress`, async () =>
    assert.equal((await ask(engine, `${url}/`, { host: 'python.example.org' })).status, 200),
  );
  await findings.check(`${name}: the pod is as unprivileged as its manifest says`, async () => {
    const running = await podman('ps --format {{.Names}}/{{.Pid}}');
    const [, pid] = new RegExp(`^${name}-pod\\S*-${container.name}/(\\d+)$`, 'm').exec(running);
    assertUnprivileged(pid, 1000);
  });
}

export async function kubernetes(findings, engine, { all }) {
  const podman = providePodman(engine);
  engine.cleanups.push(() => podman('pod rm --all --force --time 2'));
  const archive = join(engine.folder, 'images.tar');
  await engine.docker('save --output', archive, 'pycell-api:cloud', 'pycell-console');
  await podman(`load --quiet --input ${archive}`);
  const built = parseAllDocuments(await mustRun(60, 'kubectl', ['kustomize', join(ROOT, 'infra/k8s/base')]));
  const deployments = built.map((each) => each.toJS()).filter(({ kind }) => kind === 'Deployment');
  for (const deployment of deployments) {
    const { name } = deployment.metadata;
    const file = join(engine.work('podman'), `${name}.yaml`);
    writeFileSync(file, forPodman(deployment));
    await podman(`play kube --network host --seccomp-profile-root ${ROOT}/infra/docker/seccomp ${file}`);
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
  await engine.cleanups.pop()();
}
