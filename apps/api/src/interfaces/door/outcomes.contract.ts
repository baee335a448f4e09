import type { ExecutionReport } from '@pycell/contracts';
import type { ForeignFailure, ForeignSuccess } from './foreign-outcome';

/** What was measured, in tests. */
export const MEASURED: ExecutionReport = {
  id: '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd',
  isolation: 'nsjail',
  durationMs: 14.2,
  cpuMs: 12.4,
  peakMemoryBytes: 3_000_000,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 0.1, policyMs: 0, startMs: 0.9, runMs: 12.9, resultMs: 0.3 },
};

export function completed(stdout = '', stderr = ''): ForeignSuccess {
  return {
    kind: 'completed',
    resultJson: Buffer.from('null'),
    stdout,
    stderr,
    artifacts: [],
    execution: MEASURED,
  };
}

export function failed(code: ForeignFailure['code'], more: Partial<ForeignFailure> = {}): ForeignFailure {
  return {
    kind: 'failed',
    code,
    message: 'What happened',
    stdout: '',
    stderr: '',
    artifacts: [],
    execution: MEASURED,
    ...more,
  };
}
