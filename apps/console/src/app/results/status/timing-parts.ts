import type { ExecutionReport } from '@pycell/contracts';

/** A station of a run and the time it took. */
export interface TimingPart {
  readonly name: 'Network' | 'Queue' | 'Policy' | 'Start' | 'Run' | 'Result';
  readonly description: string;
  readonly ms: number;
}

/**
 * Where the time of a run went.
 *
 * @param elapsedMs wall time as the user saw it; null where it is not known any more
 */
export function timingParts(execution: ExecutionReport, elapsedMs: number | null): TimingPart[] {
  const { queueMs, policyMs, startMs, runMs, resultMs } = execution.timings;
  const parts: TimingPart[] = [
    { name: 'Queue', description: 'Waiting for a free place', ms: queueMs },
    { name: 'Policy', description: 'Judging the script before it runs', ms: policyMs },
    { name: 'Start', description: 'Handing the script to a fresh process', ms: startMs },
    { name: 'Run', description: 'The script itself', ms: runMs },
    { name: 'Result', description: 'Reading and checking what came back', ms: resultMs },
  ];
  if (elapsedMs !== null && elapsedMs >= execution.durationMs) {
    const ms = elapsedMs - execution.durationMs;
    parts.push({ name: 'Network', description: 'Between this page and the service', ms });
  }
  return parts;
}
