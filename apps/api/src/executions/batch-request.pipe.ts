import { Injectable, type PipeTransform } from '@nestjs/common';
import type { BatchRequest } from '@pycell/sandbox';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import { ExecuteBatchRequestDto } from './execute-request.dto';
import { requestedLimits } from './requested-limits';
import type { SentBody } from './sent-body.decorator';

/** Makes a batch of the bytes of a request's body: by the rules of its DTO, and the limits of its caller. */
@Injectable()
export class BatchRequestPipe implements PipeTransform<SentBody, Promise<BatchRequest>> {
  constructor(private readonly bodies: RequestBodyPipe) {}

  async transform({ body, caller }: SentBody): Promise<BatchRequest> {
    const dto = await this.bodies.transform(body, { type: 'body', metatype: ExecuteBatchRequestDto }, caller);
    const { script, mode, inputs, limits } = dto as ExecuteBatchRequestDto;
    return {
      script,
      mode: mode ?? 'function',
      inputs: inputs.all,
      limits: requestedLimits(limits, caller.limits),
    };
  }
}
