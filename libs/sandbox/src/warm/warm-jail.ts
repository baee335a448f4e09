import { connect } from 'node:net';
import { join } from 'node:path';
import type { ExecutionLimits, ZygotesInfo } from '@pycell/contracts';
import { ControlChannel } from '../conversation/control-channel';
import { RunConversation } from '../conversation/run-conversation';
import type { Spare } from '../conversation/spare';
import type { LaunchedRunner } from '../launch/runner-launcher';
import { type OnDemandKind, ZYGOTE_KINDS, type ZygoteKind } from '../protocol/messages';
import { maxOutcomeBytes } from '../protocol/outcome-message';
import type { Run } from '../run/run';
import { NO_OBSERVER } from '../run/run-observer';
import type { RunResult } from '../run/run-result';
import type { SelfTestReport } from '../run/self-test-report';
import type { IsolationProof } from '../self-test/isolation-proof';
import { abortable } from '../waiting/abortable';
import { lastingAbort } from '../waiting/lasting-abort';
import { afterLoopTime } from '../waiting/loop-time';
import { StateMachine } from '../waiting/state-machine';
import { type Keeping, keepingOf } from './keeping';
import { KindChoice } from './kind-choice';
import { ProvedSpares } from './proved-spares';
import { SparePool } from './spare-pool';
import type { PatientVisit, Visit } from './visit';

export interface WarmJailOptions {
  readonly limits: ExecutionLimits;
  /** The folder in which the runner's sockets are. */
  readonly sockets: string;
  /** Spares of each kind that there always is. */
  readonly spares: number;
  /** Kinds that are started at once, though they are there on demand. */
  readonly preload: readonly OnDemandKind[];
  readonly cores: number;
  /** A zygote is ready, a first one or its successor. */
  readonly onZygote: (kind: ZygoteKind, zygotes: ZygotesInfo) => void;
  /** A ready zygote has died; its successor will come by `onZygote`. */
  readonly onZygoteLost: (kind: ZygoteKind) => void;
  /** Called when a run's process is gone. */
  readonly onGone: (run: number) => void;
  /** For the log. */
  readonly onFault: (cause: string) => void;
}

/** From launch to HELLO. Milliseconds of time in which this process ran. */
const HELLO_TIMEOUT_MS = 10_000;
/** How long it may take to end by itself. Milliseconds. */
const STOP_TIMEOUT_MS = 1_000;
/** launched: no HELLO yet. connected: it speaks our protocol. ending: it is being killed, or was told to stop. */
type JailState = 'launched' | 'connected' | 'ending' | 'lost';
type JailEvent = 'hello' | 'end' | 'exit';
const TRANSITIONS = {
  launched: { hello: 'connected', end: 'ending', exit: 'lost' },
  connected: { end: 'ending', exit: 'lost' },
  ending: { exit: 'lost' },
  lost: {},
} as const;

/** One started runner with its zygotes and spares, until it is lost. */
export class WarmJail {
  /** Settles when scripts can be run, the isolation being proved; rejects when that is not to be. */
  readonly serves: Promise<void>;
  /** Settles when the runner is lost, with the reason for the log. */
  readonly lost: Promise<string>;
  private readonly machine = new StateMachine<JailState, JailEvent>(TRANSITIONS, 'launched');
  /** Aborts when the runner is lost: nobody waits for anything in it any more. */
  private readonly loss = lastingAbort();
  private readonly control: ControlChannel;
  readonly spares: Readonly<Record<ZygoteKind, ProvedSpares>>;
  private readonly choice = new KindChoice();
  private readonly conversations = new Set<RunConversation>();
  private readonly handshake = afterLoopTime(HELLO_TIMEOUT_MS, () =>
    this.fail('handshake timed out: no HELLO from the runner'),
  );
  /** The first reason to end it. */
  private cause: string | null = null;

  constructor(
    private readonly runner: LaunchedRunner,
    private readonly proof: IsolationProof,
    private readonly options: WarmJailOptions,
  ) {
    this.control = new ControlChannel(runner.control, {
      onHello: () => {
        this.handshake.cancel();
        this.machine.take('hello');
      },
      onZygote: (zygote) => {
        this.choice.learn(zygote);
        this.spares[zygote.kind].onZygote(zygote.settled);
        if (zygote.settled) {
          this.options.onZygote(zygote.kind, zygote.zygotes);
        }
      },
      onLost: (kind) => {
        this.spares[kind].onZygoteLost();
        this.options.onZygoteLost(kind);
      },
      onBroken: (cause) => this.fail(cause),
    });
    this.spares = {
      bare: this.createSpares('bare'),
      packages: this.createSpares('packages'),
      figures: this.createSpares('figures'),
    };
    this.lost = runner.ended.then(({ account }) => this.end(account));
    // Each kind on its own: scripts that need no packages do not wait until those are loaded.
    this.serves = this.open('bare');
    void this.open('packages');
    void this.serves.then(
      () => this.preload(),
      () => undefined,
    );
  }

  /** How long a run with these imports waits for a spare at most. Milliseconds. */
  patienceMs(imports: Run['imports']): number {
    return keepingOf(this.choice.kindFor(imports)).patienceMs;
  }

  /**
   * Proves the isolation again, for each kind of zygote that there always is: a proof is no use of the others, and would keep
   * them. Never rejects; a runner that fails is given up.
   */
  async selfTest(): Promise<SelfTestReport> {
    const bare = await this.prove('bare');
    return bare.passed ? this.prove('packages') : bare;
  }

  /** Runs a script in a spare that is ready; null where it would have to wait for one. Never rejects. */
  visitAtOnce(run: Run, visit: Visit): Promise<RunResult> | null {
    const kind = this.choice.kindFor(run.imports);
    const spare = this.machine.state === 'connected' ? this.spares[kind].take() : null;
    return spare && this.hold(spare, run, visit);
  }

  /** Runs a script in a spare. Never rejects, but for the reason of `patience` while it waits for one. */
  async visit(run: Run, visit: PatientVisit): Promise<RunResult> {
    const kind = this.choice.kindFor(run.imports);
    await abortable(this.spares[kind].open(), visit.patience);
    return this.converse(kind, run, visit);
  }

  /** Gives the runner up: it is killed, and everything that runs in it is lost. `cause` is for the log. */
  fail(cause: string): void {
    this.cause ??= cause;
    this.machine.take('end');
    this.runner.kill();
  }

  /** Ends the runner in an orderly way: without its control connection it ends all runs, and whatever they started. */
  stop(cause: string): void {
    this.cause ??= cause;
    this.machine.take('end');
    this.control.close();
    const overdue = setTimeout(() => this.runner.kill(), STOP_TIMEOUT_MS);
    void this.lost.then(() => clearTimeout(overdue));
  }

  private open(kind: ZygoteKind): Promise<void> {
    const opening = this.spares[kind].open();
    // Whoever needs it hears of it; that nobody does is no fault.
    opening.catch(() => undefined);
    return opening;
  }

  private preload(): void {
    for (const kind of this.options.preload) {
      if (this.choice.hasFigures) {
        void this.open(kind);
      } else {
        this.options.onFault(`there is nothing to preload for ${kind}: matplotlib is not installed`);
      }
    }
  }

  private async prove(kind: ZygoteKind, spare: Spare | null = null): Promise<SelfTestReport> {
    const report = await this.proof.prove((run, signal) => {
      const visit = { requestedAt: performance.now(), observer: NO_OBSERVER, signal, patience: signal };
      return spare ? this.hold(spare, run, visit) : this.converse(kind, run, visit);
    });
    if (report.breached) {
      // What is not isolated must not go on running.
      this.fail(report.cause);
    }
    return report;
  }

  private async converse(kind: ZygoteKind, run: Run, visit: PatientVisit): Promise<RunResult> {
    const { patience } = visit;
    const spare = await abortable(this.spares[kind].pool.acquire(patience), this.loss.signal);
    if (this.machine.state !== 'connected') {
      // Given up or lost meanwhile: nothing begins in it any more, not even while it is dying.
      spare.close();
      throw new Error(await abortable(this.lost, patience));
    }
    return this.hold(spare, run, visit);
  }

  private hold(spare: Spare, run: Run, { requestedAt, observer, signal }: Visit): Promise<RunResult> {
    const conversation: RunConversation = new RunConversation(spare, {
      limits: this.options.limits,
      requestedAt,
      observer: {
        onBegin: (flow) => observer.onBegin(flow),
        onOutput: (stream, bytes) => observer.onOutput(stream, bytes),
        onGone: () => {
          this.conversations.delete(conversation);
          this.options.onGone(spare.number);
          this.replenish();
          observer.onGone();
        },
      },
    });
    this.conversations.add(conversation);
    return conversation.hold(run, signal);
  }

  /** After the answer: replaces what was used, and warms what is idle, while nothing else is to be done. */
  private replenish(): void {
    setImmediate(() => {
      for (const kind of ZYGOTE_KINDS) {
        this.spares[kind].pool.fill();
      }
      this.warmIdle();
    });
  }

  /** Warms a spare of each kind, as long as there is a processor with nothing better to do. */
  private warmIdle(): void {
    for (const kind of ZYGOTE_KINDS) {
      if (this.busy < this.options.cores) {
        this.spares[kind].pool.warmOne();
      }
    }
  }

  private createSpares(kind: ZygoteKind): ProvedSpares {
    const keeping = keepingOf(kind);
    return new ProvedSpares(
      this.createPool(kind, keeping),
      {
        connected: this.machine.when('connected'),
        loss: this.loss.signal,
        prove: (spare) => this.prove(kind, spare),
        fail: (cause) => this.fail(cause),
        onFault: (cause) => this.options.onFault(`${kind}: ${cause}`),
      },
      keeping.onDemand,
      keeping.startMs,
    );
  }

  private createPool(kind: ZygoteKind, { onDemand, stuckMs, startMs }: Keeping): SparePool {
    const { limits, sockets, spares, onFault, onGone } = this.options;
    return new SparePool(
      this.control,
      {
        size: onDemand ? onDemand.spares : spares,
        isOnDemand: onDemand !== null,
        stuckMs,
        startMs,
        maxOutcomeBytes: maxOutcomeBytes(limits),
        connect: () => connect(join(sockets, kind)),
      },
      {
        onIdle: () => this.warmIdle(),
        onFault: (cause) => onFault(`a spare of ${kind} failed: ${cause}`),
        onUnused: onGone,
        onBroken: (cause) => this.fail(`${kind}: ${cause}`),
      },
    );
  }

  private get busy(): number {
    const pools = ZYGOTE_KINDS.map((kind) => this.spares[kind].pool.busy);
    return pools.reduce((sum, busy) => sum + busy, this.conversations.size);
  }

  private end(account: string): string {
    const cause = this.cause ? `${this.cause} (${account})` : `the runner ${account}`;
    this.handshake.cancel();
    this.machine.take('exit');
    this.loss.abort(new Error(cause));
    this.control.close();
    for (const kind of ZYGOTE_KINDS) {
      this.spares[kind].close();
    }
    for (const conversation of this.conversations) {
      conversation.lose(cause);
    }
    return cause;
  }
}
