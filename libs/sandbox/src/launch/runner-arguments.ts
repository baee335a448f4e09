import type { ExecutionLimits } from '@pycell/contracts';
import { availableParallelism } from 'node:os';
import { encodeLimits } from '../protocol/messages';
import { CONNECTION_DESCRIPTOR, CONTROL_DESCRIPTOR } from './runner-launcher';

/** Isolated from environment and user, no `site`, no bytecode written, UTF-8 whatever the locale. */
const INTERPRETER_FLAGS = ['-I', '-S', '-B', '-X', 'utf8'] as const;

/** Returns the interpreter's arguments that have it serve one run: `runner` is the runner's folder, `options` its own. */
export function onceArguments(
  runner: string,
  limits: ExecutionLimits,
  options: readonly string[],
): readonly string[] {
  return [
    ...common(runner, limits),
    '--once',
    ...['--connection', String(CONNECTION_DESCRIPTOR)],
    ...options,
  ];
}

/** Returns the interpreter's arguments that have it serve runs from zygotes; `options` say where the service connects. */
export function warmArguments(
  runner: string,
  limits: ExecutionLimits,
  options: readonly string[],
): readonly string[] {
  return [...common(runner, limits), '--warm', ...options];
}

function common(runner: string, limits: ExecutionLimits): readonly string[] {
  return [
    ...INTERPRETER_FLAGS,
    runner,
    ...['--control', String(CONTROL_DESCRIPTOR)],
    ...['--limits', encodeLimits(limits, availableParallelism())],
  ];
}
