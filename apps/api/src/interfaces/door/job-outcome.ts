import {
  type Artifact,
  ERROR_CODES,
  type ErrorCode,
  type ErrorResponse,
  type ExecutionReport,
} from '@pycell/contracts';
import type { JobOutcome } from '../../jobs/job';
import type { ForeignArtifact, ForeignFailure, ForeignOutcome } from './foreign-outcome';

type Facts = Partial<ErrorResponse>;
type Printed = Partial<Record<'stdout' | 'stderr', string>>;

/**
 * Returns the outcome of a job that has ended. What is kept was written by a worker, or by whoever can write to Redis: members
 * of another type than ours are left out.
 */
export function outcomeOfJob({ result, facts, output, artifacts }: JobOutcome): ForeignOutcome {
  const told = JSON.parse(facts) as Facts;
  const printed = JSON.parse(output) as Printed;
  const common = {
    stdout: textOf(printed.stdout) ?? '',
    stderr: textOf(printed.stderr) ?? '',
    artifacts: artifacts.map(artifactOf),
  };
  const execution = reportOf(told);
  return result && execution
    ? { kind: 'completed', resultJson: result, ...common, execution }
    : { kind: 'failed', ...failureOf(told), ...common };
}

function failureOf(told: Facts): Pick<ForeignFailure, 'code' | 'message'> & Partial<ForeignFailure> {
  const execution = reportOf(told);
  const [hint, traceback, signal] = [told.hint, told.traceback, told.signal].map(textOf);
  const [line, column, exitCode] = [told.line, told.column, told.exitCode].map(wholeOf);
  return {
    code: codeOf(told.code),
    message: textOf(told.error) ?? 'Internal error',
    ...(hint !== undefined && { hint }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(traceback !== undefined && { traceback }),
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal }),
    ...(execution && { execution }),
  };
}

/** It was measured by a worker: whether it is one at all is looked at, not each of its numbers. */
function reportOf({ execution }: Facts): ExecutionReport | undefined {
  return typeof execution === 'object' ? execution : undefined;
}

function artifactOf(json: string): ForeignArtifact {
  const { name, mediaType, base64 } = JSON.parse(json) as Partial<Artifact>;
  return {
    name: textOf(name) ?? '',
    contentType: textOf(mediaType) ?? 'application/octet-stream',
    bytes: Buffer.from(textOf(base64) ?? '', 'base64'),
  };
}

function codeOf(code: unknown): ErrorCode {
  return ERROR_CODES.find((known) => known === code) ?? 'INTERNAL';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function wholeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
