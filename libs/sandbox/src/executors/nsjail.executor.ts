import type { IsolationLevel } from '@pycell/contracts';
import { join } from 'node:path';
import { OutsideIdPool, unprivilegedIds } from '../host/id-mapping';
import { perRunGvisorCommand, processesOfRuns, warmGvisorCommand } from '../runtime/gvisor-command';
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

export type NsjailExecutorOptions = Pick<
  SandboxOptions,
  'limits' | 'paths' | 'jailPerRun' | 'jailProfile' | 'admission'
>;

/**
 * BUILD=cloud: runs in nsjail, or inside gVisor in what nsjail can do there; in one warm jail for all of them, or with
 * `jailPerRun` in one for each. Without a working jail every run ends as `unavailable`.
 */
export class NsjailExecutor extends RuntimeExecutor {
  readonly isolation: IsolationLevel;

  constructor(
    private readonly options: NsjailExecutorOptions,
    launch: RunnerLauncher = launchRunner,
  ) {
    const { limits, jailPerRun, jailProfile } = options;
    // In a jail for each run the supervisor is pid 1, and counts among the jail's processes; inside gVisor, whose pid 1 is
    // not spared signals, the run is in a namespace of its own even so.
    const proof = new IsolationProof({
      limits,
      profile: jailProfile,
      ownPidNamespace: !jailPerRun || jailProfile === 'gvisor',
      maxProcesses:
        jailProfile === 'gvisor'
          ? processesOfRuns(limits, options.admission.maxConcurrency)
          : limits.maxThreads + (jailPerRun ? 1 : 0),
    });
    super(jailPerRun ? perRunRuntime(options, launch, proof) : warmRuntime(options, launch, proof), proof);
    const wall = jailProfile === 'gvisor' ? 'gvisor' : 'nsjail';
    this.isolation = jailPerRun ? `${wall}-per-run` : wall;
  }

  describePython(): Promise<PythonDescription> {
    return readPythonManifest(join(this.options.paths.sandboxRoot, 'sandbox.json'));
  }
}

function warmRuntime(
  { limits, paths, jailProfile, admission: { maxConcurrency } }: NsjailExecutorOptions,
  launch: RunnerLauncher,
  proof: IsolationProof,
): Runtime {
  const isGvisor = jailProfile === 'gvisor';
  const ownUserNamespace = jailProfile === 'full';
  const ids = isGvisor ? { first: unprivilegedIds(), count: 1 } : new OutsideIdPool().range();
  const command = (sockets: string): RunnerCommand =>
    isGvisor
      ? warmGvisorCommand(paths, limits, { ids: ids.first, maxConcurrency, sockets })
      : warmJailCommand(paths, limits, { ids, ownUserNamespace, maxConcurrency, sockets });
  const options = { limits, maxConcurrency, launch, command, socketOwner: ids.first, hasRunFolders: false };
  return new WarmRuntime(options, proof);
}

function perRunRuntime(
  { limits, paths, jailProfile, admission: { maxConcurrency } }: NsjailExecutorOptions,
  launch: RunnerLauncher,
  proof: IsolationProof,
): Runtime {
  if (jailProfile === 'gvisor') {
    const command = perRunGvisorCommand(paths, limits, { ids: unprivilegedIds(), maxConcurrency });
    const giveBack = (): Promise<void> => Promise.resolve();
    return new PerRunRuntime(
      { limits, launch, prepare: () => Promise.resolve({ command, giveBack }) },
      proof,
    );
  }
  const pool = new OutsideIdPool();
  const prepare = (): Promise<RunPlace> => {
    const { ids, giveBack } = pool.take();
    return Promise.resolve({
      command: perRunJailCommand(paths, limits, ids, jailProfile === 'full'),
      giveBack: () => {
        giveBack();
        return Promise.resolve();
      },
    });
  };
  return new PerRunRuntime({ limits, launch, prepare }, proof);
}
