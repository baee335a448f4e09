import type { ExecutionReport } from '@pycell/contracts';

/** What was measured of an execution, in tests. */
export const REPORT: ExecutionReport = {
  id: 'e',
  isolation: 'nsjail',
  durationMs: 1,
  limits: { timeoutMs: 1, memoryMb: 16 },
  timings: { queueMs: 0, policyMs: 0, startMs: 0, runMs: 0, resultMs: 1 },
};
