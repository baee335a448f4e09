import { BackOff } from '../waiting/back-off';
import { WaitingLine } from '../waiting/waiting-line';
import { CheckingThread, type ThreadPort } from './checking-thread';
import type { Judgement } from './judgement';
import type { ThreadQuestion } from './thread-messages';

/** Threads that nobody needs are kept so long; the last one longer. One costs 14 MB. */
const KEEP_IDLE_MS = 30_000;
const KEEP_LAST_MS = 300_000;
/** Pauses between attempts to start a thread, while none comes up. */
const FIRST_PAUSE_MS = 50;
const LARGEST_PAUSE_MS = 5_000;
/** How long a script waits for a thread at most: as long as the host can start none. */
const WAIT_MS = 10_000;

/** The host can start no thread to judge a script. */
export class NoThread extends Error {
  override readonly name = 'NoThread';
}

/**
 * The threads that judge. The first starts when it is needed; from then on one is always ready ahead, and more come when they
 * are needed, one for each place at most.
 */
export class CheckingThreads {
  private readonly threads = new Set<CheckingThread>();
  private readonly line = new WaitingLine<undefined>();
  private readonly backOff = new BackOff(FIRST_PAUSE_MS, LARGEST_PAUSE_MS);
  private pause: NodeJS.Timeout | null = null;
  private reaper: NodeJS.Timeout | null = null;
  private usedAt = -Infinity;
  private isOpen = true;

  /** @param most threads at once, as many as runs */
  constructor(
    private readonly most: number,
    private readonly startThread: () => ThreadPort,
  ) {}

  /** Ends all. Whoever waits is refused. */
  close(): void {
    this.isOpen = false;
    clearTimeout(this.pause ?? undefined);
    clearTimeout(this.reaper ?? undefined);
    for (const thread of [...this.threads]) {
      thread.end();
    }
    this.line.refuseAll(() => new NoThread('the service is shutting down'));
  }

  /**
   * Judges a script in a thread; one that cannot be judged in time has a refusal that says so.
   * @throws NoThread when none can be had; the signal's reason when it aborts while one is waited for
   */
  async judge(question: ThreadQuestion, signal: AbortSignal): Promise<Judgement> {
    for (;;) {
      const idle = this.inState('idle')[0];
      this.usedAt = performance.now();
      if (idle) {
        return idle.judge(question);
      }
      const woken = this.line.wait(signal, {
        ms: WAIT_MS,
        refusal: () => new NoThread('no thread for the script policy could be started'),
      });
      this.fill();
      // Another may have taken the thread before this turn: then it is waited for the next.
      await woken;
    }
  }

  private inState(state: CheckingThread['state']): CheckingThread[] {
    return [...this.threads].filter((thread) => thread.state === state);
  }

  /** How many threads should be ready for scripts that have not come. */
  private get ahead(): number {
    return performance.now() - this.usedAt < KEEP_LAST_MS ? 1 : 0;
  }

  /** Starts what is missing: for each who waits, and ahead. */
  private fill(): void {
    const wanted = Math.min(this.most, this.inState('busy').length + this.line.length + this.ahead);
    while (this.isOpen && this.pause === null && this.threads.size < wanted) {
      let wasReady = false;
      const thread = new CheckingThread(this.startThread(), (changed) => {
        const { state } = changed;
        if (state === 'ended') {
          this.ended(changed, wasReady);
        } else if (state === 'idle') {
          wasReady = true;
          this.backOff.reset();
          this.becameIdle();
        } else {
          this.fill();
        }
      });
      this.threads.add(thread);
    }
  }

  private becameIdle(): void {
    const wasWaitedFor = this.line.serve(() => undefined);
    if (!wasWaitedFor) {
      this.reaper ??= setTimeout(() => this.reap(), KEEP_IDLE_MS).unref();
    }
  }

  private ended(thread: CheckingThread, wasReady: boolean): void {
    this.threads.delete(thread);
    if (wasReady || !this.isOpen) {
      this.fill();
    } else {
      this.pause ??= setTimeout(() => {
        this.pause = null;
        this.fill();
      }, this.backOff.nextMs()).unref();
    }
  }

  private reap(): void {
    this.reaper = null;
    if (performance.now() - this.usedAt >= KEEP_IDLE_MS) {
      const surplus = this.inState('idle').slice(this.ahead);
      surplus.forEach((thread) => thread.end());
    }
    if (this.threads.size > 0) {
      this.reaper = setTimeout(() => this.reap(), KEEP_IDLE_MS).unref();
    }
  }
}
