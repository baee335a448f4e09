import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { OutsideIdPool } from '../host/id-mapping';
import { nsjailCommand } from '../runtime/nsjail-command';
import { RunConversation } from '../runtime/run-conversation';
import { launchRunner, type RunnerLauncher } from '../runtime/runner-launcher';
import type { SandboxOptions } from '../sandbox-options';
import { readPythonManifest } from './python-manifest';
import type { PythonDescription, RunReport, RunRequest, SandboxExecutor } from './sandbox-executor';

/** BUILD=cloud: each run in a jail of its own. Without a working nsjail every run ends as `unavailable`. */
export class NsjailExecutor implements SandboxExecutor {
  readonly isolation = 'nsjail-per-run';
  private readonly ids = new OutsideIdPool();

  constructor(
    private readonly options: Pick<SandboxOptions, 'limits' | 'paths'>,
    private readonly launch: RunnerLauncher = launchRunner,
  ) {}

  async run(request: RunRequest, signal: AbortSignal): Promise<RunReport> {
    const { ids, giveBack } = this.ids.take();
    try {
      const runner = this.launch(nsjailCommand(this.options.paths, this.options.limits, ids));
      const conversation = new RunConversation(runner, {
        limits: this.options.limits,
        cores: availableParallelism(),
      });
      return await conversation.hold(request, signal);
    } finally {
      giveBack();
    }
  }

  describePython(): Promise<PythonDescription> {
    return readPythonManifest(join(this.options.paths.sandboxRoot, 'sandbox.json'));
  }
}
