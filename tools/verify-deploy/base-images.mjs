/**
 * Stand-ins for the base images, which cannot be pulled where there is no registry of images: Debian from its packages,
 * and Node from this machine's own. They bear the names in the Dockerfiles, so that these are built as they are.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SetUpError, step } from '../set-up/progress.mjs';
import { debianRelease, mustRun, pathOf } from './programs.mjs';
import { aptSettings } from './registry-access.mjs';
import { buildah, inspectImage, podman, workFolder } from './storage.mjs';

/** As in the slim images: what nobody reads in a container. */
const LEFT_OUT = ['/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/doc/*'];
const LABEL = 'pycell.made-of';

/** Returns the names of the base images that a Dockerfile has by default. */
export function baseImagesOf(dockerfile) {
  const text = readFileSync(dockerfile, 'utf8');
  const named = (argument) => new RegExp(`^ARG ${argument}=(\\S+)$`, 'm').exec(text)?.[1];
  return { debian: named('DEBIAN_IMAGE'), node: named('NODE_IMAGE') };
}

/** Makes the stand-ins that are not there yet, and returns of what. */
export async function provideBaseImages({ debian, node }) {
  const release = debianRelease();
  if (!debian.includes(release)) {
    throw new SetUpError(
      `The stand-in of ${debian} is made of this host's packages, but this is ${release}.`,
    );
  }
  const sources = aptSources();
  const settings = await aptSettings();
  const debianIsNew = await provide(debian, `${release}: ${sources.join(' ')}`, (label) =>
    importDebian(debian, { release, sources, settings, label }),
  );
  const npmFolder = folderOfNpm();
  const npmVersion = JSON.parse(readFileSync(join(npmFolder, 'package.json'), 'utf8')).version;
  const program = `Node ${process.versions.node}, npm ${npmVersion}`;
  await provide(node, program, (label) => commitNode(node, { debian, npmFolder, label }), debianIsNew);
  return `Debian ${release} from its packages; ${program} of this machine`;
}

async function provide(name, madeOf, make, isStale = false) {
  const found = await inspectImage(`localhost/${name}`);
  if (!isStale && found?.Labels?.[LABEL] === madeOf) {
    return false;
  }
  await step(`Making a stand-in for ${name}`, () => make(madeOf));
  return true;
}

function aptSources() {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const debian = [join(folder, 'debian.sources'), '/etc/apt/sources.list'].find((file) => existsSync(file));
  return debian ? [debian] : files.filter((file) => /\.(list|sources)$/.test(file));
}

async function importDebian(name, { release, sources, settings, label }) {
  const archive = join(workFolder('base-images'), 'debian.tar');
  await mustRun(600, 'mmdebstrap', [
    ...['--quiet', '--variant=minbase', '--format=tar'],
    // As Debian's own images are made; without it a package that converts old installations brings all of Perl.
    ...['--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr', '--include=usr-is-merged'],
    ...settings.map((setting) => `--aptopt=${setting}`),
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    ...[release, archive, ...sources],
  ]);
  await podman(300, [
    ...['import', '--change', 'CMD ["bash"]', '--change', `LABEL ${LABEL}="${label}"`],
    ...[archive, `localhost/${name}`],
  ]);
  rmSync(archive);
}

/** Node and npm where the real image has them. */
async function commitNode(name, { debian, npmFolder, label }) {
  const tree = workFolder('node');
  rmSync(tree, { recursive: true });
  mkdirSync(join(tree, 'bin'), { recursive: true });
  cpSync(process.execPath, join(tree, 'bin/node'));
  cpSync(npmFolder, join(tree, 'lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  for (const program of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${program}-cli.js`, join(tree, 'bin', program));
  }
  const container = (await buildah(120, ['from', '--pull-never', `localhost/${debian}`])).trim();
  await buildah(120, ['copy', container, tree, '/usr/local']);
  await buildah(60, ['config', '--label', `${LABEL}=${label}`, '--cmd', '["node"]', container]);
  await buildah(300, ['commit', '--rm', '--format', 'docker', container, `localhost/${name}`]);
}

function folderOfNpm() {
  const script = realpathSync(process.env.npm_execpath ?? pathOf('npm'));
  return dirname(dirname(script));
}
