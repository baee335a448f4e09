import type { ExecutionReport } from '@pycell/contracts';
import type { ForeignFailure, ForeignSuccess } from './foreign-outcome';

/** What the service measured, for outcomes of tests. */
export const REPORT: ExecutionReport = {
  id: '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd',
  isolation: 'nsjail',
  durationMs: 12.5,
  cpuMs: 7,
  peakMemoryBytes: 3 * 1024 * 1024,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 0, policyMs: 1, startMs: 3, runMs: 8, resultMs: 0.5 },
};

export function success(result: string, more: Partial<ForeignSuccess> = {}): ForeignSuccess {
  return {
    kind: 'completed',
    resultJson: Buffer.from(result),
    stdout: '',
    stderr: '',
    artifacts: [],
    execution: REPORT,
    ...more,
  };
}

export function failure(
  code: ForeignFailure['code'],
  message: string,
  more: Partial<ForeignFailure> = {},
): ForeignFailure {
  return { kind: 'failed', code, message, stdout: '', stderr: '', artifacts: [], ...more };
}
