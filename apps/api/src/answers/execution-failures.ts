import { Injectable, Logger } from '@nestjs/common';
import { ExecutionFailure } from '@pycell/sandbox';
import { withoutKeys } from '../configuration/key-text';
import { type ErrorAnswer, ErrorAnswers } from '../http/error-answers';
import { SERVER_TIMING_HEADER, serverTiming } from './server-timing';

/** Puts executions that have no result into words, and logs those that are our own fault. */
@Injectable()
export class ExecutionFailures {
  private readonly logger = new Logger('ExecutionFailures');

  constructor(private readonly answers: ErrorAnswers) {}

  /** Returns the answer to a failure, but for the artifacts that the script had left. */
  answerTo(failure: ExecutionFailure, requestId: string): ErrorAnswer {
    const { code, facts } = failure;
    if (code === 'INTERNAL' && !facts.execution) {
      // What ran has its line in the log already.
      this.logger.error({ requestId, err: facts.cause ?? failure });
    }
    return {
      code,
      // The service's own words, with names of `inputs` in them. What a script says in its texts is its own.
      ...(code === 'INVALID_INPUTS'
        ? { message: withoutKeys(failure.message), facts: factsOf({ ...facts, ...hintOf(facts) }) }
        : { message: failure.message, facts: factsOf(facts) }),
      cause: facts.cause,
      headers: {
        ...(facts.retryAfterSeconds !== undefined && { 'Retry-After': String(facts.retryAfterSeconds) }),
        ...(facts.execution && { [SERVER_TIMING_HEADER]: serverTiming(facts.execution) }),
      },
    };
  }

  /** Returns the body of that answer, for who sends it by other means. */
  bodyOf(failure: ExecutionFailure, requestId: string, traceId?: string): object {
    return this.answers.bodyOf(this.answerTo(failure, requestId), requestId, traceId);
  }

  /** Logs a fault of ours for which there is no answer any more, and returns what is told instead. */
  internal(cause: unknown, requestId: string): ExecutionFailure {
    this.logger.error({ requestId, err: cause });
    return new ExecutionFailure('INTERNAL', 'Internal error', { cause });
  }
}

function hintOf({ hint }: ExecutionFailure['facts']): { hint?: string } {
  return hint === undefined ? {} : { hint: withoutKeys(hint) };
}

/** In the order in which people read: what to do first, what was printed last. */
function factsOf({
  hint,
  line,
  column,
  violations,
  traceback,
  exitCode,
  signal,
  stdout,
  stderr,
  execution,
}: ExecutionFailure['facts']): NonNullable<ErrorAnswer['facts']> {
  return {
    hint,
    line,
    column,
    violations,
    traceback,
    exitCode,
    signal,
    stdout,
    stderr,
    execution,
  };
}
