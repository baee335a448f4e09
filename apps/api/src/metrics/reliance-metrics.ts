import { Inject, Injectable, Optional } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Callers } from '../callers/callers';
import { RateLimits } from '../rates/rate-limits';
import { readGauge } from './read-gauge';

/** Tells how what the service relies on is: Redis, and the file of keys. It goes on where they fail, and somebody must hear of it. */
@Injectable()
export class RelianceMetrics {
  constructor(
    registry: Registry,
    callers: Callers,
    @Optional() @Inject(RateLimits) rates: RateLimits | null = null,
  ) {
    readGauge(
      registry,
      'pycell_rates_shared',
      '1 while Redis counts the rates of all instances together, 0 while it is gone. Absent without REDIS_URL.',
      () => asNumber(rates?.isShared ?? null),
    );
    readGauge(
      registry,
      'pycell_keys_file_valid',
      '1 while the file of keys is valid; 0: what was put there is not, and the keys in force are of an earlier one. Absent without API_KEYS_FILE.',
      () => asNumber(callers.isKeysFileValid),
    );
  }
}

function asNumber(isSo: boolean | null): number | undefined {
  return isSo === null ? undefined : Number(isSo);
}
