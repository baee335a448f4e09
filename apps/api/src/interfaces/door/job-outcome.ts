import { ERROR_CODES, type ErrorCode, type ErrorResponse, type ExecutionReport } from '@pycell/contracts';
import { BodyBytes } from '../../bodies/body-bytes';
import { IsLargeText, MayBeLeftOut } from '../../bodies/body-fields.decorators';
import { isRecord } from '../../bodies/json-words';
import { readBody } from '../../bodies/read-body';
import { RequestFailure } from '../../http/request-failure';
import type { JobOutcome } from '../../jobs/job';
import type { ForeignFailure, ForeignOutcome } from './foreign-outcome';
import { known } from './known-facts';

type Facts = Partial<Record<keyof ErrorResponse | 'execution', unknown>>;

/** Output is read in slices: six characters of its JSON may stand for one. */
class PrintedFields {
  @MayBeLeftOut()
  @IsLargeText()
  readonly stdout?: unknown;

  @MayBeLeftOut()
  @IsLargeText()
  readonly stderr?: unknown;
}

/** There are neither scripts nor inputs in it. */
const PRINTED_LIMITS = { maxScriptSize: 0, maxInputsBytes: 0, maxBatch: 0 };

/**
 * Returns the outcome of a job that has ended, without what it left in files: who asks for it shows none. What is kept was
 * written by a worker, or by whoever can write to Redis: what is of another type than ours is left out, and what is no JSON.
 * @param goOn called between slices; what it throws ends the work
 */
export async function outcomeOfJob(
  { result, facts, output }: Pick<JobOutcome, 'result' | 'facts' | 'output'>,
  goOn: () => void = () => undefined,
): Promise<ForeignOutcome> {
  const told = factsOf(facts);
  const common = { ...(await printedOf(output, goOn)), artifacts: [] };
  const execution = reportOf(told);
  return result && execution
    ? { kind: 'completed', resultJson: result, ...common, execution }
    : { kind: 'failed', ...failureOf(told), ...common };
}

function factsOf(json: string): Facts {
  try {
    const value = JSON.parse(json) as unknown;
    return isRecord(value) ? value : {};
  } catch {
    // A SyntaxError: whoever can write to Redis can have written it.
    return {};
  }
}

async function printedOf(
  json: string,
  goOn: () => void,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  let printed: unknown;
  try {
    printed = (await readBody(Buffer.from(json), PrintedFields, PRINTED_LIMITS, goOn)).value;
  } catch (error) {
    // For the same reason; what `goOn` throws is no such failure.
    if (!(error instanceof RequestFailure)) {
      throw error;
    }
  }
  const { stdout, stderr } = (isRecord(printed) ? printed : {}) as PrintedFields;
  return { stdout: printedText(stdout), stderr: printedText(stderr) };
}

function printedText(value: unknown): string {
  return value instanceof BodyBytes ? value.bytes.toString('utf8') : (textOf(value) ?? '');
}

function failureOf(told: Facts): Pick<ForeignFailure, 'code' | 'message'> & Partial<ForeignFailure> {
  const [hint, traceback, signal] = [told.hint, told.traceback, told.signal].map(textOf);
  const [line, column, exitCode] = [told.line, told.column, told.exitCode].map(wholeOf);
  return {
    code: codeOf(told.code),
    message: textOf(told.error) ?? 'Internal error',
    ...known({ hint, line, column, traceback, exitCode, signal, execution: reportOf(told) }),
  };
}

/** It was measured by a worker: whether what is read of it is there is looked at, not each of its numbers. */
function reportOf({ execution }: Facts): ExecutionReport | undefined {
  const isReport =
    isRecord(execution) &&
    isRecord(execution['timings']) &&
    typeof execution['timings']['runMs'] === 'number' &&
    isNumberOrNone(execution['cpuMs']) &&
    isNumberOrNone(execution['peakMemoryBytes']);
  return isReport ? (execution as unknown as ExecutionReport) : undefined;
}

function isNumberOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'number';
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
