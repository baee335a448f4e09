import { Injectable } from '@nestjs/common';
import { RateLimits } from '../../rates/rate-limits';
import type { ForeignClient } from './foreign-client';
import type { ForeignFailure } from './foreign-outcome';

/** The rate of a client, for requests that ask for several executions: those count as often as they ask. */
@Injectable()
export class InterfaceRates {
  constructor(private readonly rates: RateLimits) {}

  /** Counts one more, behind the first, which counted when its request came. Returns why it is refused, null where it is not. */
  async refusalOfAnother({ caller }: ForeignClient): Promise<ForeignFailure | null> {
    const refusal = await this.rates.refusalOfAnother(caller);
    if (!refusal) {
      return null;
    }
    const { code, message, headers } = refusal;
    return {
      kind: 'failed',
      code,
      message,
      stdout: '',
      stderr: '',
      artifacts: [],
      retryAfterSeconds: Number(headers?.['Retry-After'] ?? 1),
    };
  }
}
