import { type ErrorCode, mediaTypeOf } from '@pycell/contracts';
import { type CompletedExecution, ExecutionFailure, type RunArtifact } from '@pycell/sandbox';
import { withoutKeys } from '../../configuration/key-text';
import { RequestFailure } from '../../http/request-failure';
import type { ForeignArtifact, ForeignFailure, ForeignSuccess } from './foreign-outcome';
import { known } from './known-facts';

/** Returns the outcome of an execution that returned. */
export function completedOutcome({
  resultJson,
  stdout,
  stderr,
  artifacts,
  execution,
}: CompletedExecution): ForeignSuccess {
  return { kind: 'completed', resultJson, stdout, stderr, artifacts: artifacts.map(foreign), execution };
}

/** Returns the outcome of one that failed. Whatever is no failure of an execution or a request is thrown on. */
export function failedOutcome(error: unknown): ForeignFailure {
  if (error instanceof RequestFailure && error.code !== 'INTERNAL') {
    const { code, message, hint } = error;
    return { kind: 'failed', code, message, stdout: '', stderr: '', artifacts: [], ...(hint && { hint }) };
  }
  if (!(error instanceof ExecutionFailure) || isOurFault(error)) {
    throw error;
  }
  const { code, message, facts } = error;
  const { line, column, traceback, exitCode, signal, execution, retryAfterSeconds } = facts;
  const hint = wordsOf(code, facts.hint);
  return {
    kind: 'failed',
    code,
    message: wordsOf(code, message) ?? '',
    ...known({ hint, line, column, traceback, exitCode, signal }),
    stdout: facts.stdout ?? '',
    stderr: facts.stderr ?? '',
    artifacts: (facts.artifacts ?? []).map(foreign),
    ...known({ execution, retryAfterSeconds }),
  };
}

/** A fault of ours with no run behind it has no line in the log yet: the filter of errors writes it. */
function isOurFault({ code, facts }: ExecutionFailure): boolean {
  return code === 'INTERNAL' && !facts.execution;
}

/** The service's own words have names of `inputs` in them; what a script says in its texts is its own. */
function wordsOf(code: ErrorCode, text: string | undefined): string | undefined {
  return text !== undefined && code === 'INVALID_INPUTS' ? withoutKeys(text) : text;
}

function foreign({ name, bytes }: RunArtifact): ForeignArtifact {
  return { name, contentType: mediaTypeOf(name), bytes };
}
