import { isUtf8 } from 'node:buffer';
import { type ExecutionLimits, LIMITS, type LimitRange, requestedLimitRanges } from '@pycell/contracts';
import { ExecutionFailure, type ExecutionRequest } from '@pycell/sandbox';
import { type InterfaceName, mannerAt } from '../../configuration/interfaces-options';
import { flawOfFileName, flawOfFileNames } from '../../executions/file-name';
import type { ForeignRequest } from './foreign-request';

/**
 * Returns what the sandbox executes of what an interface asks for. What our own API checks of a request is checked here.
 * @param limits those of its caller at the interface
 * @param name the interface, by which it is known what is wanted of the execution
 * @throws ExecutionFailure with INVALID_REQUEST
 */
export function checkedRequest(
  { script, mode, inputs, stdin, files = [], limits: requested = {} }: ForeignRequest,
  limits: ExecutionLimits,
  name: InterfaceName,
): ExecutionRequest {
  if (!script.isWellFormed()) {
    throw invalid('The script must be valid Unicode: it holds an unpaired surrogate');
  }
  if (stdin && !isUtf8(stdin)) {
    throw invalid('Standard input must be text in UTF-8');
  }
  if (inputs && inputs.length > limits.maxInputsBytes) {
    throw invalid(
      `The inputs have ${inputs.length} bytes of JSON text, the limit is ${limits.maxInputsBytes} (${LIMITS.maxInputsBytes.variable})`,
    );
  }
  checkFiles(
    files.map(({ name }) => name),
    limits.maxFiles,
  );
  const ranges = requestedLimitRanges(limits);
  checkRange('time limit', requested.timeoutMs, ranges.timeoutMs, 'milliseconds');
  checkRange('memory limit', requested.memoryMb, ranges.memoryMb, 'MiB');
  return {
    script,
    mode,
    inputs: inputs ?? null,
    stdin: stdin ?? null,
    files,
    limits: requested,
    manner: mannerAt(name),
  };
}

function checkFiles(names: readonly string[], maxFiles: number): void {
  if (names.length > maxFiles) {
    throw invalid(`There are ${names.length} files, the limit is ${maxFiles} (${LIMITS.maxFiles.variable})`);
  }
  for (const [index, name] of names.entries()) {
    const flaw = name.isWellFormed() ? flawOfFileName(name) : 'must be valid Unicode';
    if (flaw) {
      throw invalid(`The name of file ${index + 1} ${flaw}`);
    }
  }
  const flaw = flawOfFileNames(names);
  if (flaw) {
    throw invalid(`The files cannot lie in one folder: files${flaw}`);
  }
}

function checkRange(what: string, value: number | undefined, { min, max }: LimitRange, unit: string): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= min && value <= max)) {
    throw invalid(`The ${what} is ${value}, it must be a whole number of ${unit} from ${min} to ${max}`);
  }
}

function invalid(message: string): ExecutionFailure {
  return new ExecutionFailure('INVALID_REQUEST', message);
}
