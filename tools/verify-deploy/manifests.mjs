/**
 * Checks every manifest without a cluster and without an account: strictly against the schemas of Kubernetes and Cloud Run,
 * and against each other, the images and the service. Part of `npm run verify:deploy`; alone:
 *
 *   node tools/verify-deploy/manifests.mjs
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tally } from '../checks/tally.mjs';
import { note, runMain, SetUpError, step } from '../set-up/progress.mjs';
import { findPython } from '../set-up/python.mjs';
import { checkCloudRunScript, renderedServices } from './manifests/cloud-run-script.mjs';
import { cloudRunProblems, differenceProblems } from './manifests/cloud-run-agreement.mjs';
import { sizeProblems } from './manifests/documented-sizes.mjs';
import { kubernetesProblems } from './manifests/kubernetes-agreement.mjs';
import {
  buildKustomization,
  findKustomizations,
  findKustomize,
  MANIFESTS,
  shortName,
} from './manifests/kustomize.mjs';
import { proveAgreement } from './manifests/agreement-proof.mjs';
import { readServiceFacts } from './manifests/service-facts.mjs';
import { spoiledCopies } from './manifests/unknown-fields.mjs';
import { fetchSchemas, KUBERNETES_VERSIONS, validate } from './manifests/validator.mjs';
import { findHeaderProblems } from '../../infra/static/headers.mjs';
import { checkStaticExport } from './manifests/static-export.mjs';

/** Manifests that no kustomization holds: what they are for is in them. */
const SINGLE_FILES = ['overlays/gvisor/runtime-class.yaml'];

class Checks {
  constructor(tally) {
    this.tally = tally;
  }

  /** Shows the problems; the check holds when there is none. */
  add(name, problems) {
    problems.forEach((problem) => note(problem));
    this.tally.addCheck(name, problems.length === 0);
  }
}

/** Returns { name, text } of each kustomization that could be built. */
async function buildAll(checks) {
  const { builder, missing } = await findKustomize({ mayInstall: process.env.CI === 'true' });
  if (!builder) {
    // Promised in CI; elsewhere a machine without kubectl can still check the rest.
    const sentence = `NOT CHECKED: the Kubernetes manifests. There is ${missing}; kubectl 1.27 or newer builds them.`;
    if (process.env.CI === 'true') {
      checks.add('kustomizations are built', [sentence]);
    } else {
      note(sentence);
      checks.tally.add('kustomizations are built', { passed: 0, failed: 0, skipped: 1 });
    }
    return [];
  }
  const built = [];
  for (const folder of findKustomizations()) {
    const name = shortName(join(MANIFESTS, folder));
    const { status, output } = await buildKustomization(builder, join(MANIFESTS, folder));
    // A field that kustomize does not know is an error to it, one that it will drop is a warning.
    const problems = status !== 0 || /^# Warning|^Warning/m.test(output) ? [`${name}: ${output.trim()}`] : [];
    checks.add(`${name} is built`, problems);
    if (problems.length === 0) {
      built.push({ name, text: output });
    }
  }
  return built;
}

/** A kustomization's own unknown field must be refused by the program that builds it. */
async function proveKustomize(checks) {
  const { builder } = await findKustomize({ mayInstall: false });
  if (builder) {
    const folder = fileURLToPath(new URL('manifests/refused-kustomization', import.meta.url));
    const { status, output } = await buildKustomization(builder, folder);
    checks.add(
      'a kustomization with an unknown field is refused',
      status !== 0 && output.includes('notAFieldOfAnything') ? [] : [`it was built: ${output}`],
    );
  }
}

/** Each kind once, as often as it has objects: every one of the copies must be refused. */
async function proveStrictness(checks, schemas, results, api) {
  const examples = new Map(results.flatMap(({ documents }) => documents).map((each) => [each.kind, each]));
  for (const [kind, document] of examples) {
    const copies = spoiledCopies(document);
    const inputs = copies.map(({ place, document: copy }) => ({
      name: place,
      api,
      text: JSON.stringify(copy),
    }));
    const judged = await validate(schemas, inputs, KUBERNETES_VERSIONS.slice(-1));
    const passed = judged.filter(({ problems }) => problems.length === 0);
    checks.add(
      `${api} ${kind}: an unknown field is refused in ${inputs.length} places`,
      passed.map(({ name }) => `${kind}: an unknown field in ${name} was not refused`),
    );
  }
}

async function checkKubernetes(checks, schemas, facts) {
  const built = await buildAll(checks);
  await proveKustomize(checks);
  const single = SINGLE_FILES.map((path) => ({
    name: shortName(join(MANIFESTS, path)),
    text: readFileSync(join(MANIFESTS, path), 'utf8'),
  }));
  const inputs = [...built, ...single].map((input) => ({ ...input, api: 'kubernetes' }));
  const results = await validate(schemas, inputs);
  for (const { name, problems } of results) {
    checks.add(`${name} is valid in Kubernetes ${KUBERNETES_VERSIONS.join(' and ')}`, problems);
  }
  await proveStrictness(checks, schemas, results, 'kubernetes');
  const whole = results.slice(0, built.length).filter(({ problems }) => problems.length === 0);
  for (const { name, documents } of whole) {
    checks.add(`${name} fits service, images and itself`, kubernetesProblems(name, documents, facts));
  }
  return whole;
}

async function checkCloudRun(checks, schemas, facts) {
  const inputs = renderedServices().map(({ name, text }) => ({ name, text, api: 'cloud-run' }));
  const results = await validate(schemas, inputs);
  for (const { name, problems, documents } of results) {
    checks.add(`${name} is valid for Cloud Run`, problems);
    if (problems.length === 0) {
      checks.add(`${name} fits service and image`, cloudRunProblems(name, documents[0], facts));
    }
  }
  await proveStrictness(checks, schemas, results, 'cloud-run');
  const [one, other] = results.map(({ documents }) => documents[0]);
  checks.add('the two Cloud Run services differ in nothing else', differenceProblems(one, other));
  return results;
}

/** @param tally counts the checks */
async function checkManifests(tally) {
  const checks = new Checks(tally);
  const facts = readServiceFacts();
  const python = await findPython({ mayInstall: process.env.CI === 'true' });
  const schemas = await step('Fetching the schemas', () => fetchSchemas(python));
  const kubernetes = await step('Kubernetes', () => checkKubernetes(checks, schemas, facts));
  const cloudRun = await step('Cloud Run', () => checkCloudRun(checks, schemas, facts));
  checks.add('what does not fit is found', proveAgreement(kubernetes, cloudRun, facts));
  checks.add('the seccomp profile for nodes is that of the images', compareProfiles(facts));
  checks.add('memory limits in texts and in compose are the same sum', sizeProblems());
  await step("Cloud Run's script", () => checkCloudRunScript(checks));
  checks.add('headers of static hosts are the console server’s', findHeaderProblems());
  await checkStaticExport(checks);
}

/** The step of `npm run verify:deploy`. */
export function manifests(findings) {
  return checkManifests(findings.tally);
}

function compareProfiles({ seccompProfile, seccompCopy }) {
  return seccompProfile === seccompCopy
    ? []
    : ['cp infra/docker/seccomp/pycell-seccomp.json infra/k8s/node-setup/: kustomize cannot read it there'];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    const tally = new Tally();
    await checkManifests(tally).catch((error) => {
      process.stderr.write(`\n${error instanceof SetUpError ? error.message : error.stack}\n`);
      tally.addCheck('the manifests could be checked', false);
    });
    tally.print();
    return tally.failed === 0 ? 0 : 1;
  });
}
