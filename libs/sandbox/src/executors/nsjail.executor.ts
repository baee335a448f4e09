import type { IsolationLevel } from '@pycell/contracts';
import { join } from 'node:path';
import { OutsideIdPool } from '../host/id-mapping';
import { perRunJailCommand, warmJailCommand } from '../runtime/nsjail-command';
import { PerRunRuntime, type RunPlace } from '../runtime/per-run-runtime';
import { launchRunner, type RunnerCommand, type RunnerLauncher } from '../runtime/runner-launcher';
import type { Runtime } from '../runtime/runtime';
import { WarmRuntime } from '../runtime/warm-runtime';
import type { SandboxOptions } from '../sandbox-options';
import { IsolationProof } from '../self-test/isolation-proof';
import { readPythonManifest } from './python-manifest';
import { RuntimeExecutor } from './runtime.executor';
import type { PythonDescription } from './sandbox-executor';

export type NsjailExecutorOptions = Pick<SandboxOptions, 'limits' | 'paths' | 'jailPerRun' | 'admission'>;

/**
 * BUILD=cloud: runs in nsjail, one warm jail for all of them, or with `jailPerRun` one for each. Without a working nsjail
 * every run ends as `unavailable`.
 */
export class NsjailExecutor extends RuntimeExecutor {
  readonly isolation: IsolationLevel;

  constructor(
    private readonly options: NsjailExecutorOptions,
    launch: RunnerLauncher = launchRunner,
  ) {
    const { limits, jailPerRun } = options;
    // In a jail for each run the supervisor is pid 1, and counts among the jail's processes.
    const proof = new IsolationProof({
      limits,
      ownPidNamespace: !jailPerRun,
      maxProcesses: limits.maxThreads + (jailPerRun ? 1 : 0),
    });
    super(jailPerRun ? perRunRuntime(options, launch, proof) : warmRuntime(options, launch, proof), proof);
    this.isolation = jailPerRun ? 'nsjail-per-run' : 'nsjail';
  }

  describePython(): Promise<PythonDescription> {
    return readPythonManifest(join(this.options.paths.sandboxRoot, 'sandbox.json'));
  }
}

function warmRuntime(
  { limits, paths, admission: { maxConcurrency } }: NsjailExecutorOptions,
  launch: RunnerLauncher,
  proof: IsolationProof,
): Runtime {
  const ids = new OutsideIdPool().range();
  const command = (sockets: string): RunnerCommand =>
    warmJailCommand(paths, limits, { ids, maxConcurrency, sockets });
  const options = { limits, maxConcurrency, launch, command, socketOwner: ids.first, hasRunFolders: false };
  return new WarmRuntime(options, proof);
}

function perRunRuntime(
  { limits, paths }: NsjailExecutorOptions,
  launch: RunnerLauncher,
  proof: IsolationProof,
): Runtime {
  const pool = new OutsideIdPool();
  const prepare = (): Promise<RunPlace> => {
    const { ids, giveBack } = pool.take();
    return Promise.resolve({
      command: perRunJailCommand(paths, limits, ids),
      giveBack: () => {
        giveBack();
        return Promise.resolve();
      },
    });
  };
  return new PerRunRuntime({ limits, launch, prepare }, proof);
}
