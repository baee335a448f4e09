import type { ErrorCode } from '@pycell/contracts';
import type { Environment } from '../harness/api-server';
import { dedent } from '../harness/python-source';

/** A file or a figure that came back: its name, and its content as text. */
export type ExpectedArtifact = readonly [name: string, content: string | RegExp];

/** The script returned. */
export interface ExpectedResult {
  /** None when it is not given. */
  readonly artifacts?: readonly ExpectedArtifact[];
  /** The JSON text of the return value; spaces between tokens do not count, order of keys and digits do. */
  readonly result: string | RegExp;
  /** Empty when it is not given. */
  readonly stdout?: string;
  /** Empty when it is not given; `any`: whatever was told. */
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
  /** Not looked at when it is not given; so is the next. */
  readonly exitCode?: number;
  readonly signal?: string;
  /** None when it is not given. */
  readonly artifacts?: readonly ExpectedArtifact[];
}

export type ExpectedAnswer = ExpectedResult | ExpectedFailure;

/** One script and the answer that is right for it, from every executor. */
export interface CorpusCase {
  /** A sentence of fact. */
  readonly name: string;
  readonly script: string;
  /** JSON text of what the request has besides, such as `"inputs": {"n": 1.0}`. */
  readonly request?: string;
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
