import { Logger } from '@nestjs/common';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerRunRuntime, type RunPlace } from '../runtime/per-run-runtime';
import { onceArguments, warmArguments } from '../runtime/runner-arguments';
import { launchRunner, type RunnerCommand, type RunnerLauncher } from '../runtime/runner-launcher';
import type { Runtime } from '../runtime/runtime';
import { WarmRuntime } from '../runtime/warm-runtime';
import type { SandboxOptions } from '../sandbox-options';
import { IsolationProof } from '../self-test/isolation-proof';
import { removeFolder } from './folder-removal';
import { readPythonManifest } from './python-manifest';
import { RuntimeExecutor } from './runtime.executor';
import type { PythonDescription } from './sandbox-executor';

export type LocalExecutorOptions = Pick<SandboxOptions, 'limits' | 'paths' | 'jailPerRun' | 'admission'>;

/**
 * BUILD=local: the same runtime as in the jail, with limits and **without isolation**: a script can do what the user
 * who started the service can do. For development.
 */
export class LocalExecutor extends RuntimeExecutor {
  readonly isolation = 'none';

  constructor(
    private readonly options: LocalExecutorOptions,
    launch: RunnerLauncher = launchRunner,
  ) {
    const proof = new IsolationProof(null);
    // Zygotes take what only Linux has.
    const perRun = options.jailPerRun || process.platform !== 'linux';
    super(perRun ? perRunRuntime(options, launch, proof) : warmRuntime(options, launch, proof), proof);
  }

  describePython(): Promise<PythonDescription> {
    return readPythonManifest(join(this.options.paths.packages, 'packages.json'));
  }
}

function warmRuntime(
  { limits, paths, admission: { maxConcurrency } }: LocalExecutorOptions,
  launch: RunnerLauncher,
  proof: IsolationProof,
): Runtime {
  const command = (sockets: string): RunnerCommand => ({
    file: paths.python,
    cwd: sockets,
    args: warmArguments(paths.runner, limits, ['--sockets', sockets, '--packages', paths.packages]),
  });
  return new WarmRuntime({ limits, maxConcurrency, launch, command, hasRunFolders: true }, proof);
}

function perRunRuntime(
  { limits, paths }: LocalExecutorOptions,
  launch: RunnerLauncher,
  proof: IsolationProof,
): Runtime {
  const prepare = async (): Promise<RunPlace> => {
    // Files that a script writes land here, as they land in the jail's own /tmp, and go with the run.
    const folder = await mkdtemp(join(tmpdir(), 'pycell-run-'));
    return {
      command: {
        file: paths.python,
        cwd: folder,
        args: onceArguments(paths.runner, limits, ['--packages', paths.packages]),
      },
      giveBack: () => remove(folder),
    };
  };
  return new PerRunRuntime({ limits, launch, prepare }, proof);
}

/** What cannot be removed must not cost the run its answer. */
async function remove(folder: string): Promise<void> {
  try {
    await removeFolder(folder);
  } catch (error) {
    // Something else holds on to it, such as a mount.
    new Logger(LocalExecutor.name).warn(`The folder of a run stays behind: ${String(error)}`);
  }
}
