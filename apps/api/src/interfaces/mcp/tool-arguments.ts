import { type ErrorCode, EXECUTION_MODES, type ExecutionMode, type RequestedLimits } from '@pycell/contracts';
import { IsIn, IsInt } from 'class-validator';
import {
  type BodyBytes,
  IsBase64Bytes,
  IsLargeText,
  IsListOf,
  IsRecordOf,
  IsText,
  IsUnparsedObject,
  MayBeLeftOut,
} from '../door/foreign-bodies';
import type { ForeignFailure } from '../door/foreign-outcome';
import type { ForeignFile, ForeignRequest } from '../door/foreign-request';

const MODE_RULE = { message: `must be ${EXECUTION_MODES.map((mode) => `"${mode}"`).join(' or ')}` };
const LIMIT_RULE = { message: 'must be a whole number' };

class FileArgument {
  @IsText()
  readonly name!: string;

  @MayBeLeftOut()
  @IsLargeText()
  readonly text?: BodyBytes;

  @MayBeLeftOut()
  @IsBase64Bytes()
  readonly base64?: BodyBytes;
}

/** Their ranges are told by the door. */
class LimitArguments {
  @MayBeLeftOut()
  @IsInt(LIMIT_RULE)
  readonly timeoutMs?: number;

  @MayBeLeftOut()
  @IsInt(LIMIT_RULE)
  readonly memoryMb?: number;
}

/** The arguments of `validate_python`. */
export class ValidatePythonArguments {
  @IsText()
  readonly script!: string;

  @MayBeLeftOut()
  @IsIn(EXECUTION_MODES, MODE_RULE)
  readonly mode?: ExecutionMode;
}

/** The arguments of `run_python`. */
export class RunPythonArguments extends ValidatePythonArguments {
  @MayBeLeftOut()
  @IsUnparsedObject()
  readonly inputs?: BodyBytes;

  @MayBeLeftOut()
  @IsLargeText()
  readonly stdin?: BodyBytes;

  @MayBeLeftOut()
  @IsListOf(() => FileArgument)
  readonly files?: readonly FileArgument[];

  @MayBeLeftOut()
  @IsRecordOf(() => LimitArguments)
  readonly limits?: LimitArguments;
}

/** Of a tool that is a script: all of them together are its inputs. */
export class ScriptArguments {
  @IsUnparsedObject()
  readonly inputs!: BodyBytes;
}

/** What a model writes mostly prints, and has no main(): a program, where nothing else is said. */
export const DEFAULT_MODE: ExecutionMode = 'script';

/** Returns what is executed for the arguments of `run_python`, or what is wrong with them. */
export function requestOf({
  script,
  mode,
  inputs,
  stdin,
  files = [],
  limits,
}: RunPythonArguments): ForeignRequest | ForeignFailure {
  const index = files.findIndex(({ text, base64 }) => (text === undefined) === (base64 === undefined));
  if (index >= 0) {
    const both = files[index]?.text === undefined ? '' : ', not both';
    return failedCall(`Field files[${index}] must have one of text and base64${both}`);
  }
  return {
    script,
    mode: mode ?? DEFAULT_MODE,
    inputs: inputs?.bytes,
    stdin: stdin?.bytes,
    files: files.map(fileOf),
    limits: limitsOf(limits),
  };
}

function limitsOf({ timeoutMs, memoryMb }: LimitArguments = {}): RequestedLimits {
  return { ...(timeoutMs !== undefined && { timeoutMs }), ...(memoryMb !== undefined && { memoryMb }) };
}

/** Returns the outcome of a call that nothing is executed for. @param hint what to do */
export function failedCall(
  message: string,
  code: ErrorCode = 'INVALID_REQUEST',
  hint?: string,
): ForeignFailure {
  return {
    kind: 'failed',
    code,
    message,
    ...(hint !== undefined && { hint }),
    stdout: '',
    stderr: '',
    artifacts: [],
  };
}

function fileOf({ name, text, base64 }: FileArgument): ForeignFile {
  return { name, bytes: (text ?? base64)?.bytes ?? Buffer.alloc(0) };
}
