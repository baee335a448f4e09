import type { ExecutionLimits, RequestedLimits } from '@pycell/contracts';

/** Returns the limits of one run: those of the service, and what the caller chose within them. */
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
