import { constants } from 'node:os';
import type { ForeignFailure, ForeignOutcome } from '../door/foreign-outcome';

/** What executes a preload, in a traceback of it: the author of the code has not written it. */
const FRAME_OF_PRELOAD =
  /^ {2}File "script\.py", line \d+, in <module>\n(?: {4}.*\n)*(?= {2}File "preload\.py", line \d+(?:, in <module>)?\n)/m;

/** Every answer of Dify's sandbox; `code` is 0 or negative. */
export interface DifyAnswer {
  readonly code: number;
  readonly message: string;
  readonly data: object | null;
}

/** An answer, and the HTTP status that it is sent with. */
export interface SentDifyAnswer {
  readonly status: number;
  readonly body: DifyAnswer;
}

/** @param code negative: what went wrong, in the numbers of HTTP */
export function difyError(code: number, message: string): DifyAnswer {
  return { code, message, data: null };
}

export function difySuccess(data: object): DifyAnswer {
  return { code: 0, message: 'success', data };
}

/**
 * Returns the answer to an execution. A script that failed is a success with `error`, whose text Dify shows to the author of the
 * workflow; only what has no run has another `code`.
 */
export function difyAnswerOf(outcome: ForeignOutcome): SentDifyAnswer {
  if (outcome.kind === 'completed') {
    return ranWith(outcome, '', 0);
  }
  switch (outcome.code) {
    case 'SANDBOX_BUSY':
    case 'SANDBOX_UNAVAILABLE':
      return { status: 503, body: difyError(-503, outcome.message) };
    case 'INTERNAL':
      return { status: 500, body: difyError(-500, outcome.message) };
    case 'INVALID_REQUEST':
    case 'SCRIPT_TOO_LARGE':
    case 'PAYLOAD_TOO_LARGE':
      return { status: 200, body: difyError(-400, outcome.message) };
    case 'SCRIPT_EXITED':
      // Who asks for 0 has succeeded.
      return outcome.exitCode === 0
        ? ranWith(outcome, '', 0)
        : ranWith(outcome, errorOf(outcome), outcome.exitCode ?? 1);
    default:
      return ranWith(outcome, errorOf(outcome), exitCodeOf(outcome));
  }
}

function ranWith(
  { stdout, stderr }: Pick<ForeignOutcome, 'stdout' | 'stderr'>,
  error: string,
  exitCode: number,
): SentDifyAnswer {
  return { status: 200, body: difySuccess({ stdout, stderr, error, exit_code: exitCode }) };
}

/** Never empty: an empty one is no error to Dify. What the script said by itself comes first, as in a terminal. */
function errorOf({ stderr, traceback, message, hint }: ForeignFailure): string {
  const said = stderr === '' || stderr.endsWith('\n') ? stderr : `${stderr}\n`;
  return `${said}${traceback?.replace(FRAME_OF_PRELOAD, '') ?? message}${hint === undefined ? '' : `\n${hint}`}`;
}

/** As a shell tells it: 128 and its number, of one that died by a signal. */
function exitCodeOf({ signal }: ForeignFailure): number {
  const number = signal === undefined ? undefined : constants.signals[signal as NodeJS.Signals];
  return number === undefined ? 1 : 128 + number;
}
