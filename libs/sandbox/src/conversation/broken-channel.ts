import type { Outcome } from '../run/outcome';

/**
 * Returns the outcome of a run that spoiled the channel for its result: the script's doing, whether it meant to or not.
 * `how` is a phrase of ours: nothing that the run wrote gets into an answer or a log this way.
 */
export function brokenChannel(how: string): Outcome {
  return {
    status: 'SCRIPT_CRASHED',
    message: `Script broke the channel that carries its result (${how}): return the value from main(), and write to no descriptor that the script has not opened itself`,
  };
}
