/** Builds the real Dockerfiles, as they are. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../set-up/commands.mjs';
import { ROOT } from '../set-up/places.mjs';
import { pathOf } from './programs.mjs';
import { registryMounts } from './registry-access.mjs';
import { buildah, inspectImage, workFolder } from './storage.mjs';

const BUILD_SECONDS = 1_800;
const PUSH_SECONDS = 600;

/** The images, by what they are called in here. */
export const IMAGES = {
  cloud: { name: 'pycell-api:cloud', dockerfile: join(ROOT, 'infra/docker/api.cloud.Dockerfile') },
  local: { name: 'pycell-api:local', dockerfile: join(ROOT, 'infra/docker/api.local.Dockerfile') },
  console: { name: 'pycell-console', dockerfile: join(ROOT, 'infra/docker/console.Dockerfile') },
};

async function askRevision() {
  const { status, output } = await run('git', ['rev-parse', 'HEAD']);
  return status === 0 ? output.trim() : 'unknown';
}

/** Asked once: somebody may commit while images are built. */
let revision;

/** The values that a release would hand to the build. */
export async function releaseArguments() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  revision ??= askRevision();
  return { VERSION: version, REVISION: await revision };
}

/** Builds one image. Layers are kept, so that what has not changed is not built again. */
export async function buildImage({ name, dockerfile }) {
  const values = Object.entries(await releaseArguments());
  await buildah(
    BUILD_SECONDS,
    [
      ...['build', '--isolation', 'oci', '--runtime', pathOf('runc'), '--network', 'host'],
      // Without CAP_SYS_RESOURCE the limits that buildah would set cannot be raised to.
      ...['--ulimit', 'nofile=4096:4096'],
      // A HEALTHCHECK is of Docker's form only.
      ...['--pull-never', '--format', 'docker', '--layers'],
      ...(await registryMounts()),
      ...values.flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
      ...['--file', dockerfile, '--tag', `localhost/${name}`, ROOT],
    ],
    { show: process.env.PYCELL_SHOW_BUILDS === 'true' },
  );
  return inspectImage(`localhost/${name}`);
}

/** Bytes of an image's layers as a registry would keep them and nodes pull them. */
export async function pulledBytes({ name }) {
  const folder = workFolder('pulled');
  try {
    await buildah(PUSH_SECONDS, ['push', '--quiet', `localhost/${name}`, `dir:${folder}`]);
    const { layers } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    return layers.reduce((sum, { size }) => sum + size, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
