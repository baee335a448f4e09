import { Logger } from '@nestjs/common';
import type { Secret } from '../configuration/secret';
import type { CallbackRules } from '../jobs/callback-rules';
import type { CallbackSource, JobStore, PendingCallback } from '../jobs/job-store';
import { callbackBody, MOST_KEPT_BYTES } from './callback-body';
import type { AttemptOutcome, CallbackMetrics } from './callback-metrics';
import { callbackSecretOf } from './callback-secret';
import type { CallbackSender } from './callback-sender';
import type { DeliveryResult } from './delivery';
import { HostTurns } from './host-turns';
import { MOST_ATTEMPTS } from './retry-delay';

/** What becomes of a callback after its turn. */
export type Verdict =
  /** Told, given up, or not to be told any more. */
  | { readonly kind: 'settled' }
  /** It was not tried: its host has enough at once. */
  | { readonly kind: 'postponed'; readonly waitMs: number }
  | { readonly kind: 'again'; readonly reason: string; readonly retryAfterMs: number | null };

const SETTLED: Verdict = { kind: 'settled' };

/** What the attempts at callbacks need. */
export interface AttemptParts {
  readonly source: CallbackSource;
  readonly store: Pick<JobStore, 'find'>;
  readonly rules: CallbackRules;
  readonly sender: CallbackSender;
  readonly metrics: CallbackMetrics;
  /** CALLBACK_SECRET */
  readonly master: Secret;
}

/** Makes the attempts at callbacks: from the id of an execution to a verdict, with a line in the log for each. */
export class CallbackAttempts {
  private readonly logger = new Logger('Callbacks');
  private readonly turns = new HostTurns();

  constructor(private readonly parts: AttemptParts) {}

  /**
   * @param attempt its number, from 1
   * @throws JobStoreUnavailable
   */
  async make(id: string, attempt: number): Promise<Verdict> {
    const pending = await this.parts.source.findPending(id);
    if (!pending) {
      await this.tellIfForgotten(id, attempt);
      return SETTLED;
    }
    const target = this.parts.rules.targetOf(pending.url);
    if (!target) {
      // Hosts were taken off the list, or it did not come from us.
      return this.settle(pending, attempt, 'refused', null);
    }
    const record = await this.parts.store.find(id);
    if (record?.endedAt == null) {
      return this.settle(pending, attempt, 'forgotten', target.host);
    }
    const waitMs = this.turns.begin(target.host);
    if (waitMs > 0) {
      return { kind: 'postponed', waitMs };
    }
    const start = performance.now();
    let result: DeliveryResult | null = null;
    try {
      const body = callbackBody(record, await this.parts.source.outcomeOf(id, MOST_KEPT_BYTES));
      const secret = callbackSecretOf(this.parts.master, pending.key);
      result = await this.parts.sender.send({ target, id, body, secret });
    } finally {
      const timedOut = result?.kind === 'failed' && result.reason === 'timeout';
      this.turns.end(target.host, performance.now() - start, timedOut);
    }
    return this.judge(pending, attempt, target.host, result);
  }

  /** Says that one came to nothing by a fault of ours. It is tried again, as any other. */
  failed(id: string, attempt: number, error: unknown): void {
    const isGivenUp = attempt >= MOST_ATTEMPTS;
    this.parts.metrics.attempted('internal', isGivenUp);
    const outcome = 'internal' satisfies AttemptOutcome;
    this.logger.error({
      msg: 'callback',
      id,
      attempt,
      outcome,
      ...(isGivenUp && { givenUp: true }),
      err: error,
    });
  }

  private async judge(
    pending: PendingCallback,
    attempt: number,
    host: string,
    result: DeliveryResult,
  ): Promise<Verdict> {
    if (result.kind !== 'failed') {
      return this.settle(pending, attempt, result.kind, host, result.status);
    }
    const { reason, status, retryAfterMs } = result;
    if (attempt >= MOST_ATTEMPTS) {
      return this.settle(pending, attempt, reason, host, status);
    }
    this.tell(pending, { attempt, outcome: reason, host, status, isGivenUp: false });
    return { kind: 'again', reason, retryAfterMs };
  }

  private async settle(
    pending: PendingCallback,
    attempt: number,
    outcome: AttemptOutcome,
    host: string | null,
    status: number | null = null,
  ): Promise<Verdict> {
    this.tell(pending, { attempt, outcome, host, status, isGivenUp: outcome !== 'delivered' });
    await this.parts.source.settled(pending.id);
    return SETTLED;
  }

  /** One that has gone with its execution is told; one that another sender has settled is not, as long as its execution is kept. */
  private async tellIfForgotten(id: string, attempt: number): Promise<void> {
    if (!(await this.parts.store.find(id))) {
      this.tell(
        { id, key: null },
        { attempt, outcome: 'forgotten', host: null, status: null, isGivenUp: true },
      );
    }
  }

  /** Of the URL the host only: paths and queries hold secrets of receivers. */
  private tell({ id, key }: Pick<PendingCallback, 'id' | 'key'>, attempt: ToldAttempt): void {
    const { outcome, isGivenUp, host, status, attempt: number } = attempt;
    this.parts.metrics.attempted(outcome, isGivenUp);
    const line = {
      msg: 'callback',
      id,
      ...(key !== null && { key }),
      ...(host !== null && { host }),
      attempt: number,
      outcome,
      ...(status !== null && { status }),
      ...(isGivenUp && { givenUp: true }),
    };
    if (isGivenUp) {
      this.logger.warn(line);
    } else {
      this.logger.log(line);
    }
  }
}

interface ToldAttempt {
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  /** Null where the URL may not be told. */
  readonly host: string | null;
  readonly status: number | null;
  readonly isGivenUp: boolean;
}
