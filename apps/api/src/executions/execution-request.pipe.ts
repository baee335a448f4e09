import { Injectable, type PipeTransform } from '@nestjs/common';
import { LIMITS } from '@pycell/contracts';
import type { CallerTerms, ExecutionRequest, RunFile } from '@pycell/sandbox';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import { RequestFailure } from '../http/request-failure';
import { ExecuteRequestDto } from './execute-request.dto';
import type { InputFileDto } from './input-file.dto';
import { requestedLimits } from './requested-limits';
import type { SentBody } from './sent-body.decorator';

/** Makes what the sandbox executes of the bytes of a request's body: by the rules of its DTO, and the limits of its caller. */
@Injectable()
export class ExecutionRequestPipe implements PipeTransform<SentBody, Promise<ExecutionRequest>> {
  constructor(private readonly bodies: RequestBodyPipe) {}

  async transform({ body, caller }: SentBody): Promise<ExecutionRequest> {
    const dto = await this.bodies.transform(body, { type: 'body', metatype: ExecuteRequestDto }, caller);
    return this.requestOf(dto as ExecuteRequestDto, caller);
  }

  /** @throws RequestFailure where it asks for more than its caller has. */
  requestOf(
    { script, mode, inputs, stdin, files, limits }: ExecuteRequestDto,
    caller: CallerTerms,
  ): ExecutionRequest {
    const { maxFiles } = caller.limits;
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
      limits: requestedLimits(limits, caller.limits),
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
