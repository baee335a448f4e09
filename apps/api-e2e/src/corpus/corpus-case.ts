import type { ErrorCode } from '@pycell/contracts';
import type { Environment } from '../harness/api-server';
import { dedent } from '../harness/python-source';

/** The script returned. */
export interface ExpectedResult {
  /** The JSON text of the return value; spaces between tokens do not count, order of keys and digits do. */
  readonly result: string | RegExp;
  /** Empty when it is not given. */
  readonly stdout?: string;
  /** Empty when it is not given. */
  readonly stderr?: string;
}

/** The script has no result. An absent line or column means that the answer has none either. */
export interface ExpectedFailure {
  readonly code: ErrorCode;
  readonly error: string | RegExp;
  readonly line?: number;
  /** `any`: versions of CPython differ in where they point. */
  readonly column?: number | 'any';
  /** Not looked at when it is not given; so are the next two. */
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  /** null: none. Not looked at when it is not given. */
  readonly hint?: string | RegExp | null;
  /** Whole, or a part. */
  readonly traceback?: string | RegExp;
}

export type ExpectedAnswer = ExpectedResult | ExpectedFailure;

/** One script and the answer that is right for it, from every executor. */
export interface CorpusCase {
  /** A sentence of fact. */
  readonly name: string;
  readonly script: string;
  readonly answer: ExpectedAnswer;
  /** Where BUILD=cloud must answer otherwise, and why that is right. */
  readonly inCloud?: { readonly answer: ExpectedAnswer; readonly reason: string };
  /** The same for JAIL_PROFILE=gvisor. */
  readonly insideGvisor?: { readonly answer: ExpectedAnswer; readonly reason: string };
}

/** Cases of one theme. */
export interface CorpusTheme {
  readonly theme: string;
  readonly cases: readonly CorpusCase[];
  /** For cases that meet a limit: a server of their own, on which it is met soon. */
  readonly environment?: Environment;
}

/** Python source as it stands in a template literal, backslashes included. */
export function python(source: TemplateStringsArray): string {
  return dedent(source.raw[0] ?? '');
}
