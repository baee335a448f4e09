import type { EndedMessage, ReadyMessage } from '../protocol/messages';
import type { RunResult } from '../run/run-result';

/**
 * Returns what the script used up: what the supervisor measured, less what its process had used before it had the script.
 * It was forked and confined by then, which is not the script's doing.
 */
export function usageOf(
  ended: EndedMessage | null,
  ready: ReadyMessage,
): Pick<RunResult, 'cpuMs' | 'peakMemoryBytes'> {
  const peakResidentBytes = ended?.peakResidentBytes;
  return {
    ...(ended?.cpuMs !== undefined && { cpuMs: Math.max(0, ended.cpuMs - ready.cpuMs) }),
    ...(isPlausible(peakResidentBytes, ready.residentBytes) && {
      peakMemoryBytes: Math.max(0, peakResidentBytes - ready.residentBytes - ready.sharedBytes),
    }),
  };
}

/** A process has never had less than before it ran the script: what tells so has not been measured. */
function isPlausible(peakResidentBytes: number | undefined, readyBytes: number): peakResidentBytes is number {
  // The kernel's counts are coarse by some pages; half is beyond that.
  return peakResidentBytes !== undefined && peakResidentBytes >= readyBytes / 2;
}
