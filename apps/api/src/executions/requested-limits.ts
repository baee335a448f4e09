import {
  type ExecutionLimits,
  type LimitRange,
  type RequestedLimits,
  requestedLimitRanges,
} from '@pycell/contracts';
import { shownValue } from '../bodies/json-words';
import { RequestFailure } from '../http/request-failure';
import type { RequestedLimitsDto } from './requested-limits.dto';

/**
 * Returns the limits that a request chooses.
 * @param limits those in force
 * @throws RequestFailure where it asks for more than there is
 */
export function requestedLimits(
  dto: RequestedLimitsDto | undefined,
  limits: ExecutionLimits,
): RequestedLimits {
  if (!dto) {
    return {};
  }
  const { timeoutMs, memoryMb } = dto;
  const ranges = requestedLimitRanges(limits);
  return {
    ...(timeoutMs !== undefined && { timeoutMs: within('limits.timeoutMs', timeoutMs, ranges.timeoutMs) }),
    ...(memoryMb !== undefined && { memoryMb: within('limits.memoryMb', memoryMb, ranges.memoryMb) }),
  };
}

function within(field: string, value: unknown, { min, max }: LimitRange): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw new RequestFailure(
    'INVALID_REQUEST',
    `Field ${field} is ${shownValue(value)}, it must be a whole number from ${min} to ${max}`,
  );
}
