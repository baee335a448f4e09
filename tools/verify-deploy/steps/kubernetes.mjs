/** The Deployments of infra/k8s/base, played by podman as a kubelet would, and asked by their own probes. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { PROFILE } from '../../../infra/docker/seccomp/derive.mjs';
import { Container } from '../container.mjs';
import { buildKustomization, findKustomize, MANIFESTS } from '../manifests/kustomize.mjs';
import { podman, tryPodman, workFolder } from '../storage.mjs';
import { runSuite } from '../suites.mjs';
import { API } from './cloud-image.mjs';

const PLAY_SECONDS = 120;
const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'];

async function builtDeployments() {
  const { builder, missing } = await findKustomize({ mayInstall: true });
  if (!builder) {
    throw new Error(`There is ${missing}; kubectl 1.27 or newer builds the manifests.`);
  }
  const { status, output } = await buildKustomization(builder, join(MANIFESTS, 'base'));
  assert.equal(status, 0, output);
  return parseAllDocuments(output)
    .map((document) => document.toJS())
    .filter(({ kind }) => kind === 'Deployment');
}

/**
 * What is changed for podman 4.3, which knows neither `seccompProfile` nor probes without systemd: the profile is named by
 * the annotation of older kubelets, and the probes are asked by us.
 */
function forPodman(deployment) {
  const copy = structuredClone(deployment);
  const { metadata, spec } = copy.spec.template;
  metadata.annotations ??= {};
  for (const container of spec.containers) {
    const profile = container.securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile;
    if (profile?.type === 'Localhost') {
      metadata.annotations[`container.seccomp.security.alpha.kubernetes.io/${container.name}`] =
        `localhost/${profile.localhostProfile}`;
    }
    container.image = `localhost/${container.image}`;
    container.imagePullPolicy = 'Never';
    // Ports would be published on this machine.
    [...PROBES, 'lifecycle', 'ports'].forEach((key) => delete container[key]);
  }
  return copy;
}

/** Plays a Deployment, hands its container to `work`, and takes everything away again. */
async function played(deployment, work) {
  const { name } = deployment.metadata;
  const file = join(workFolder('kubernetes'), `${name}.yaml`);
  writeFileSync(file, stringify(forPodman(deployment)));
  try {
    await podman(PLAY_SECONDS, [
      ...['play', 'kube', '--replace', '--network', 'none'],
      ...['--seccomp-profile-root', dirname(PROFILE), file],
    ]);
    const [container] = deployment.spec.template.spec.containers;
    await work(Container.adopt(await containerOf(name, container.name)));
  } finally {
    await tryPodman(PLAY_SECONDS, ['play', 'kube', '--down', file]);
  }
}

/** Podman counts the pods of a Deployment; one of them is enough. */
async function containerOf(deployment, name) {
  const running = (await podman(30, ['ps', '--format', '{{.Names}}'])).trim().split('\n');
  const found = running.find((each) => each.startsWith(`${deployment}-pod`) && each.endsWith(`-${name}`));
  assert.ok(found, `no container ${name} of ${deployment} among ${running.join(', ')}`);
  return found;
}

/** A kubelet asks by the pod's address, a balancer by the name of an Ingress; the pod itself has loopback only here. */
const POD_ADDRESS = '10.244.1.7';
const PUBLIC_NAME = 'python.example.org';

/** Asks a probe as a kubelet does: again and again, until it holds or has failed too often. */
async function probe(container, { ports, [PROBES[0]]: startup, ...rest }, kind) {
  const {
    httpGet,
    periodSeconds,
    timeoutSeconds,
    failureThreshold = 3,
  } = kind === PROBES[0] ? startup : rest[kind];
  const port = ports.find(({ name }) => name === httpGet.port)?.containerPort ?? httpGet.port;
  for (let attempt = 0; attempt < failureThreshold; attempt++) {
    const asked = performance.now();
    const headers = { Host: `${POD_ADDRESS}:${port}`, ...headersOf(httpGet) };
    const { status } = await container.ask(`http://127.0.0.1:${port}${httpGet.path}`, { headers });
    if (status >= 200 && status < 400 && performance.now() - asked < timeoutSeconds * 1000) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, periodSeconds * 1000));
  }
  throw new Error(`${kind} ${httpGet.path} failed ${failureThreshold} times:\n${await container.log()}`);
}

function headersOf({ httpHeaders = [] }) {
  return Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
}

async function checkProbes(findings, deployment, container) {
  const [spec] = deployment.spec.template.spec.containers;
  for (const kind of PROBES.filter((name) => spec[name])) {
    await findings.check(`${deployment.metadata.name}: its ${kind} holds`, () =>
      probe(container, spec, kind),
    );
  }
}

async function answersTo(container, deployment, name) {
  const [{ ports }] = deployment.spec.template.spec.containers;
  const { status } = await container.ask(`http://127.0.0.1:${ports[0].containerPort}/`, {
    headers: { Host: name },
  });
  assert.equal(status, 200);
}

async function checkApi(findings, container) {
  await findings.check('pycell-api: the pod is as unprivileged as its manifest says', async () => {
    const status = await container.processStatus();
    const seen = [status.Uid.split('\t')[1], status.CapEff, status.CapBnd, status.NoNewPrivs, status.Seccomp];
    assert.deepEqual(seen, ['1000', '0'.repeat(16), '0'.repeat(16), '1', '2']);
  });
  await runSuite(findings, { suite: 'smoke', name: 'the Deployment', container, url: API });
}

export async function kubernetes(findings) {
  for (const deployment of await builtDeployments()) {
    const { name } = deployment.metadata;
    await findings.check(`${name}: podman plays the Deployment`, () =>
      played(deployment, async (container) => {
        await checkProbes(findings, deployment, container);
        await findings.check(`${name}: it answers to the name of an Ingress`, () =>
          answersTo(container, deployment, PUBLIC_NAME),
        );
        if (name === 'pycell-api') {
          await checkApi(findings, container);
        }
      }),
    );
  }
}
