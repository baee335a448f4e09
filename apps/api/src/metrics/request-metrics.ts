import { Injectable } from '@nestjs/common';
import { codesBy, type ErrorCode } from '@pycell/contracts';
import { Counter, Registry } from 'prom-client';
import { knownCallerOf } from '../callers/callers';
import { FailedRequests } from '../http/failed-requests';
import { KeyMetrics } from './key-metrics';

/** Codes of executions that a request can also fail with as such: without Redis, beyond MAX_HELD_BODY_BYTES, by our fault. */
const CODES_OF_OTHERS = [
  'SANDBOX_UNAVAILABLE',
  'SANDBOX_BUSY',
  'INTERNAL',
] as const satisfies readonly ErrorCode[];

/** Counts requests that failed as such, by the code that they were answered with. */
@Injectable()
export class RequestMetrics {
  constructor(registry: Registry, keys: KeyMetrics, failed: FailedRequests) {
    const failures = new Counter({
      name: 'pycell_request_failures_total',
      help: 'Requests that failed before anything of them was executed, by the code of the answer. Others are executions.',
      labelNames: ['code'],
      registers: [registry],
    });
    // A series that is there before its first failure: else that would be no increase of it.
    [...codesBy('request'), ...CODES_OF_OTHERS].forEach((code) => failures.inc({ code }, 0));
    failed.listen((request, code) => {
      failures.inc({ code });
      keys.requestFailed(knownCallerOf(request)?.key ?? null, code);
    });
  }
}
