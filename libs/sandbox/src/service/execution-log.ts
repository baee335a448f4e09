import { Logger } from '@nestjs/common';
import type { ExecutionRequest } from '../run/run';
import { ExecutionCancelled, ExecutionFailure } from './execution-failure';
import type { CompletedExecution } from './completed-execution';

/** A cause is a sentence and a runner's last words. */
const MAX_CAUSE_CHARACTERS = 4_000;

/** What both ends of an execution have in common. */
type Facts = Partial<
  Pick<CompletedExecution, 'resultJson' | 'stdout' | 'stderr' | 'artifacts' | 'execution'>
>;

/**
 * Writes one line for each execution: id, outcome, sizes, times. Never the script, what came with it, its result or its output.
 * `more` is what else the line tells: of a stream how much was passed on, of a batch its id and the place of the input, of what
 * came to an interface of others the name of that.
 */
export class ExecutionLog {
  private readonly logger = new Logger('Execution');

  completed(id: string, request: ExecutionRequest, completed: Facts, more?: object): void {
    this.logger.log(describe(id, request, 'OK', completed, more));
  }

  validated(id: string, request: ExecutionRequest, valid: boolean, more?: object): void {
    const { length: scriptChars } = request.script;
    this.logger.log({ msg: 'validation', valid, scriptChars, ...more, execution: { id } });
  }

  /** The inputs of a batch that got no place, since the service shut down. */
  unplaced(id: string, request: ExecutionRequest, more: object): void {
    this.logger.log(describe(id, request, 'SANDBOX_UNAVAILABLE', {}, { batch: id, ...more }));
  }

  failed(id: string, request: ExecutionRequest, error: unknown, more?: object): void {
    if (error instanceof ExecutionCancelled) {
      this.logger.log(describe(id, request, 'CANCELLED', {}, more));
      return;
    }
    const code = error instanceof ExecutionFailure ? error.code : 'INTERNAL';
    const line = describe(id, request, code, error instanceof ExecutionFailure ? error.facts : {}, more);
    if (code === 'INTERNAL' || code === 'SANDBOX_UNAVAILABLE') {
      const cause = error instanceof ExecutionFailure ? error.facts.cause : error;
      this.logger.error({ ...line, cause: String(cause).slice(0, MAX_CAUSE_CHARACTERS) });
    } else {
      this.logger.log(line);
    }
  }
}

function describe(
  id: string,
  request: ExecutionRequest,
  outcome: string,
  facts: Facts,
  more?: object,
): Record<string, unknown> {
  return {
    msg: 'execution',
    outcome,
    scriptChars: request.script.length,
    // Absent where there are none, as what follows is.
    inputsBytes: request.inputs?.length,
    stdinBytes: request.stdin?.length,
    ...(request.files.length > 0 && { files: request.files.length, filesBytes: totalBytes(request.files) }),
    resultBytes: facts.resultJson?.length,
    stdoutChars: facts.stdout?.length,
    stderrChars: facts.stderr?.length,
    ...(facts.artifacts?.length && {
      artifacts: facts.artifacts.length,
      artifactBytes: totalBytes(facts.artifacts),
    }),
    ...more,
    execution: facts.execution ?? { id },
  };
}

function totalBytes(files: readonly { readonly bytes: Buffer }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
