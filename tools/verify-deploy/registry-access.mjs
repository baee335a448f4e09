/**
 * How this machine reaches npm's, Python's and Debian's registries, as mounts for builds: the Dockerfiles know nothing
 * of it. Addresses and certificates only; what needs a password is not handed on.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, run } from '../set-up/commands.mjs';
import { workFolder } from './storage.mjs';

const CERTIFICATES_IN_BUILD = '/run/build-ca/ca.crt';
const CERTIFICATES = [
  process.env.NODE_EXTRA_CA_CERTS,
  process.env.SSL_CERT_FILE,
  '/etc/ssl/certs/ca-certificates.crt',
].find((file) => file && existsSync(file));

async function npmSettings() {
  const { status, output } = await npm(['config', 'get', 'registry', '--silent']);
  const registry = /^https?:\/\/\S+$/m.exec(output)?.[0];
  return [
    ...(CERTIFICATES ? [`cafile=${CERTIFICATES_IN_BUILD}`] : []),
    ...(status === 0 && registry ? [`registry=${registry}`] : []),
  ];
}

async function pipSettings() {
  const { output } = await run('python3', ['-m', 'pip', 'config', 'get', 'global.index-url']);
  const index = process.env.PIP_INDEX_URL ?? /^https?:\/\/\S+$/m.exec(output)?.[0];
  return [
    '[global]',
    ...(CERTIFICATES ? [`cert = ${CERTIFICATES_IN_BUILD}`] : []),
    ...(index ? [`index-url = ${index}`] : []),
  ];
}

/** Returns arguments of `buildah build`. */
export async function registryMounts() {
  const folder = workFolder('registry-access');
  const mounts = CERTIFICATES ? [`${CERTIFICATES}:${CERTIFICATES_IN_BUILD}:ro`] : [];
  for (const [name, place, lines] of [
    ['npmrc', '/usr/local/etc/npmrc', await npmSettings()],
    ['pip.conf', '/etc/pip.conf', await pipSettings()],
  ]) {
    const file = join(folder, name);
    writeFileSync(file, `${lines.join('\n')}\n`);
    mounts.push(`${file}:${place}:ro`);
  }
  return mounts.flatMap((mount) => ['--volume', mount]);
}

/** Settings of this machine's apt without which it could not reach or would not believe its mirror. */
export async function aptSettings() {
  const { output } = await run('apt-config', ['dump', '--format', '%f "%v";%n', 'Acquire']);
  return output
    .split('\n')
    .filter((line) =>
      /^Acquire::(Check-Valid-Until|Check-Date|https?::Proxy|https?::CAInfo) "[^"]+";/.test(line),
    );
}
