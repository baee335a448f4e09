import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Caller } from '../callers/caller';
import { callerOf } from '../callers/callers';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import type { Rate } from '../configuration/rates-options';
import { type ErrorAnswer, ErrorAnswers } from '../http/error-answers';
import { FailedRequests } from '../http/failed-requests';
import { PacedRefusals } from '../http/paced-refusals';
import { createRedisClient } from '../redis/redis-client';
import { LocalCounter } from './local-counter';
import type { RateCounter, RateVerdict } from './rate-counter';
import { resetSecondsOf, setRateHeaders } from './rate-headers';
import { SharedCounter } from './shared-counter';

/** Told where Redis is needed to decide and is gone; it is tried once a second. */
const WITHOUT_REDIS_SECONDS = 2;

const NO_REDIS: ErrorAnswer = {
  code: 'SANDBOX_UNAVAILABLE',
  message:
    'Whether this request is within the rate of its caller cannot be determined: what counts for all instances of the service does not answer. Retry later.',
  headers: { 'Cache-Control': 'no-store', 'Retry-After': String(WITHOUT_REDIS_SECONDS) },
};

/** Refuses requests beyond the rate of their caller, before their bodies are read. */
@Injectable()
export class RateLimits implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Rates');
  private counter: RateCounter = new LocalCounter();
  private shared: SharedCounter | null = null;
  private readonly overRate = new PacedRefusals((count) =>
    this.logger.warn({ msg: 'requests refused for the rate of their caller', count }),
  );
  private readonly withoutRedis = new PacedRefusals((count) =>
    this.logger.warn({ msg: 'requests refused because Redis is gone', count }),
  );

  constructor(
    private readonly answers: ErrorAnswers,
    private readonly failed: FailedRequests,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** The station of a request at which it is counted; behind `Callers.identify`, before its body is read. */
  readonly judge = (request: Request, response: Response, next: NextFunction): void => {
    const caller = callerOf(request);
    const rate = caller.rate ?? this.configuration.rates.default;
    if (!rate || request.method !== 'POST') {
      next();
      return;
    }
    const verdict = this.counter.take(caller.id, rate);
    if (verdict instanceof Promise) {
      const pass = (told: RateVerdict | null): void => {
        // Who has left meanwhile is nobody to read a body from.
        if (!request.destroyed && !response.destroyed && !request.socket.destroyed) {
          this.pass(request, response, next, rate, told);
        }
      };
      // What fails in `pass` is an answer of 500, as it is without a promise: unhandled, it would end the service.
      verdict.then(pass).catch(next);
    } else {
      this.pass(request, response, next, rate, verdict);
    }
  };

  /**
   * Counts one more for a request that was let in and asks for several executions. Returns why that is refused; null: it is within
   * the rate.
   */
  async refusalOfAnother({ id, rate: own }: Pick<Caller, 'id' | 'rate'>): Promise<ErrorAnswer | null> {
    const rate = own ?? this.configuration.rates.default;
    const verdict = rate && (await this.counter.take(id, rate));
    if (!rate || verdict?.isAllowed) {
      return null;
    }
    return verdict ? refusalOf(rate, verdict) : NO_REDIS;
  }

  /** Whether Redis counts for all instances together; null where it is not to. */
  get isShared(): boolean | null {
    return this.shared?.isShared ?? null;
  }

  async onModuleInit(): Promise<void> {
    const { redis, rates } = this.configuration;
    if (redis) {
      this.shared = new SharedCounter(createRedisClient(redis), rates.withoutRedis);
      this.counter = this.shared;
      await this.shared.start();
    }
  }

  onApplicationShutdown(): void {
    this.overRate.flush();
    this.withoutRedis.flush();
    this.shared?.stop();
  }

  private pass(
    request: Request,
    response: Response,
    next: NextFunction,
    rate: Rate,
    verdict: RateVerdict | null,
  ): void {
    if (verdict) {
      setRateHeaders(response, rate, verdict);
    }
    if (verdict?.isAllowed) {
      next();
      return;
    }
    const [answer, refusals] = verdict
      ? [refusalOf(rate, verdict), this.overRate]
      : [NO_REDIS, this.withoutRedis];
    this.failed.tell(request, answer.code);
    refusals.take(callerOf(request).id, () => this.answers.send(request, response, answer));
  }
}

function refusalOf({ requests, seconds }: Rate, verdict: RateVerdict): ErrorAnswer {
  const retryAfter = resetSecondsOf(verdict);
  return {
    code: 'RATE_LIMITED',
    message: `No more than ${count(requests, 'request')} in ${count(seconds, 'second')}: come again in ${count(retryAfter, 'second')}`,
    headers: { 'Cache-Control': 'no-store', 'Retry-After': String(retryAfter) },
  };
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
