import type { Succeeded } from '../app/api/run-outcome';

/** A run that ended well. */
export function succeeded(changes: Partial<Succeeded> = {}): Succeeded {
  return {
    kind: 'succeeded',
    resultText: '1',
    stdout: '',
    stderr: '',
    artifacts: [],
    execution: {
      id: 'e',
      isolation: 'nsjail',
      durationMs: 3,
      limits: { timeoutMs: 10_000, memoryMb: 512 },
      timings: { queueMs: 0, policyMs: 0, startMs: 1, runMs: 1, resultMs: 1 },
    },
    ...changes,
  };
}
