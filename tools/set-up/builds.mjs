/** Builds the TypeScript projects through Nx, which skips what has not changed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bin } from './commands.mjs';
import { ROOT } from './places.mjs';
import { note, SetUpError, step } from './progress.mjs';
import { removeStaleOutputs } from './stale-outputs.mjs';

/** What must be there after a build: a cache that claims success without it is not believed. */
const OUTPUTS = [
  'dist/apps/api/main.js',
  'dist/apps/console/index.html',
  'libs/sandbox/dist/index.js',
  'libs/contracts/dist/esm/index.js',
  'libs/api-client/dist/esm/index.js',
];

/** Folders that tsc writes for Node, by what it compiles. */
const COMPILED = { 'apps/api/src': 'dist/apps/api', 'libs/sandbox/src': 'libs/sandbox/dist' };

/** Read when it is needed: whoever calls may have set something meanwhile. */
const nxEnvironment = () => ({
  ...process.env,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NG_CLI_ANALYTICS: 'false',
});

/** Runs one target of all projects, or several, two tasks at a time; `show` as it goes. Returns { status, output }. */
export function nx(targets, { show = false, args = [] } = {}) {
  return bin('nx', ['run-many', '-t', ...[targets].flat(), '--outputStyle=static', '--parallel=2', ...args], {
    show,
    env: nxEnvironment(),
  });
}

export async function buildProjects() {
  await step('Building', async () => {
    let result = await nx('build');
    if (result.status === 0 && !OUTPUTS.every((output) => existsSync(join(ROOT, output)))) {
      result = await nx('build', { args: ['--skip-nx-cache'] });
    }
    if (result.status !== 0) {
      note(result.output.trim());
      throw new SetUpError('The build failed. The lines above tell why.');
    }
    Object.entries(COMPILED).forEach(([from, to]) => removeStaleOutputs(join(ROOT, from), join(ROOT, to)));
  });
}
