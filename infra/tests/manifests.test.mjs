/**
 * Every manifest without a cluster and without an account: built by kustomize, validated strictly against the schemas of
 * Kubernetes and Cloud Run, and compared with expected.yaml.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments, stringify } from 'yaml';

/** The oldest that has every field we use (`preStop.sleep`, `appArmorProfile`), and the newest that there are schemas of. */
const KUBERNETES_VERSIONS = ['1.30', '1.37'];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KUBERNETES = join(ROOT, 'infra/k8s');
const MADE = join(ROOT, '.pycell/infra-tests');
const PYTHON = process.env.PYTHON || 'python3';
const here = (name) => join(ROOT, 'infra/tests', name);

function run(file, args, options) {
  return execFileSync(file, args, { encoding: 'utf8', maxBuffer: 64e6, ...options });
}

/** Every document of a text. @throws Error for what is no YAML, and for a key that is given twice */
function documentsOf(text) {
  return parseAllDocuments(text).map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS();
  });
}

/** Promised in CI; elsewhere the rest can be checked without it. */
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0 || process.env.CI === 'true';
const skip = hasKubectl ? false : 'kubectl 1.27 or newer builds kustomizations';

const kubernetes = { 'overlays/gvisor/runtime-class.yaml': null };
for (const path of readdirSync(KUBERNETES, { recursive: true })) {
  const [, name] = /^(?!components\/)(.+)\/kustomization\.yaml$/.exec(path) ?? [];
  if (name) {
    // As `kubectl apply -k` would. A field that it does not know is an error, one that it drops a warning.
    test(`infra/k8s/${name} is built`, { skip }, () => {
      const text = run('kubectl', ['kustomize', join(KUBERNETES, name)]);
      assert.doesNotMatch(text, /^(# )?Warning/m);
      kubernetes[name] = documentsOf(text);
    });
  } else if (path in kubernetes) {
    kubernetes[path] = documentsOf(readFileSync(join(KUBERNETES, path), 'utf8'));
  }
}

/**
 * The example for more than one machine on other nodes, as its comment says: a component in the place of another.
 */
const SCALED = 'overlays/example-scale';
for (const component of ['gvisor', 'root-user-namespaces', 'no-user-namespaces']) {
  const name = `example-scale with ${component}`;
  test(`${name} is built`, { skip }, () => {
    const example = readFileSync(join(KUBERNETES, SCALED, 'kustomization.yaml'), 'utf8');
    const made = parse(
      example.replace('../../components/apparmor-unconfined', `../../components/${component}`),
    );
    const fromThere = (path) => path.replace(/^\.\.\/\.\./, '../../../infra/k8s');
    const folder = join(MADE, component);
    mkdirSync(folder, { recursive: true });
    const moved = {
      ...made,
      resources: made.resources.map(fromThere),
      components: made.components.map(fromThere),
    };
    assert.ok(
      moved.components.at(-1).endsWith(component),
      'the example ends with the component for its nodes',
    );
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(moved));
    kubernetes[name] = documentsOf(run('kubectl', ['kustomize', folder]));
  });
}

const PLACE = ['--project', 'an-example', '--region', 'europe-west1'];
const IMAGE = ['--image', 'registry.example.org/an-example/pycell-api:0.1.0-cloud'];
function render(...flags) {
  const script = join(ROOT, 'infra/cloud-run/deploy.mjs');
  return documentsOf(run(process.execPath, [script, ...PLACE, ...IMAGE, '--dry-run', ...flags]));
}
const cloudRun = { 'service.yaml': render(), 'service-gvisor.yaml': render('--gvisor') };

/** Strictness is a switch of the validators': a document with an unknown field shows that it is on. */
function spoil(documents) {
  return documents.map((each) => ({ ...each, metadata: { ...each.metadata, notAField: 1 } }));
}

function scaledObjects() {
  return kubernetes[SCALED].filter(({ kind }) => kind === 'ScaledObject');
}

/** Returns { kubernetes, cloudRun }: the problems of each. The schemas come from the Python package index, by hash. */
function validate() {
  const packages = join(MADE, 'kubernetes-schemas');
  mkdirSync(MADE, { recursive: true });
  const env = { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' };
  const build = [join(ROOT, 'tools/sandbox-root/build.py'), 'packages', '--output', packages];
  run(PYTHON, [...build, '--requirements', here('kubernetes-schemas.txt')]);
  const options = ['--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes', '--dest', MADE];
  run(PYTHON, ['-m', 'pip', 'download', ...options, '-r', here('cloud-run-schema.txt')]);
  const request = {
    versions: KUBERNETES_VERSIONS,
    schemas: {
      'keda.sh/v1alpha1 ScaledObject': JSON.parse(readFileSync(here('scaled-object.schema.json'), 'utf8')),
    },
    wheel: join(
      MADE,
      readdirSync(MADE).find((name) => name.endsWith('.whl')),
    ),
    kubernetes: {
      ...kubernetes,
      spoiled: spoil(kubernetes['overlays/gvisor/runtime-class.yaml']),
      ...(hasKubectl && { spoiledScaledObject: spoil(scaledObjects()) }),
    },
    cloudRun: { ...cloudRun, spoiled: spoil(cloudRun['service.yaml']) },
  };
  return JSON.parse(run(PYTHON, [here('validate.py')], { env, input: JSON.stringify(request) }));
}

test('each is valid, and an unknown field would not be', async (context) => {
  const problems = validate();
  for (const [api, byName] of Object.entries(problems)) {
    const { spoiled, spoiledScaledObject = spoiled, ...found } = byName;
    assert.match(spoiled.join(), /notAField/, `${api}: an unknown field is refused`);
    assert.match(spoiledScaledObject.join(), /notAField/, `${api}: one of a ScaledObject too`);
    for (const [name, each] of Object.entries(found)) {
      await context.test(`${name} is valid`, () => assert.deepEqual(each, []));
    }
  }
});

/** What a path of expected.yaml may begin with. */
const SHORT = { pod: 'spec.template.spec', container: 'spec.template.spec.containers.0' };

/** The value at a path of keys, indexes and names (of variables, whose value may come from elsewhere); null where there is none. */
function valueAt(document, path) {
  const whole = path.replace(/^(pod|container)(?=\.)/, (start) => SHORT[start]);
  const keys = whole.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
  const step = (value, key) => {
    const named = Array.isArray(value) ? value.find(({ name }) => name === key) : undefined;
    return named?.value ?? named?.valueFrom ?? value?.[key];
  };
  return keys.reduce((value, key) => step(value, key) ?? null, document);
}

const expected = parse(readFileSync(here('expected.yaml'), 'utf8'), { merge: true });
for (const [name, objects] of Object.entries(expected)) {
  test(`${name} says what it must`, { skip: name in cloudRun ? false : skip }, () => {
    const documents = kubernetes[name] ?? cloudRun[name];
    for (const [object, facts] of Object.entries(objects)) {
      const document = documents.find(({ kind, metadata }) => `${kind}/${metadata.name}` === object);
      const found = Object.keys(facts).map((path) => [path, valueAt(document, path)]);
      assert.deepEqual(Object.fromEntries(found), facts, object);
    }
  });
}

test('the two Cloud Run services differ in generation, profile and patience only', () => {
  const [[service], [gvisor]] = Object.values(structuredClone(cloudRun));
  const { metadata, spec } = service.spec.template;
  const [container] = spec.containers;
  metadata.annotations['run.googleapis.com/execution-environment'] = 'gen1';
  container.env.find(({ name }) => name === 'JAIL_PROFILE').value = 'gvisor';
  container.startupProbe.failureThreshold = 20;
  assert.deepEqual(service, gvisor);
});
