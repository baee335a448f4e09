import { codesBy, type RunErrorCode } from '@pycell/contracts';
import type { ScriptFailure } from '../run/outcome';
import { MessageError } from './message-error';
import { decodeSections } from './sections';

/** The statuses by which a run may say why it has no result. Anything else that it claims is not believed. */
const FAILURES: readonly RunErrorCode[] = codesBy('run');

/** The most that a head may take; its texts are cut to the lengths below, escaped they need up to six times that. */
const MAX_HEAD_BYTES = 512 * 1024;
const MAX_MESSAGE_CHARACTERS = 8_000;
const MAX_TRACEBACK_CHARACTERS = 64_000;
const MAX_HINT_CHARACTERS = 1_000;
/** What a text ends with that was cut. */
const CUT_MARK = '…';

/** What a run tells of its end. The bytes of a result are still to be looked at: `findLongResultFlaw`. */
export type OutcomeMessage = { readonly status: 'OK'; readonly result: Buffer } | ScriptFailure;

/**
 * Reads an OUTCOME payload, which the script's own process wrote: only known statuses, and fields of the right type.
 * @throws MessageError where it does not fit.
 */
export function parseOutcomeMessage(payload: Buffer): OutcomeMessage {
  const { head, sections } = decodeSections(payload, 'OUTCOME payload', ['result'], MAX_HEAD_BYTES);
  const result = sections.get('result');
  if (head['status'] === 'OK' && result) {
    return { status: 'OK', result };
  }
  const status = FAILURES.find((known) => known === head['status']);
  const { message, line, column, traceback, hint } = head;
  if (!status || result || typeof message !== 'string') {
    throw new MessageError('OUTCOME payload: its status or its message is not one of ours');
  }
  return {
    status,
    message: cut(message, MAX_MESSAGE_CHARACTERS),
    ...(isPosition(line) && { line }),
    ...(isPosition(column) && { column }),
    ...(typeof traceback === 'string' && { traceback: cut(traceback, MAX_TRACEBACK_CHARACTERS) }),
    ...(typeof hint === 'string' && { hint: cut(hint, MAX_HINT_CHARACTERS) }),
  };
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit) + CUT_MARK;
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
