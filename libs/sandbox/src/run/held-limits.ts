import type { ExecutionLimits, RequestedLimits } from '@pycell/contracts';

/** Returns the limits of one run: those of its caller, and what the request chose within them. */
export function heldLimits(
  limits: ExecutionLimits,
  { timeoutMs, memoryMb }: RequestedLimits,
): ExecutionLimits {
  if (timeoutMs === undefined && memoryMb === undefined) {
    return limits;
  }
  return {
    ...limits,
    timeoutSeconds: timeoutMs === undefined ? limits.timeoutSeconds : timeoutMs / 1000,
    memoryLimitMb: memoryMb ?? limits.memoryLimitMb,
  };
}

/** Returns what a run has to choose for limits to hold that are lower than those that the executor was started with. */
export function chosenFor({ timeoutSeconds, memoryLimitMb }: ExecutionLimits): Required<RequestedLimits> {
  return { timeoutMs: Math.round(timeoutSeconds * 1000), memoryMb: memoryLimitMb };
}
