import { MessageError } from './message-error';
import { findResultFlaw } from './result-check';

/** Nothing in a message nests deeper; what does would only cost the parser its memory. */
const MAX_DEPTH = 4;

/**
 * Reads a JSON object that a runner wrote; `what` names it in the error, which repeats nothing of the text: that may be
 * the script's own, which must not reach the log.
 * @throws MessageError when it is none.
 */
export function parseObject(text: Buffer, what: string): Record<string, unknown> {
  if (findResultFlaw(text, MAX_DEPTH)) {
    throw new MessageError(`${what} is not JSON`);
  }
  const value = JSON.parse(text.toString('utf8')) as unknown;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MessageError(`${what} is not an object`);
  }
  return value as Record<string, unknown>;
}
