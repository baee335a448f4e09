import type { Attributes } from '@opentelemetry/api';
import type { ExecutionReport } from '@pycell/contracts';
import type { EndCode } from '../http/request-trace';

/** The names of spans below that of the request, in the order in which an execution passes these stations. */
const STATIONS = ['queue', 'policy', 'start', 'run', 'result'] as const;

/** One station of an execution, milliseconds of the clock that `Date.now()` reads. */
export interface Station {
  readonly name: (typeof STATIONS)[number];
  readonly startMs: number;
  readonly endMs: number;
}

/** Returns when an execution was at each of its stations. @param endMs when it left the last */
export function stationsOf({ timings }: ExecutionReport, endMs: number): readonly Station[] {
  const { queueMs, policyMs, startMs, runMs, resultMs } = timings;
  let at = endMs - (queueMs + policyMs + startMs + runMs + resultMs);
  return [queueMs, policyMs, startMs, runMs, resultMs].map((durationMs, index) => {
    const begin = at;
    at += durationMs;
    // There are as many names as durations.
    return { name: STATIONS[index] ?? 'result', startMs: begin, endMs: at };
  });
}

/** Returns what a span tells of how something has ended: measurements and names that we gave, nothing that is the script's. */
export function attributesOf(code: EndCode, execution: ExecutionReport | undefined): Attributes {
  return {
    'pycell.code': code,
    ...(execution && {
      'pycell.execution.id': execution.id,
      'pycell.isolation': execution.isolation,
      'pycell.duration_ms': execution.durationMs,
      ...(execution.cpuMs !== undefined && { 'pycell.cpu_ms': execution.cpuMs }),
      ...(execution.peakMemoryBytes !== undefined && {
        'pycell.peak_memory_bytes': execution.peakMemoryBytes,
      }),
    }),
  };
}

/** Returns the times of an execution whose stations have no spans of their own. */
export function timesOf({ timings }: ExecutionReport): Attributes {
  const { queueMs, policyMs, startMs, runMs, resultMs } = timings;
  return {
    'pycell.queue_ms': queueMs,
    'pycell.policy_ms': policyMs,
    'pycell.start_ms': startMs,
    'pycell.run_ms': runMs,
    'pycell.result_ms': resultMs,
  };
}
