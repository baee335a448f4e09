import type { ExecutionReport } from '@pycell/contracts';

export const SERVER_TIMING_HEADER = 'Server-Timing';

/** Returns the value of the Server-Timing header: the stations of an execution, milliseconds. */
export function serverTiming({ timings, durationMs }: ExecutionReport): string {
  const { queueMs, policyMs, startMs, runMs, resultMs } = timings;
  return [
    `queue;dur=${queueMs}`,
    `policy;dur=${policyMs}`,
    `start;dur=${startMs}`,
    `run;dur=${runMs}`,
    `result;dur=${resultMs}`,
    `total;dur=${durationMs}`,
  ].join(', ');
}
