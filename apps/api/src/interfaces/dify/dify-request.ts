import type { ForeignRequest } from '../door/foreign-request';

/**
 * The members of `POST /v1/sandbox/run`. `preload` and `enable_network` are not read: what is preloaded is imported by the script
 * itself, too, and Dify's own sandbox leaves it out by default; a network there is for no script. `dependencies` of old versions
 * neither: packages are fixed.
 */
export class DifyFields {
  readonly language?: unknown;
  readonly code?: unknown;
}

const PYTHON = 'python3';

/** Returns what is executed, or a sentence that says what is wrong. */
export function difyRequestOf({ language, code }: DifyFields): ForeignRequest | string {
  const problem = problemOfLanguage(language);
  if (problem !== null) {
    return problem;
  }
  if (typeof code !== 'string' || code === '') {
    return 'code is missing: it must be a text with Python in it';
  }
  return { script: code, mode: 'script' };
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
