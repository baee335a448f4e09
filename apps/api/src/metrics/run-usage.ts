import type { RunResult } from '@pycell/sandbox';

/** What a run used up. */
export interface RunUsage {
  readonly cpuSeconds: number;
  /** Its peak memory, times the seconds for which it may have held that. */
  readonly memoryByteSeconds: number;
}

/** Returns what a run used up. Where nobody could measure it, because the run was lost, that is nothing. */
export function usageOf({ cpuMs = 0, peakMemoryBytes = 0, runMs }: RunResult): RunUsage {
  return { cpuSeconds: cpuMs / 1000, memoryByteSeconds: peakMemoryBytes * (runMs / 1000) };
}
