import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { FAILURE_REASONS } from './delivery';

/**
 * What an attempt can come to: `forgotten`, the execution is not there any more; `refused`, its URL may not be told now;
 * `internal`, a fault of ours.
 */
export const ATTEMPT_OUTCOMES = [
  'delivered',
  'gone',
  'forgotten',
  'refused',
  'internal',
  ...FAILURE_REASONS,
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Counts attempts to send callbacks, and shows how many are still to be sent. */
@Injectable()
export class CallbackMetrics {
  /** Null while nobody knows. */
  pending: number | null = null;
  private readonly attempts: Counter<'outcome'>;
  private readonly givenUp: Counter;

  constructor(registry: Registry) {
    this.attempts = new Counter({
      name: 'pycell_callback_attempts_total',
      help: 'Attempts to send a callback by what came of them; one that is not delivered is repeated, or given up.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    this.givenUp = new Counter({
      name: 'pycell_callbacks_given_up_total',
      help: 'Callbacks that will not be sent: after the last attempt, or because there is no use in another.',
      registers: [registry],
    });
    const read = () => this.pending;
    new Gauge({
      name: 'pycell_callbacks_pending',
      help: 'Callbacks that are still to be sent, by all senders together. Absent while Redis is gone.',
      registers: [registry],
      collect() {
        const pending = read();
        if (pending === null) {
          this.remove();
        } else {
          this.set(pending);
        }
      },
    });
    // There with 0 before the first, so that it is an increase.
    ATTEMPT_OUTCOMES.forEach((outcome) => this.attempts.inc({ outcome }, 0));
  }

  attempted(outcome: AttemptOutcome, isGivenUp: boolean): void {
    this.attempts.inc({ outcome });
    if (isGivenUp) {
      this.givenUp.inc();
    }
  }
}
