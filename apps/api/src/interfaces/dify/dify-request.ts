import { isUtf8 } from 'node:buffer';
import type { ForeignRequest } from '../door/foreign-request';
import { withFrontLine } from '../door/front-line';

/**
 * The members of `POST /v1/sandbox/run`. `enable_network` is not read: there is a network for no script. `dependencies` of old
 * versions neither: packages are fixed.
 */
export class DifyFields {
  readonly language?: unknown;
  readonly code?: unknown;
  /** Python that runs in front of the code, in its namespace. Old versions of Dify send it, later ones an empty text. */
  readonly preload?: unknown;
}

/** What is executed. */
export interface DifyRun {
  readonly request: ForeignRequest;
  /** Lines in front of the code that its author does not know. */
  readonly addedLines: 0 | 1;
}

const PYTHON = 'python3';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Of no text. */
const CONTROLS = /(?![\t\n\f\r])\p{Cc}/u;

/**
 * Returns what is executed, or a sentence that says what is wrong.
 * @param isJudged whether a policy judges the script, and so whatever stands in it
 */
export function difyRequestOf({ language, code, preload }: DifyFields, isJudged: boolean): DifyRun | string {
  const problem = problemOfLanguage(language);
  if (problem !== null) {
    return problem;
  }
  if (typeof code !== 'string' || code === '') {
    return 'code is missing: it must be a text with Python in it';
  }
  const statements = preloadOf(preload);
  if (statements === null) {
    return 'preload must be a text: Python that runs in front of the code, or nothing';
  }
  return statements.trim() === ''
    ? { request: { script: code, mode: 'script' }, addedLines: 0 }
    : preloaded(code, statements, isJudged);
}

/** Returns what is wrong with a language, null where it is the one that there is. */
export function problemOfLanguage(language: unknown): string | null {
  if (language === PYTHON) {
    return null;
  }
  return language === undefined
    ? `language is missing: it must be "${PYTHON}"`
    : `unsupported language ${JSON.stringify(language).slice(0, 60)}: this sandbox runs "${PYTHON}" only`;
}

/** Returns the statements of a preload, null where it is none: a text of Python, as it is or in base64. */
function preloadOf(preload: unknown): string | null {
  if (preload === undefined || preload === null) {
    return '';
  }
  return typeof preload === 'string' ? decoded(preload) : null;
}

/** Python that is base64 as well would be one name, or a sum of some: nothing that anybody runs in front of something. */
function decoded(preload: string): string {
  const text = preload.trim();
  if (text.length % 4 !== 0 || !BASE64.test(text)) {
    return preload;
  }
  const bytes = Buffer.from(text, 'base64');
  const python = isUtf8(bytes) ? bytes.toString('utf8') : null;
  return python === null || CONTROLS.test(python) ? preload : python;
}

/** Compiled for itself, as in Dify's own sandbox: a fault of it is none of the code, whose lines stay what they are. */
function preloaded(code: string, preload: string, isJudged: boolean): DifyRun | string {
  if (isJudged) {
    return 'preload is not run for a key with a policy of its own: leave it out, and import in the code what it needs';
  }
  // The strings of JSON are strings of Python.
  const fronted = withFrontLine(code, `exec(compile(${JSON.stringify(preload)}, "preload.py", "exec"))`);
  return fronted
    ? { request: { script: fronted.script, mode: 'script' }, addedLines: fronted.addedLines }
    : 'preload cannot run in front of a code whose "from __future__ import" is not one line of its own: write it so';
}
