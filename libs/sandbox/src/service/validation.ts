import type {
  ExecutionMode,
  MainDescription,
  MissingModule,
  ScriptSyntaxError,
  ScriptViolation,
  ValidateResponse,
} from '@pycell/contracts';
import type { Judgement } from '../policy/judgement';
import { parseExactly } from '../protocol/exact-numbers';
import { MAX_DESCRIPTION_BYTES } from '../run/run';
import { UNREADABLE_MESSAGE } from './policy-refusal';

/** What a run in mode `validate` tells of a script, of which it has executed nothing. */
interface ScriptDescription {
  readonly syntaxError: ScriptSyntaxError | null;
  readonly imports: { readonly known: readonly string[]; readonly missing: readonly MissingModule[] };
  readonly main: MainDescription | null;
}

/**
 * Reads what a run in mode `validate` returned. Defaults in it may be ExactNumbers.
 * @throws Error where it is none of ours: the runner and the service are not of one version
 */
function parseDescription(resultJson: Buffer): ScriptDescription {
  if (resultJson.length > MAX_DESCRIPTION_BYTES) {
    throw new Error(`the description of a script has ${resultJson.length} bytes`);
  }
  const value = parseExactly(resultJson.toString('utf8')) as Partial<ScriptDescription> | null;
  if (!value?.imports || value.main === undefined || value.syntaxError === undefined) {
    throw new Error('the runner describes scripts in another form');
  }
  return value as ScriptDescription;
}

/**
 * Returns the answer of `POST /validate`: what the policy found, and what CPython did. Write it by `stringifyExactly`.
 * @param judgement null with the policy off
 */
export function validationOf(
  mode: ExecutionMode,
  judgement: Judgement | null,
  resultJson: Buffer,
): ValidateResponse {
  const { syntaxError, imports, main } = parseDescription(resultJson);
  const violations = judgement ? violationsOf(judgement, syntaxError !== null) : [];
  const isComplete = mode === 'script' || main !== null;
  return {
    valid: violations.length === 0 && syntaxError === null && isComplete,
    violations,
    syntaxError: syntaxError && withoutNulls(syntaxError),
    imports,
    main: mode === 'script' ? null : main,
  };
}

/** The runner writes null for what it does not know; the answer leaves it out, as its description says. */
function withoutNulls(error: ScriptSyntaxError): ScriptSyntaxError {
  const known = Object.entries(error).filter(([, value]) => value !== null);
  return Object.fromEntries(known) as unknown as ScriptSyntaxError;
}

/** What the policy could not judge counts where CPython accepts it: it would not be run. */
function violationsOf({ refusal, unparsed }: Judgement, isSyntaxError: boolean): readonly ScriptViolation[] {
  if (refusal) {
    return refusal.violations.length > 0 ? refusal.violations : [violationAt(1, 1, refusal.message)];
  }
  return unparsed && !isSyntaxError ? [violationAt(unparsed.line, unparsed.column, UNREADABLE_MESSAGE)] : [];
}

function violationAt(line: number, column: number, message: string): ScriptViolation {
  return { message, line, column, endLine: line, endColumn: column + 1 };
}
