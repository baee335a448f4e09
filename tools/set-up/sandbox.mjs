/** Makes the Python side: packages, nsjail, the sandbox root; notes where they are. tools/sandbox-root does the work. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, BUILDER, buildOrFail, buildRoot, RUNNER } from './builder.mjs';
import { run } from './commands.mjs';
import { installDebianPackages } from './debian.mjs';
import { MADE, RECORD, ROOT } from './places.mjs';
import { note } from './progress.mjs';

/** The builder's way to say that there is no nsjail for this platform. */
const NO_NSJAIL_STATUS = 3;

/**
 * Where the sandbox root goes. A jail that root starts has an unprivileged id outside, which must be able to walk to
 * the folder: below a private home (0700) it goes to /var/lib instead.
 */
async function placeForRoot(python) {
  if (process.env.SANDBOX_ROOT) {
    return process.env.SANDBOX_ROOT;
  }
  const inCheckout = join(MADE, 'sandbox');
  const { status } = await run(python, [BUILDER, 'walkable', MADE]);
  if (process.getuid() !== 0 || status === 0) {
    return inCheckout;
  }
  const name = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);
  return `/var/lib/pycell/${name}/sandbox`;
}

async function installNsjail(python, { mayInstall }) {
  const folder = join(MADE, 'nsjail');
  const args = ['nsjail', '--output', folder];
  let { status, output } = await build(python, args);
  if (status !== 0 && status !== NO_NSJAIL_STATUS && /apt-get install/.test(output)) {
    if (await installDebianPackages(['libstdc++6', 'zlib1g'], { mayInstall })) {
      ({ status } = await build(python, args));
    }
  }
  return status === 0 ? join(folder, 'nsjail/bin/nsjail') : null;
}

function writeRecord(record) {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  if (existsSync(RECORD) && readFileSync(RECORD, 'utf8') === text) {
    return;
  }
  writeFileSync(`${RECORD}.new`, text);
  renameSync(`${RECORD}.new`, RECORD);
}

/** How the builder makes the folder `output`, with the packages that `environment` asks for besides. */
export function packagesArguments(output, environment = process.env) {
  const { SANDBOX_PACKAGES: sets, SANDBOX_REQUIREMENTS: extra } = environment;
  return [
    'packages',
    ...['--output', output],
    ...(sets ? ['--sets', sets] : []),
    ...(extra ? ['--extra-requirements', extra] : []),
  ];
}

/** Makes what is missing or out of date, and returns the record of what is there. */
export async function makeSandbox(python, { mayInstall }) {
  mkdirSync(MADE, { recursive: true });
  const packages = join(MADE, 'packages');
  await buildOrFail(python, packagesArguments(packages));
  const record = { python, packages };
  const nsjail = process.env.NSJAIL_PATH ?? (await installNsjail(python, { mayInstall }));
  if (nsjail) {
    record.nsjail = nsjail;
    record.sandboxRoot = await placeForRoot(python);
    await buildRoot(python, { packages, nsjail, output: record.sandboxRoot });
  } else {
    note('No nsjail here: only BUILD=local will work, and its scripts are not isolated.');
  }
  // Local mode runs the runner where it lies; compiled now, since the service writes nothing into the checkout.
  await run(python, ['-I', '-m', 'compileall', '-q', join(RUNNER, 'pycell_runner')]);
  writeRecord(record);
  return record;
}
