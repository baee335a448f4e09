/** Builds the three images and looks at what they are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { note, seconds } from '../../set-up/progress.mjs';
import { baseImagesOf, provideBaseImages } from '../base-images.mjs';
import { buildImage, IMAGES, pulledBytes, releaseArguments } from '../image-builds.mjs';
import { discardWhenTooLarge, podman } from '../storage.mjs';

const LABEL_PREFIX = 'org.opencontainers.image.';
const LABELS = ['title', 'description', 'licenses', 'version', 'revision'];

/** The stage that all three have, and that is built once for all. */
function workspaceStage(dockerfile) {
  return /^FROM \S+ AS workspace\n.*?(?=^# ---)/ms.exec(readFileSync(dockerfile, 'utf8'))[0];
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

async function checkConfiguration(findings, { name }, image) {
  const { Config: config, Healthcheck: healthCheck } = image;
  await findings.check(`${name}: runs as uid 1000, named by number, under an init`, () => {
    assert.equal(config.User, '1000:1000');
    assert.match(config.Entrypoint.join(' '), /\/tini --$/);
    assert.equal(config.Cmd[0], 'node');
  });
  await findings.check(`${name}: has a HEALTHCHECK`, () => {
    assert.equal(healthCheck.Test[0], 'CMD');
  });
  await findings.check(`${name}: tells what it is by OCI labels`, async () => {
    const { VERSION } = await releaseArguments();
    const labels = config.Labels;
    LABELS.forEach((label) => assert.ok(labels[LABEL_PREFIX + label], `no label ${label}`));
    assert.equal(labels[`${LABEL_PREFIX}version`], VERSION);
    // Some commit: buildah 1.28 takes a cached LABEL although its argument has changed.
    assert.match(labels[`${LABEL_PREFIX}revision`], /^[0-9a-f]{40}$/);
  });
}

/** Runs a shell line in an image, as root so that it sees everything. */
async function look(image, line) {
  const output = await podman(120, [
    ...['run', '--rm', '--pull', 'never', '--network', 'none', '--no-healthcheck', '--user', '0'],
    ...['--entrypoint', '/bin/sh', `localhost/${image}`, '-c', line],
  ]);
  return output.trim().split('\n').filter(Boolean);
}

async function checkContents(findings) {
  for (const { name } of Object.values(IMAGES)) {
    await findings.check(
      `${name}: has production dependencies only, and no package manager of Node`,
      async () => {
        const found = await look(
          name,
          'ls -d /app/node_modules/typescript /app/node_modules/nx /app/node_modules/jest /app/node_modules/@angular /usr/local/lib/node_modules 2>/dev/null; for program in npm yarn corepack gcc; do command -v $program; done; true',
        );
        assert.deepEqual(found, []);
      },
    );
    await findings.check(`${name}: nothing of the service can be written to by it`, async () => {
      const found = await look(
        name,
        'find /app /opt /sandbox ! -type l \\( -perm -o+w -o ! -user 0 \\) 2>/dev/null | head -5',
      );
      assert.deepEqual(found, []);
    });
  }
  await findings.check('the local image has no nsjail', async () => {
    assert.deepEqual(await look(IMAGES.local.name, 'ls -d /opt/nsjail /sandbox 2>/dev/null; true'), []);
  });
  await findings.check(
    'the cloud image has no Python outside of its sandbox, and what the gVisor profile needs',
    async () => {
      const found = await look(
        IMAGES.cloud.name,
        'for program in python3 pip unshare setpriv prlimit; do command -v $program; done; true',
      );
      assert.deepEqual(found, ['/usr/bin/unshare', '/usr/bin/setpriv', '/usr/bin/prlimit']);
    },
  );
}

export async function images(findings) {
  const dockerfiles = Object.values(IMAGES).map(({ dockerfile }) => dockerfile);
  const bases = dockerfiles.map(baseImagesOf);
  await findings.check('the Dockerfiles name the same base images, by exact tags', () => {
    bases.forEach((base) => assert.deepEqual(base, bases[0]));
    assert.match(bases[0].node, /^node:\d+\.\d+\.\d+-bookworm-slim$/);
    assert.match(bases[0].debian, /^debian:bookworm-\d{8}-slim$/);
  });
  await findings.check('the Dockerfiles install the same workspace', () => {
    const [first, ...others] = dockerfiles.map(workspaceStage);
    others.forEach((stage) => assert.equal(stage, first));
  });
  await discardWhenTooLarge();
  note(`Base images cannot be pulled here. In their place: ${await provideBaseImages(bases[0])}.`);
  for (const image of Object.values(IMAGES)) {
    const since = performance.now();
    const built = await buildImage(image);
    findings.figure(`${image.name}: build`, seconds(since));
    const pulled = megabytes(await pulledBytes(image));
    findings.figure(`${image.name}: size`, `${megabytes(built.Size)}, ${pulled} to pull`);
    findings.tally.addCheck(`${image.name}: is built from its Dockerfile`, true);
    await checkConfiguration(findings, image, built);
  }
  await checkContents(findings);
}
