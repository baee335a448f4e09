import type { ContainmentOutcome } from '../containment/containment-case';
import type { ExecuteAnswer } from '../harness/http-client';

/**
 * What became of a hostile script without a layer, from good to bad:
 * - `held`: the answer is that of a complete jail;
 * - `other`: refused all the same, with the error of another layer;
 * - `reached`: the kernel refused the arguments that were tried, so the call itself is not closed;
 * - `fell`: it did what it must not; or what came of it is unclear.
 */
export const VERDICTS = ['held', 'other', 'reached', 'fell'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A verdict with the parts of the answer that it rests on. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Names of what differed and how bad it is; empty where the answer has no names. */
  readonly differences: readonly string[];
  /** The script came to no answer: what it did before that is not known. */
  readonly isUnclear?: true;
}

const HELD: Judgement = { verdict: 'held', differences: [] };

/** Errors by which a layer refuses a call, whatever its arguments. */
const REFUSALS = ['EPERM', 'EACCES', 'ENOSYS', 'EROFS', 'PermissionError'];
const ERROR_NAME = /^E[A-Z0-9]+$/;

/** Judges an answer by what a complete jail makes of the script. */
export function judge(expected: ContainmentOutcome, { body }: Pick<ExecuteAnswer, 'body'>): Judgement {
  // The body of a success has no code.
  const failure = 'code' in body ? body.code : null;
  if ('returns' in expected) {
    // Without an answer nothing tells how far the script came.
    return failure
      ? { verdict: 'fell', differences: ['no answer'], isUnclear: true }
      : compare(expected.returns, body.result);
  }
  if (failure) {
    const isExpected = expected.fails.includes(failure) && (expected.error ?? /./).test(body.error);
    // Which of the ends it came to instead depends on the load.
    return isExpected ? HELD : { verdict: 'fell', differences: [] };
  }
  const { result } = body;
  return { verdict: isErrorName(result) ? verdictOfError(result) : 'fell', differences: [] };
}

/** The worse of two. */
export function worse(one: Judgement, other: Judgement): Judgement {
  return VERDICTS.indexOf(other.verdict) > VERDICTS.indexOf(one.verdict) ? other : one;
}

function compare(expected: unknown, actual: unknown): Judgement {
  if (matches(expected, actual)) {
    return HELD;
  }
  const parts = partsOf(expected, actual);
  if (parts === null) {
    return {
      verdict: isErrorName(actual) && isRefusal(expected) ? verdictOfError(actual) : 'fell',
      differences: [],
    };
  }
  const judged = parts.map(([name, ...pair]) => ({ name, ...compare(...pair) }));
  const differing = judged.filter(({ verdict }) => verdict !== 'held');
  return {
    verdict: differing.map((part): Judgement => part).reduce(worse).verdict,
    differences: differing
      .filter(({ name }) => name !== '')
      .map(({ name, verdict }) => `${name} (${verdict})`),
  };
}

/** Pairs of expected and actual parts with their names; null where the two cannot be compared by parts. */
function partsOf(
  expected: unknown,
  actual: unknown,
): [name: string, expected: unknown, actual: unknown][] | null {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    // The errors of many calls, without repetitions: each stands for all of them.
    if (expected.length === 1 && isErrorName(expected[0]) && actual.length > 0) {
      return actual.map((part: unknown) => ['', expected[0], part]);
    }
    return expected.length === actual.length
      ? expected.map((part: unknown, index) => ['', part, actual[index] as unknown])
      : null;
  }
  if (isPlain(expected) && isPlain(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return names.map((name) => [name, expected[name], actual[name]]);
  }
  return null;
}

function matches(expected: unknown, actual: unknown): boolean {
  try {
    expect(actual).toEqual(expected);
    return true;
  } catch {
    // It throws where they differ, and tells nothing else.
    return false;
  }
}

/** Whether what is expected is the error of a call: its name, or a pattern of such names. */
function isRefusal(expected: unknown): boolean {
  return (
    isErrorName(expected) ||
    (isMatcher(expected) && ['EPERM', 'EACCES', 'EROFS', 'ENOSPC'].some((name) => matches(expected, name)))
  );
}

function verdictOfError(name: string): Verdict {
  return REFUSALS.includes(name) ? 'other' : 'reached';
}

function isErrorName(value: unknown): value is string {
  return typeof value === 'string' && (ERROR_NAME.test(value) || REFUSALS.includes(value));
}

function isMatcher(value: unknown): boolean {
  return typeof (value as { asymmetricMatch?: unknown } | null)?.asymmetricMatch === 'function';
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isMatcher(value);
}
