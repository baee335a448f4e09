import type { ZygotesInfo } from '@pycell/contracts';
import { Logger } from '@nestjs/common';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { resultWithoutRun, withOneRetry } from '../conversation/one-retry';
import { removeFolderOrWarn } from '../host/folder-removal';
import { createSocketFolder, removeStaleFolders } from '../host/socket-folder';
import type { ExecutorRecipe, WarmLaunch } from '../launch/recipe';
import type { RunnerLauncher } from '../launch/runner-launcher';
import { ZYGOTE_KINDS, type ZygoteKind } from '../protocol/messages';
import type { EngineState } from '../run/engine-state';
import type { Run } from '../run/run';
import type { RunObserver } from '../run/run-observer';
import type { RunResult } from '../run/run-result';
import { failedReport, type SelfTestReport } from '../run/self-test-report';
import { ProvedExecutor } from '../self-test/proved-executor';
import { BackOff } from '../waiting/back-off';
import { lastingAbort } from '../waiting/lasting-abort';
import { Availability } from './availability';
import { WarmJail } from './warm-jail';

/** How long a run waits for a jail while the executor heals; the jail says how long for a spare. Milliseconds. */
const PATIENCE_MS = 8_000;
/** Between restarts of a runner that is lost at once. Milliseconds. */
const FIRST_DELAY_MS = 50;
const LARGEST_DELAY_MS = 2_000;
/** A runner that has lived so long is started again at once. Milliseconds. */
const STABLE_MS = 10_000;
/** Beside those for the runs at once: one for the self-test. */
const EXTRA_SPARES = 1;

/** Keeps one jail with its zygotes alive, and runs scripts in forks of them. */
export class WarmExecutor extends ProvedExecutor {
  private readonly logger = new Logger('WarmExecutor');
  private readonly availability = new Availability<WarmJail>();
  private readonly closing = lastingAbort();
  private readonly zygotesOf = new Map<ZygoteKind, ZygotesInfo>();
  /** Kinds whose zygote has died, until there is another. */
  private readonly lostZygotes = new Set<ZygoteKind>();
  private readonly zygoteRestarts = new Map<ZygoteKind, number>();
  private jailRestarts = 0;
  private keeping: Promise<void> | null = null;

  constructor(
    recipe: ExecutorRecipe,
    private readonly way: WarmLaunch,
    private readonly launch: RunnerLauncher,
  ) {
    super(recipe);
  }

  get zygotes(): ZygotesInfo | null {
    const all = [...this.zygotesOf.values()];
    return all.length === 0
      ? null
      : {
          immortalObjects: all.every(({ immortalObjects }) => immortalObjects),
          memorySnapshot: all.every(({ memorySnapshot }) => memorySnapshot),
        };
  }

  get engine(): EngineState {
    const spares = this.availability.present?.spares;
    const kinds = ZYGOTE_KINDS.map((kind) => ({
      kind,
      ...(spares?.[kind].state ?? { isOpen: false, spares: 0 }),
      restarts: this.zygoteRestarts.get(kind) ?? 0,
    }));
    return { kinds, jailRestarts: this.jailRestarts };
  }

  start(): void {
    this.keeping ??= this.keepAlive();
  }

  run(run: Run, observer: RunObserver, signal: AbortSignal): Promise<RunResult> {
    const requestedAt = performance.now();
    // Who has waited in vain for a spare does not wait once more.
    let hasPatience = true;
    const onImpatient = (): void => void (hasPatience = false);
    const mayRetry = (): boolean => hasPatience && !signal.aborted && !this.isClosing();
    return withOneRetry(observer, mayRetry, (attempt) =>
      this.attempt(run, requestedAt, attempt, signal, onImpatient),
    );
  }

  async selfTest(): Promise<SelfTestReport> {
    this.start();
    let jail: WarmJail;
    try {
      jail = await this.availability.get(AbortSignal.timeout(PATIENCE_MS));
    } catch (error) {
      // There is no jail: what it proved once holds no more.
      return this.proof.record(failedReport(String(error)));
    }
    return jail.selfTest();
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the service ends'));
    await this.keeping;
  }

  private async attempt(
    run: Run,
    requestedAt: number,
    observer: RunObserver,
    signal: AbortSignal,
    onImpatient: () => void,
  ): Promise<RunResult> {
    this.start();
    // As a rule: it spares an ordinary run all that waiting takes.
    const atOnce =
      !signal.aborted && this.availability.present?.visitAtOnce(run, { requestedAt, observer, signal });
    if (atOnce) {
      return atOnce;
    }
    const patience = new AbortController();
    const giveUp = (): void => patience.abort(new Error('no spare became ready in time'));
    let timer = setTimeout(giveUp, PATIENCE_MS);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) {
      giveUp();
    }
    try {
      const jail = await this.availability.get(patience.signal);
      clearTimeout(timer);
      timer = setTimeout(giveUp, requestedAt + jail.patienceMs(run.imports) - performance.now());
      return await jail.visit(run, { requestedAt, observer, signal, patience: patience.signal });
    } catch (error) {
      // No jail, or no spare of it in time.
      if (patience.signal.aborted) {
        onImpatient();
      }
      return signal.aborted
        ? resultWithoutRun({ status: 'CANCELLED' }, requestedAt, observer)
        : resultWithoutRun({ status: 'SANDBOX_UNAVAILABLE', cause: String(error) }, requestedAt, observer);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  private isClosing(): boolean {
    return this.closing.signal.aborted;
  }

  /** Starts a jail, again and again while it is lost, until the service ends. Never rejects. */
  private async keepAlive(): Promise<void> {
    await removeStaleFolders();
    const backOff = new BackOff(FIRST_DELAY_MS, LARGEST_DELAY_MS);
    while (!this.isClosing()) {
      const launchedAt = performance.now();
      const cause = await this.keepOne();
      if (this.isClosing()) {
        break;
      }
      const wasStable = performance.now() - launchedAt > STABLE_MS;
      if (wasStable) {
        backOff.reset();
      }
      this.jailRestarts++;
      const delayMs = wasStable ? 0 : backOff.nextMs();
      this.logger.error(`The runner was lost and is started again in ${delayMs} ms: ${cause}`);
      await delay(delayMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
    this.availability.fail(this.closing.signal.reason as Error);
  }

  /** Starts one jail and waits for its end. Returns the reason, for the log. */
  private async keepOne(): Promise<string> {
    let sockets: string | null = null;
    try {
      sockets = await createSocketFolder(this.way.socketOwner);
      return await this.keepUntilLost(this.launchJail(sockets));
    } catch (error) {
      // The host could not give a folder or a process.
      this.availability.fail(error as Error);
      return String(error);
    } finally {
      if (sockets) {
        await removeFolderOrWarn(sockets, this.logger);
      }
    }
  }

  private async keepUntilLost(jail: WarmJail): Promise<string> {
    const end = (): void => jail.stop('the service ends');
    this.closing.signal.addEventListener('abort', end, { once: true });
    try {
      if (this.isClosing()) {
        end();
      }
      await jail.serves;
      this.availability.provide(jail);
    } catch (error) {
      jail.fail(String(error));
      this.availability.fail(new Error(await jail.lost));
    }
    const cause = await jail.lost;
    this.closing.signal.removeEventListener('abort', end);
    this.availability.withdraw(jail);
    this.zygotesOf.clear();
    this.lostZygotes.clear();
    return cause;
  }

  private learn(kind: ZygoteKind, zygotes: ZygotesInfo): void {
    // Others are planned successors, or were ended for want of use.
    if (this.lostZygotes.delete(kind)) {
      this.zygoteRestarts.set(kind, (this.zygoteRestarts.get(kind) ?? 0) + 1);
    }
    this.zygotesOf.set(kind, zygotes);
  }

  private launchJail(sockets: string): WarmJail {
    const { limits, maxConcurrency } = this.recipe;
    const onDiagnostic = (text: string): void => {
      if (text.trim() !== '' && !this.isClosing()) {
        this.logger.warn(`The runner says: ${text.trim()}`);
      }
    };
    return new WarmJail(this.launch({ ...this.way.command(sockets), onDiagnostic }), this.proof, {
      limits,
      sockets,
      spares: maxConcurrency + EXTRA_SPARES,
      preload: this.way.preload ?? [],
      cores: availableParallelism(),
      onZygote: (kind, zygotes) => this.learn(kind, zygotes),
      onZygoteLost: (kind) => this.lostZygotes.add(kind),
      onGone: (run) => {
        if (this.way.hasRunFolders) {
          void removeFolderOrWarn(join(sockets, `run-${run}`), this.logger);
        }
      },
      onFault: (cause) => this.logger.error(cause),
    });
  }
}
