import type { ExecutionReport } from '@pycell/contracts';
import type { RunResult } from '../run/run-result';
import type { CallerTerms } from './client';
import { ExecutionFailure } from './execution-failure';
import { statusOf, type ExecutionKind, type ExecutionObserver } from './execution-observer';

/** Tells an observer, if there is one, how the executions of one request end. */
export class ToldEnds {
  constructor(
    private readonly observer: ExecutionObserver | null,
    private readonly kind: ExecutionKind,
    private readonly caller: CallerTerms,
  ) {}

  ok(report?: ExecutionReport): void {
    const { kind, caller } = this;
    this.observer?.executionEnded({ kind, caller, status: 'OK', report, count: 1 });
  }

  /** @param count of several that came to the same */
  failed(error: unknown, count = 1): void {
    const { kind, caller } = this;
    const report = error instanceof ExecutionFailure ? error.facts.execution : undefined;
    this.observer?.executionEnded({ kind, caller, status: statusOf(error), report, count });
  }

  /** Something ran for it: told also where the client has gone, and no outcome is told to anybody. */
  readonly ran = (result: RunResult): void => {
    this.observer?.runEnded({ caller: this.caller, result });
  };

  /** Settles as the batch does, and tells how it ended as a whole. */
  async batch(batch: Promise<void>): Promise<void> {
    const { observer, caller } = this;
    try {
      await batch;
      observer?.batchEnded({ caller, status: 'OK' });
    } catch (error) {
      observer?.batchEnded({ caller, status: statusOf(error) });
      throw error;
    }
  }
}
