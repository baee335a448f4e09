/** Builds what is in infra/k8s as `kubectl apply -k` would. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { run } from '../../set-up/commands.mjs';
import { installDebianPackages } from '../../set-up/debian.mjs';
import { MADE, ROOT } from '../../set-up/places.mjs';
import { note, step } from '../../set-up/progress.mjs';

export const MANIFESTS = join(ROOT, 'infra/k8s');
/** The first with all that our files use; kubectl has it since 1.27. */
const OLDEST_MAJOR = 5;
/** Debian 13 and newer package a kubectl that is new enough; older ones do not. */
const DEBIAN_PACKAGE = 'kubernetes-client';
/** What kubectl 1.32 has inside. */
const GO_MODULE = 'sigs.k8s.io/kustomize/kustomize/v5@v5.5.0';
const GO_FOLDER = join(MADE, 'verify-deploy/bin');

/** Where a builder may be, how it is asked for its version and how it builds. */
const CANDIDATES = [
  {
    command: 'kubectl',
    ask: ['version', '--client', '--output', 'json'],
    version: /"kustomizeVersion":\s*"v(\d+)/,
    build: ['kustomize'],
  },
  { command: 'kustomize', ask: ['version'], version: /v(\d+)/, build: ['build'] },
  // It does not know its version, as it was built as a module: that of GO_MODULE.
  { command: join(GO_FOLDER, 'kustomize'), ask: ['version'], version: null, build: ['build'] },
];

async function look() {
  const tooOld = [];
  for (const { command, ask, version, build } of CANDIDATES) {
    const { status, output } = await run(command, ask);
    const isNewEnough = version === null || Number(version.exec(output)?.[1] ?? 0) >= OLDEST_MAJOR;
    if (status === 0 && isNewEnough) {
      return { builder: { command, build }, tooOld };
    }
    if (status === 0) {
      tooOld.push(command);
    }
  }
  return { builder: null, tooOld };
}

/** From its Go module, whose content Go checks: for machines whose packages have none, or an old one. */
async function buildFromModule() {
  const { status } = await run('go', ['version']);
  if (status !== 0) {
    return;
  }
  await step('Building kustomize', async () => {
    const { status: built, output } = await run('go', ['install', GO_MODULE], {
      env: { ...process.env, GOBIN: GO_FOLDER, GOFLAGS: '' },
    });
    if (built !== 0) {
      note(output.trim());
    }
  });
}

/** Returns { builder } or, where there is none, { builder: null, missing } with what there is instead. */
export async function findKustomize({ mayInstall }) {
  let { builder, tooOld } = await look();
  if (!builder && tooOld.length === 0 && (await installDebianPackages([DEBIAN_PACKAGE], { mayInstall }))) {
    ({ builder, tooOld } = await look());
  }
  if (!builder && mayInstall) {
    await buildFromModule();
    ({ builder, tooOld } = await look());
  }
  const missing =
    tooOld.length > 0 ? `only ${tooOld.join(' and ')}, too old` : 'neither kubectl nor kustomize nor Go';
  return builder ? { builder } : { builder, missing };
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
