import { type ExecutionLimits, type RequestedLimits, requestedLimitRanges } from '@pycell/contracts';
import type { InputProblem } from './compose-inputs';
import { CHOSEN_LIMITS, type ChosenLimit, limitControl } from './controls';

const COUNT = new Intl.NumberFormat('en');
const NAMES: Readonly<Record<ChosenLimit, string>> = { timeoutMs: 'The time', memoryMb: 'The memory' };
const UNITS: Readonly<Record<ChosenLimit, string>> = { timeoutMs: 'ms', memoryMb: 'MB' };

/** What the service does not give. */
export function limitProblems(chosen: RequestedLimits, limits: ExecutionLimits): readonly InputProblem[] {
  const ranges = requestedLimitRanges(limits);
  return CHOSEN_LIMITS.flatMap((limit) => {
    const value = chosen[limit];
    const { min, max } = ranges[limit];
    if (value === undefined || (value >= min && value <= max)) return [];
    const message = `${NAMES[limit]} must be from ${COUNT.format(min)} to ${COUNT.format(max)} ${UNITS[limit]}`;
    return [{ control: limitControl(limit), message }];
  });
}
