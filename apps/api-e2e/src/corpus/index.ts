import { COLLECTIONS_AND_TEXT } from './collections-and-text';
import { CONCURRENCY } from './concurrency';
import { CONVERSION } from './conversion';
import type { CorpusTheme } from './corpus-case';
import { ENDINGS } from './endings';
import { FIGURES } from './figures';
import { FILES_IN, FILES_OUT, OWN_LIMITS, STANDARD_INPUT } from './files-and-limits';
import { HINTS, LIKE_A_PROGRAM } from './hints';
import { INPUTS } from './inputs';
import { LANGUAGE } from './language';
import { LIMIT_OF_TIME, LIMITS } from './limits';
import { LLM_WRITTEN } from './llm-written';
import { PROGRAMS } from './modes';
import { NUMBERS } from './numbers';
import { NUMPY } from './numpy';
import { PANDAS } from './pandas';
import { PANDAS_LABELS } from './pandas-labels';
import { POLICY_FALSE_ALARMS, POLICY_VIOLATIONS } from './policy';
import { MAIN_MISSING, SYNTAX_ERRORS } from './refused-before-running';
import { SCRIPT_ERRORS } from './script-errors';
import { STANDARD_VALUES } from './standard-values';
import { TIME_AND_NUMBERS } from './time-and-numbers';
import { UNICODE } from './unicode';
import { VALUES_WITHOUT_FORM } from './values-without-form';

/** Every theme of the corpus. */
export const CORPUS: readonly CorpusTheme[] = [
  LANGUAGE,
  VALUES_WITHOUT_FORM,
  STANDARD_VALUES,
  PANDAS_LABELS,
  HINTS,
  LIKE_A_PROGRAM,
  COLLECTIONS_AND_TEXT,
  TIME_AND_NUMBERS,
  CONCURRENCY,
  UNICODE,
  NUMBERS,
  CONVERSION,
  NUMPY,
  PANDAS,
  LLM_WRITTEN,
  SYNTAX_ERRORS,
  MAIN_MISSING,
  POLICY_VIOLATIONS,
  POLICY_FALSE_ALARMS,
  SCRIPT_ERRORS,
  ENDINGS,
  LIMIT_OF_TIME,
  LIMITS,
  INPUTS,
  PROGRAMS,
  STANDARD_INPUT,
  FILES_IN,
  FILES_OUT,
  OWN_LIMITS,
  FIGURES,
];
