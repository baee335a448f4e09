import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { LIMITS } from '@pycell/contracts';
import type { ExecutionRequest, RunFile } from '@pycell/sandbox';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { RequestFailure } from '../http/request-failure';
import { ExecuteRequestDto } from './execute-request.dto';
import type { InputFileDto } from './input-file.dto';
import { requestedLimits } from './requested-limits';

/** Makes what the sandbox executes of the bytes of a request's body: by the rules of its DTO, and the limits in force. */
@Injectable()
export class ExecutionRequestPipe implements PipeTransform<unknown, Promise<ExecutionRequest>> {
  constructor(
    private readonly bodies: RequestBodyPipe,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async transform(body: unknown): Promise<ExecutionRequest> {
    const dto = await this.bodies.transform(body, { type: 'body', metatype: ExecuteRequestDto });
    return this.requestOf(dto as ExecuteRequestDto);
  }

  /** @throws RequestFailure where it asks for more than there is. */
  requestOf({ script, mode, inputs, stdin, files, limits }: ExecuteRequestDto): ExecutionRequest {
    const { maxFiles } = this.configuration.sandbox.limits;
    if (files && files.length > maxFiles) {
      throw new RequestFailure(
        'INVALID_REQUEST',
        `Field files has ${files.length} files, the limit is ${maxFiles} (${LIMITS.maxFiles.variable})`,
      );
    }
    return {
      script,
      mode: mode ?? 'function',
      inputs: inputs?.bytes ?? null,
      stdin: stdin?.bytes ?? null,
      files: files?.map(fileOf) ?? [],
      limits: requestedLimits(limits, this.configuration.sandbox.limits),
    };
  }
}

function fileOf({ name, text, base64 }: InputFileDto): RunFile {
  const content = text ?? base64;
  if (!content) {
    throw new Error('a file without content has passed its rules');
  }
  return { name, bytes: content.bytes };
}
