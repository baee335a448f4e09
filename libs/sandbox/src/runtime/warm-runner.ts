import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ExecutionLimits } from '@pycell/contracts';
import type { RunReport, RunRequest } from '../executors/sandbox-executor';
import { ZYGOTE_KINDS, type ZygoteKind } from '../protocol/messages';
import type { IsolationProof } from '../self-test/isolation-proof';
import type { SelfTestReport } from '../self-test/self-test';
import { abortable } from './abortable';
import { ControlChannel } from './control-channel';
import { RunConversation } from './run-conversation';
import type { LaunchedRunner } from './runner-launcher';
import { SparePool } from './spare-pool';

export interface WarmRunnerOptions {
  readonly limits: ExecutionLimits;
  /** The folder in which the runner's sockets are. */
  readonly sockets: string;
  /** Spares of each kind. */
  readonly spares: number;
  readonly cores: number;
  /** Called when a run's process is gone. */
  readonly onGone: (run: number) => void;
  /** For the log. */
  readonly onFault: (cause: string) => void;
}

interface RunOptions {
  /** When the request came, by `performance.now()`. */
  readonly requestedAt: number;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Ends the wait for a spare. */
  readonly patience: AbortSignal;
}

/** From launch to HELLO. Milliseconds. */
const HELLO_TIMEOUT_MS = 10_000;
/** How long it may take to end by itself. Milliseconds. */
const STOP_TIMEOUT_MS = 1_000;
/** How often a first proof is tried that could not be made. */
const MAX_PROOFS = 3;
/** What scripts need the packages for, before the packages have been loaded and are known. */
const KNOWN_PACKAGES = ['numpy', 'pandas'];

/** One started runner with its spares, until it is lost. */
export class WarmRunner {
  /** Settles when scripts can be run, the isolation being proved; rejects when that is not to be. */
  readonly serves: Promise<void>;
  /** Settles when the runner is lost, with the reason for the log. */
  readonly lost: Promise<string>;
  private readonly control: ControlChannel;
  private readonly pools: Readonly<Record<ZygoteKind, SparePool>>;
  private readonly conversations = new Set<RunConversation>();
  private readonly proved: Readonly<Record<ZygoteKind, Promise<void>>>;
  /** Aborts when the runner is lost: nobody waits for a spare of it any more. */
  private readonly ends = new AbortController();
  private packages: ReadonlySet<string> = new Set(KNOWN_PACKAGES);
  private cause: string | null = null;

  constructor(
    private readonly runner: LaunchedRunner,
    private readonly proof: IsolationProof,
    private readonly options: WarmRunnerOptions,
  ) {
    let hello!: () => void;
    const said = new Promise<void>((resolve) => (hello = resolve));
    this.control = new ControlChannel(runner.control, {
      onHello: () => hello(),
      onZygote: ({ kind, modules }) => {
        if (kind === 'packages') {
          this.packages = new Set(modules);
        }
      },
      onBroken: (cause) => this.fail(cause),
    });
    const timer = setTimeout(() => this.fail('the runner did not speak in time'), HELLO_TIMEOUT_MS);
    this.lost = runner.ended.then(({ account }) => {
      clearTimeout(timer);
      return this.end(account);
    });
    this.pools = { bare: this.createPool('bare'), packages: this.createPool('packages') };
    const isLost = this.lost.then((cause) => Promise.reject(new Error(cause)));
    const speaks = Promise.race([said.then(() => clearTimeout(timer)), isLost]);
    // Each kind on its own: scripts that need no packages do not wait until those are loaded.
    this.proved = { bare: this.proveFirst('bare', speaks), packages: this.proveFirst('packages', speaks) };
    this.serves = this.proved.bare;
    for (const promise of [isLost, speaks, ...Object.values(this.proved)]) {
      promise.catch(() => undefined);
    }
  }

  /** Proves the isolation again, for each kind of zygote. Never rejects; a runner that fails is given up. */
  async selfTest(): Promise<SelfTestReport> {
    const bare = await this.prove('bare');
    return bare.passed ? this.prove('packages') : bare;
  }

  /** Runs a script in a spare. Never rejects, but for the reason of `patience` while it waits for one. */
  async run(request: RunRequest, options: RunOptions): Promise<RunReport> {
    const kind = this.kindFor(request.imports);
    await abortable(this.proved[kind], options.patience);
    return this.converse(kind, request, options);
  }

  /** Gives the runner up: it is killed, and everything that runs in it is lost. `cause` is for the log. */
  fail(cause: string): void {
    this.cause ??= cause;
    this.runner.kill();
  }

  /** Ends the runner in an orderly way: without its control connection it ends all runs, and whatever they started. */
  stop(cause: string): void {
    this.cause ??= cause;
    this.control.close();
    const overdue = setTimeout(() => this.runner.kill(), STOP_TIMEOUT_MS);
    void this.lost.then(() => clearTimeout(overdue));
  }

  /** Returns the smallest kind of zygote that has what the imports need. */
  private kindFor(imports: readonly string[]): ZygoteKind {
    return imports.some((name) => this.packages.has(name.split('.', 1)[0] ?? name)) ? 'packages' : 'bare';
  }

  private async proveFirst(kind: ZygoteKind, speaks: Promise<void>): Promise<void> {
    await speaks;
    this.pools[kind].fill();
    for (let attempt = 1; ; attempt++) {
      const { passed, breached, cause } = await this.prove(kind);
      if (passed) {
        return;
      }
      if (breached || attempt === MAX_PROOFS || this.ends.signal.aborted) {
        this.fail(cause);
        throw new Error(cause);
      }
      // It could not be made: what made it was killed, or the machine is slow.
      this.options.onFault(`${kind}: ${cause}`);
    }
  }

  private async prove(kind: ZygoteKind): Promise<SelfTestReport> {
    const report = await this.proof.prove((request, signal) =>
      this.converse(kind, request, { requestedAt: performance.now(), signal, patience: signal }),
    );
    if (report.breached) {
      // What is not isolated must not go on running.
      this.fail(report.cause);
    }
    return report;
  }

  private async converse(
    kind: ZygoteKind,
    request: RunRequest,
    { requestedAt, signal, patience }: RunOptions,
  ): Promise<RunReport> {
    const spare = await abortable(this.pools[kind].acquire(patience), this.ends.signal);
    if (this.cause !== null || this.ends.signal.aborted) {
      // Given up or lost meanwhile: nothing begins in it any more, not even while it is dying.
      spare.close();
      throw new Error(await abortable(this.lost, patience));
    }
    const conversation = new RunConversation(spare, {
      limits: this.options.limits,
      requestedAt,
      onOverdue: (cause) => this.fail(cause),
    });
    this.conversations.add(conversation);
    const report = await conversation.hold(request, signal);
    void report.gone.then(() => {
      this.conversations.delete(conversation);
      this.options.onGone(spare.number);
      this.replenish();
    });
    return report;
  }

  /** After the answer: replaces what was used, and warms what is idle, while nothing else is to be done. */
  private replenish(): void {
    setImmediate(() => {
      for (const kind of ZYGOTE_KINDS) {
        this.pools[kind].fill();
      }
      this.warmIdle();
    });
  }

  private warmIdle(): void {
    for (const kind of ZYGOTE_KINDS) {
      this.pools[kind].warmOne();
    }
  }

  private createPool(kind: ZygoteKind): SparePool {
    const { limits, sockets, spares, onFault, onGone } = this.options;
    return new SparePool(this.control, {
      size: spares,
      maxResultBytes: limits.maxResultBytes,
      connect: (): Socket => connect(join(sockets, kind)),
      onIdle: () => this.warmIdle(),
      hasTimeToWarm: () => this.busy < this.options.cores,
      onFault: (cause) => onFault(`a spare of ${kind} failed: ${cause}`),
      onUnused: onGone,
      onStuck: () => this.fail(`the zygote ${kind} does not fork`),
      onUnreachable: () => this.fail(`its sockets in ${sockets} are gone`),
    });
  }

  private get busy(): number {
    return this.conversations.size + this.pools.bare.busy + this.pools.packages.busy;
  }

  private end(account: string): string {
    const cause = this.cause ? `${this.cause} (${account})` : `the runner ${account}`;
    this.ends.abort(new Error(cause));
    this.control.close();
    for (const kind of ZYGOTE_KINDS) {
      this.pools[kind].close();
    }
    for (const conversation of this.conversations) {
      conversation.lose(cause);
    }
    return cause;
  }
}
