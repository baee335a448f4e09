import { mkdtemp } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunConversation } from '../runtime/run-conversation';
import { runnerArguments } from '../runtime/runner-arguments';
import { launchRunner, type RunnerLauncher } from '../runtime/runner-launcher';
import type { SandboxOptions } from '../sandbox-options';
import { removeFolder } from './folder-removal';
import { readPythonManifest } from './python-manifest';
import type { PythonDescription, RunReport, RunRequest, SandboxExecutor } from './sandbox-executor';

/**
 * BUILD=local: each run in a process of its own, with limits and **without isolation**: the script can do what the
 * user who started the service can do. For development.
 */
export class LocalExecutor implements SandboxExecutor {
  readonly isolation = 'none';

  constructor(
    private readonly options: Pick<SandboxOptions, 'limits' | 'paths'>,
    private readonly launch: RunnerLauncher = launchRunner,
  ) {}

  async run(request: RunRequest, signal: AbortSignal): Promise<RunReport> {
    const { limits, paths } = this.options;
    // Files that a script writes land here, as they land in the jail's own /tmp, and go with the run.
    const folder = await mkdtemp(join(tmpdir(), 'pycell-run-'));
    try {
      const runner = this.launch({
        file: paths.python,
        cwd: folder,
        args: runnerArguments(paths.runner, ['--packages', paths.packages]),
      });
      const conversation = new RunConversation(runner, { limits, cores: availableParallelism() });
      return await conversation.hold(request, signal);
    } finally {
      await this.remove(folder);
    }
  }

  /** What cannot be removed must not cost the run its answer. */
  private async remove(folder: string): Promise<void> {
    try {
      await removeFolder(folder);
    } catch (error) {
      // Something else holds on to it, such as a mount.
      new Logger(LocalExecutor.name).warn(`The folder of a run stays behind: ${String(error)}`);
    }
  }

  describePython(): Promise<PythonDescription> {
    return readPythonManifest(join(this.options.paths.packages, 'packages.json'));
  }
}
