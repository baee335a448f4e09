/** Builds what is in infra/k8s as `kubectl apply -k` would. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { run } from '../../set-up/commands.mjs';
import { installDebianPackages } from '../../set-up/debian.mjs';
import { ROOT } from '../../set-up/places.mjs';

export const MANIFESTS = join(ROOT, 'infra/k8s');
/** The first with all that our files use; kubectl has it since 1.27. */
const OLDEST_MAJOR = 5;

/** Debian 13 and newer package a kubectl that is new enough; older ones do not. */
const DEBIAN_PACKAGE = 'kubernetes-client';

async function versionOf(command) {
  const args = command === 'kubectl' ? ['version', '--client', '--output', 'json'] : ['version'];
  const { status, output } = await run(command, args);
  const version = command === 'kubectl' ? /"kustomizeVersion":\s*"v(\d+)/ : /v(\d+)/;
  return status === 0 ? Number(version.exec(output)?.[1] ?? 0) : null;
}

async function look() {
  const found = [];
  for (const [command, build] of [
    ['kubectl', ['kustomize']],
    ['kustomize', ['build']],
  ]) {
    const major = await versionOf(command);
    if (major !== null && major >= OLDEST_MAJOR) {
      return { builder: { command, build } };
    }
    if (major !== null) {
      found.push(`a ${command} that is too old`);
    }
  }
  return { builder: null, missing: found.join(' and ') || 'neither kubectl nor kustomize' };
}

/** Returns { builder } or, where there is none, { builder: null, missing } with what there is instead. */
export async function findKustomize({ mayInstall }) {
  const first = await look();
  if (first.builder || !(await installDebianPackages([DEBIAN_PACKAGE], { mayInstall }))) {
    return first;
  }
  return look();
}

/** Every folder with a kustomization of its own; components are part of those. */
export function findKustomizations() {
  return readdirSync(MANIFESTS, { recursive: true })
    .filter((name) => name.endsWith('kustomization.yaml'))
    .filter((name) => /^kind: Kustomization$/m.test(readFileSync(join(MANIFESTS, name), 'utf8')))
    .map((name) => dirname(name))
    .sort();
}

/** Returns { status, output }: the built YAML, or what is wrong. */
export function buildKustomization({ command, build }, folder) {
  return run(command, [...build, folder]);
}

export function shortName(folder) {
  return relative(ROOT, folder);
}
