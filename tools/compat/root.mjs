/** A sandbox root with pytest and with the tests that the wheels of numpy and pandas bring; `npm run compat` alone uses it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildOrFail, buildRoot } from '../set-up/builder.mjs';
import { MADE, ROOT } from '../set-up/places.mjs';

/** Folders whose tests need what no script has: compilers, a type checker. */
const LEFT_OUT = /^numpy\/(f2py|typing|distutils|_core\/tests\/examples)\b/;

/** @param record what the set-up made @returns {Promise<{ packages: string, root: string }>} */
export async function makeCompatRoot({ python, nsjail, sandboxRoot }) {
  const packages = join(MADE, 'compat/packages');
  // Beside the other root, so that the jail's ids can walk to it.
  const root = `${sandboxRoot}-compat`;
  await buildOrFail(python, [
    'packages',
    ...['--extra-requirements', join(ROOT, 'tools/compat/requirements.txt')],
    ...['--keep-tests', '--output', packages],
  ]);
  await buildRoot(python, { packages, nsjail, output: root });
  return { packages, root };
}

/** The test modules of both packages, as paths relative to the folder of packages; sorted. */
export function testModules(packages) {
  return ['numpy', 'pandas']
    .flatMap((name) =>
      readdirSync(join(packages, name), { recursive: true }).map((path) => `${name}/${path}`),
    )
    .filter((path) => /\/tests\/(.*\/)?test_\w+\.py$/.test(path) && !LEFT_OUT.test(path))
    .sort();
}
