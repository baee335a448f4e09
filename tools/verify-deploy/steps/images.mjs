/** Builds the three images and looks at what they are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../set-up/commands.mjs';
import { ROOT } from '../../set-up/places.mjs';
import { step } from '../../set-up/progress.mjs';
import { nodeBinary, provideBaseImages } from '../base-images.mjs';
import { runEndToEnd } from '../suites.mjs';

const DOCKERFILES = {
  'pycell-api:cloud': 'infra/docker/api.cloud.Dockerfile',
  'pycell-api:local': 'infra/docker/api.local.Dockerfile',
  'pycell-console': 'infra/docker/console.Dockerfile',
};

const dockerfile = readFileSync(join(ROOT, DOCKERFILES['pycell-api:cloud']), 'utf8');
const [, debian, release] = /^ARG DEBIAN_IMAGE=(debian:([a-z]+)-\d{8}-slim)$/m.exec(dockerfile);
const [, node, nodeVersion] = /^ARG NODE_IMAGE=(node:(\d+\.\d+\.\d+)-\S+)$/m.exec(dockerfile);

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const revision = /^[0-9a-f]{40}$/m.exec((await run('git', ['rev-parse', 'HEAD'])).output)?.[0] ?? 'unknown';

/** For an engine that builds in the machine's network. */
export async function buildImages(engine) {
  await provideBaseImages(engine, { debian, release, node, nodeVersion });
  const labels = `--build-arg VERSION=${version} --build-arg REVISION=${revision}`;
  const build = (name, more = '') => {
    const options = `--network host --file ${ROOT}/${DOCKERFILES[name]} --tag ${name} ${labels}${more}`;
    return step(`Building ${name}${more}`, () => engine.docker(`build ${options}`, ROOT));
  };
  // What all have in common first, once, with both processors at work.
  await Promise.all([
    build('pycell-api:cloud', ' --target sandbox'),
    build('pycell-console', ' --target installed'),
  ]);
  await Promise.all([build('pycell-api:cloud'), build('pycell-console')]);
  await build('pycell-api:local');
}

/** User, init and program, the kind of health check, and what OCI labels say of the release. */
const CONFIGURATION =
  '{{with .Config}}{{.User}} {{.Entrypoint}} {{index .Cmd 0}} {{index .Healthcheck.Test 0}} {{index .Labels "org.opencontainers.image.licenses"}} {{index .Labels "org.opencontainers.image.version"}} {{index .Labels "org.opencontainers.image.revision"}}{{end}}';

/** What is in images, by lines that root's shell runs in them: [what, line, output, the only image]. */
const CONTENTS = [
  ['the Node that the Dockerfiles name', 'node --version', `v${nodeVersion}`],
  [
    'production dependencies only, no package manager of Node and no compiler',
    'cd /app/node_modules; ls -d typescript nx jest @angular /usr/local/lib/node_modules 2>/dev/null; for program in npm yarn corepack gcc; do command -v $program; done; true',
  ],
  [
    'nothing of the service can be written to by it',
    'find /app /opt /sandbox ! -type l \\( -perm -o+w -o ! -user 0 \\) 2>/dev/null | head -5',
  ],
  ['no nsjail', 'ls -d /opt/nsjail /sandbox 2>/dev/null; true', '', 'pycell-api:local'],
  [
    'no Python outside of its sandbox, and what the gVisor profile needs',
    'for program in python3 pip unshare setpriv prlimit; do command -v $program; done; true',
    '/usr/bin/unshare\n/usr/bin/setpriv\n/usr/bin/prlimit',
    'pycell-api:cloud',
  ],
];

export async function images(findings, engine, { all }) {
  for (const name of Object.keys(DOCKERFILES)) {
    await findings.check(
      `${name}: uid 1000 by number, under an init, with a HEALTHCHECK and labels`,
      async () => {
        const found = await engine.docker('image inspect --format', CONFIGURATION, name);
        assert.match(
          found,
          new RegExp(`^1000:1000 \\[/usr/(local/)?bin/tini --\\] node CMD MIT ${version} ${revision}$`, 'm'),
        );
      },
    );
    for (const [what, line, expected = ''] of CONTENTS.filter(([, , , only = name]) => only === name)) {
      await findings.check(`${name}: ${what}`, async () => {
        const output = await engine.docker('run --rm --user 0 --entrypoint /bin/sh', name, '-c', line);
        assert.equal(output.trim(), expected);
      });
    }
  }
  if (all) {
    await runEndToEnd(findings, nodeBinary(engine));
  }
}
