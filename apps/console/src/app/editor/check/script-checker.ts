import type { ExecutionMode } from '@pycell/contracts';
import type { PolicyRules } from '@pycell/script-policy';
import type { CheckAnswer, CheckRequest } from './check-messages';

/** What is known of a script. */
export type CheckedScript = Pick<Extract<CheckAnswer, { kind: 'analysis' }>, 'analysis' | 'wrapped'>;

/** What a checker needs of its worker. */
export interface CheckWorker {
  postMessage(message: CheckRequest): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<CheckAnswer>) => void): void;
  addEventListener(type: 'error', listener: (event: Event) => void): void;
  terminate(): void;
}

/** Asks the worker, one script at a time, and forgets answers that a newer question has made stale. */
export class ScriptChecker {
  private latestId = 0;
  private isAvailable = true;
  private deliver: ((checked: CheckedScript | null) => void) | null = null;
  private waiting: CheckRequest | null = null;

  /** Resolves when it can check nothing any more: the worker or the parser could not be loaded, or broke. */
  readonly gone: Promise<void>;
  private tellGone: () => void = () => undefined;

  constructor(private readonly worker: CheckWorker) {
    this.gone = new Promise((resolve) => (this.tellGone = resolve));
    worker.addEventListener('message', ({ data }) => this.receive(data));
    worker.addEventListener('error', (event) => {
      // The page shows a message of its own.
      event.preventDefault();
      this.fail();
    });
  }

  /** @returns null when a newer question came before the answer, or nothing can be checked */
  check(script: string, rules: PolicyRules, mode: ExecutionMode): Promise<CheckedScript | null> {
    if (!this.isAvailable) return Promise.resolve(null);
    const isBusy = this.deliver !== null;
    this.deliver?.(null);
    this.latestId += 1;
    const request: CheckRequest = {
      kind: 'check',
      id: this.latestId,
      script,
      rules: { blockedModules: rules.blockedModules, blockedNames: rules.blockedNames },
      mode,
    };
    // While the worker is busy only the newest script waits: a slow one must not pile up a queue behind it.
    if (isBusy) this.waiting = request;
    else this.worker.postMessage(request);
    return new Promise((resolve) => {
      this.deliver = resolve;
    });
  }

  private receive(answer: CheckAnswer): void {
    if (answer.kind === 'unavailable') {
      this.fail();
      return;
    }
    if (answer.id === this.latestId) {
      const { deliver } = this;
      this.deliver = null;
      deliver?.(answer);
    }
    if (this.waiting) {
      this.worker.postMessage(this.waiting);
      this.waiting = null;
    }
  }

  private fail(): void {
    this.isAvailable = false;
    this.deliver?.(null);
    this.worker.terminate();
    this.tellGone();
  }
}
