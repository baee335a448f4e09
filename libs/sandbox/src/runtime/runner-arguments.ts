import { CONNECTION_DESCRIPTOR } from './runner-launcher';

/** Isolated from environment and user, no `site`, no bytecode written, UTF-8 whatever the locale. */
const INTERPRETER_FLAGS = ['-I', '-S', '-B', '-X', 'utf8'] as const;

/** Returns the interpreter's arguments that have it run one script: `runner` is the runner's folder, `options` its own. */
export function runnerArguments(runner: string, options: readonly string[]): readonly string[] {
  return [...INTERPRETER_FLAGS, runner, '--once', '--connection', String(CONNECTION_DESCRIPTOR), ...options];
}
