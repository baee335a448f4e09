import { countCodePoints } from '@pycell/script-policy';
import { ExecutionFailure } from './execution-failure';

/**
 * Refuses a script that is larger than its caller may send.
 * @param limit of the caller, code points
 * @param mostOfAll the limit of the service
 * @throws ExecutionFailure with SCRIPT_TOO_LARGE
 */
export function checkScriptSize(script: string, limit: number, mostOfAll: number): void {
  // As many code units are never more code points.
  const size = script.length <= limit ? 0 : countCodePoints(script);
  if (size > limit) {
    throw scriptTooLarge(size, limit, mostOfAll);
  }
}

/** Returns the error for a script of so many code points; the other two are as above. */
export function scriptTooLarge(size: number, limit: number, mostOfAll: number): ExecutionFailure {
  const has = `Script has ${size} characters, the limit`;
  return new ExecutionFailure(
    'SCRIPT_TOO_LARGE',
    limit < mostOfAll
      ? `${has} of your key is ${limit}. Shorten it.`
      : `${has} is ${limit}. Shorten it or raise MAX_SCRIPT_SIZE.`,
  );
}
