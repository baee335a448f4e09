import { Logger } from '@nestjs/common';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolderOrWarn } from '../../host/folder-removal';
import type { ExecutorRecipe, PerRunLaunch, WarmLaunch } from '../../launch/recipe';
import { onceArguments, warmArguments } from '../../launch/runner-arguments';
import type { ExecutorOptions } from '../executor-options';

/**
 * BUILD=local: the same runner as in the jail, with limits and **without isolation**: a script can do what the user
 * who started the service can do. For development.
 */
export function localRecipe(options: ExecutorOptions): ExecutorRecipe {
  const { limits, maxConcurrency, paths } = options;
  // Zygotes take what only Linux has.
  const perRun = options.jailPerRun || process.platform !== 'linux';
  return {
    isolation: 'none',
    promises: [],
    takesFiles: true,
    remedy: 'npm run doctor tells what is missing.',
    pythonManifest: join(paths.packages, 'packages.json'),
    limits,
    maxConcurrency,
    // Without isolation there is nothing to prove, only that scripts run.
    selfTest: {
      script: 'def main():\n    return 1\n',
      judge: (value) => [{ name: 'run', passed: value === 1 }],
    },
    launch: perRun ? perRunLaunch(options) : warmLaunch(options),
  };
}

function warmLaunch({ limits, paths, preload }: ExecutorOptions): WarmLaunch {
  return {
    way: 'warm',
    preload,
    hasRunFolders: true,
    command: (sockets) => ({
      file: paths.python,
      cwd: sockets,
      args: warmArguments(paths.runner, limits, ['--sockets', sockets, '--packages', paths.packages]),
    }),
  };
}

function perRunLaunch({ limits, paths }: ExecutorOptions): PerRunLaunch {
  const logger = new Logger('LocalExecutor');
  return {
    way: 'per-run',
    prepare: async () => {
      // Files that a script writes land here, as they land in the jail's own /tmp, and go with the run.
      const folder = await mkdtemp(join(tmpdir(), 'pycell-run-'));
      return {
        command: {
          file: paths.python,
          cwd: folder,
          args: onceArguments(paths.runner, limits, ['--packages', paths.packages]),
        },
        release: () => removeFolderOrWarn(folder, logger),
      };
    },
  };
}
