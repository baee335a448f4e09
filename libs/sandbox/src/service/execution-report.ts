import type { ExecutionLimits, ExecutionReport, IsolationLevel } from '@pycell/contracts';
import type { RunResult } from '../run/run-result';

/** How long a script waited for its place and for its judgement, milliseconds. */
export interface Preparation {
  readonly queueMs: number;
  readonly policyMs: number;
}

/** What the report of an execution is made from. */
export interface Measured {
  readonly id: string;
  readonly isolation: IsolationLevel;
  readonly result: RunResult;
  readonly prepared: Preparation;
  /** Those that held. */
  readonly limits: ExecutionLimits;
}

/** Returns what the client is told of an execution; nothing of it comes from the script. */
export function reportOfExecution({ id, isolation, result, prepared, limits }: Measured): ExecutionReport {
  const { queueMs, policyMs } = prepared;
  const { startMs, runMs, resultMs, cpuMs, peakMemoryBytes } = result;
  return {
    id,
    isolation,
    durationMs: roundMs(queueMs + policyMs + startMs + runMs + resultMs),
    ...(cpuMs !== undefined && { cpuMs: roundMs(cpuMs) }),
    ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
    limits: { timeoutMs: Math.round(limits.timeoutSeconds * 1000), memoryMb: limits.memoryLimitMb },
    timings: {
      queueMs: roundMs(queueMs),
      policyMs: roundMs(policyMs),
      startMs: roundMs(startMs),
      runMs: roundMs(runMs),
      resultMs: roundMs(resultMs),
    },
  };
}

/** Microseconds are what can be measured; more digits pretend. */
function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
