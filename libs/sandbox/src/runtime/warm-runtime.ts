import { Logger } from '@nestjs/common';
import type { ExecutionLimits } from '@pycell/contracts';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { removeFolder } from '../executors/folder-removal';
import type { RunReport, RunRequest } from '../executors/sandbox-executor';
import type { IsolationProof } from '../self-test/isolation-proof';
import { failedReport, type SelfTestReport } from '../self-test/self-test';
import { Availability } from './availability';
import type { RunnerCommand, RunnerLauncher } from './runner-launcher';
import { reportOfNoRun, type Runtime } from './runtime';
import { createSocketFolder, removeStaleFolders } from './socket-folder';
import { WarmRunner } from './warm-runner';

export interface WarmRuntimeOptions {
  readonly limits: ExecutionLimits;
  readonly maxConcurrency: number;
  readonly launch: RunnerLauncher;
  /** Who must be able to make sockets in the runner's folder: its user outside; undefined: ourselves. */
  readonly socketOwner?: { readonly uid: number; readonly gid: number };
  /** Each run has a folder of its own beside the sockets, which goes with it. */
  readonly hasRunFolders: boolean;
  readonly command: (sockets: string) => RunnerCommand;
}

/** How long a run waits for a runner and a spare while the runtime heals. Milliseconds. */
const PATIENCE_MS = 5_000;
/** Between restarts of a runner that is lost at once: doubled each time, up to the largest. Milliseconds. */
const FIRST_DELAY_MS = 50;
const LARGEST_DELAY_MS = 2_000;
const STABLE_MS = 10_000;
/** Beside those for the runs at once: one for the self-test. */
const EXTRA_SPARES = 1;

/** Keeps one runner with its zygotes alive, and runs scripts in forks of them. */
export class WarmRuntime implements Runtime {
  private readonly logger = new Logger('Runtime');
  private readonly availability = new Availability<WarmRunner>();
  private readonly closing = new AbortController();
  private keeping: Promise<void> | null = null;

  constructor(
    private readonly options: WarmRuntimeOptions,
    private readonly proof: IsolationProof,
  ) {}

  start(): void {
    this.keeping ??= this.keepAlive();
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<RunReport> {
    const requestedAt = performance.now();
    const first = await this.attempt(request, requestedAt, signal);
    const isLost = first.end.kind === 'unavailable' && !signal.aborted && !this.closing.signal.aborted;
    // Lost by no known fault of the script's: once more, and never a third time.
    if (!isLost) {
      return first;
    }
    const second = await this.attempt(request, requestedAt, signal);
    return { ...second, gone: Promise.all([first.gone, second.gone]).then(() => undefined) };
  }

  async selfTest(): Promise<SelfTestReport> {
    this.start();
    let runner: WarmRunner;
    try {
      runner = await this.availability.get(AbortSignal.timeout(PATIENCE_MS));
    } catch (error) {
      // There is no runner: what it proved once holds no more.
      return this.proof.record(failedReport(String(error)));
    }
    return runner.selfTest();
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the service ends'));
    await this.keeping;
  }

  private async attempt(request: RunRequest, requestedAt: number, signal: AbortSignal): Promise<RunReport> {
    this.start();
    const patience = new AbortController();
    const giveUp = (): void => patience.abort(new Error('no spare became ready in time'));
    const timer = setTimeout(giveUp, PATIENCE_MS);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) {
      giveUp();
    }
    try {
      const runner = await this.availability.get(patience.signal);
      return await runner.run(request, { requestedAt, signal, patience: patience.signal });
    } catch (error) {
      // No runner, or no spare of it in time.
      return signal.aborted
        ? reportOfNoRun({ kind: 'cancelled' }, requestedAt)
        : reportOfNoRun({ kind: 'unavailable', cause: String(error) }, requestedAt);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  private isClosing(): boolean {
    return this.closing.signal.aborted;
  }

  /** Starts a runner, again and again while it is lost, until the service ends. Never rejects. */
  private async keepAlive(): Promise<void> {
    await removeStaleFolders();
    for (let delayMs = 0; !this.isClosing();) {
      const launchedAt = performance.now();
      const cause = await this.keepOne();
      if (this.isClosing()) {
        break;
      }
      delayMs =
        performance.now() - launchedAt > STABLE_MS
          ? 0
          : Math.min(Math.max(2 * delayMs, FIRST_DELAY_MS), LARGEST_DELAY_MS);
      this.logger.error(`The runner was lost and is started again in ${delayMs} ms: ${cause}`);
      await delay(delayMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
    this.availability.fail(this.closing.signal.reason as Error);
  }

  /** Starts one runner and waits for its end. Returns the reason, for the log. */
  private async keepOne(): Promise<string> {
    let sockets: string | null = null;
    try {
      sockets = await createSocketFolder(this.options.socketOwner);
      const runner = this.launch(sockets);
      const end = (): void => runner.stop('the service ends');
      this.closing.signal.addEventListener('abort', end, { once: true });
      try {
        if (this.closing.signal.aborted) {
          end();
        }
        await runner.serves;
        this.availability.provide(runner);
      } catch (error) {
        runner.fail(String(error));
        this.availability.fail(new Error(await runner.lost));
      }
      const cause = await runner.lost;
      this.closing.signal.removeEventListener('abort', end);
      this.availability.withdraw(runner);
      return cause;
    } catch (error) {
      // The host could not give a folder or a process.
      this.availability.fail(error as Error);
      return String(error);
    } finally {
      if (sockets) {
        await this.remove(sockets);
      }
    }
  }

  private launch(sockets: string): WarmRunner {
    const { limits, maxConcurrency, launch, command, hasRunFolders } = this.options;
    const onDiagnostic = (text: string): void => {
      if (text.trim() !== '' && !this.isClosing()) {
        this.logger.warn(`The runner says: ${text.trim()}`);
      }
    };
    return new WarmRunner(launch({ ...command(sockets), onDiagnostic }), this.proof, {
      limits,
      sockets,
      spares: maxConcurrency + EXTRA_SPARES,
      cores: availableParallelism(),
      onGone: (run) => {
        if (hasRunFolders) {
          void this.remove(join(sockets, `run-${run}`));
        }
      },
      onFault: (cause) => this.logger.error(cause),
    });
  }

  /** What cannot be removed must not cost a run its answer. */
  private async remove(folder: string): Promise<void> {
    try {
      await removeFolder(folder);
    } catch (error) {
      // Something else holds on to it, such as a mount.
      this.logger.warn(`A folder stays behind: ${String(error)}`);
    }
  }
}
