import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { BatchRequest } from '@pycell/sandbox';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { ExecuteBatchRequestDto } from './execute-request.dto';
import { requestedLimits } from './requested-limits';

/** Makes a batch of the bytes of a request's body: by the rules of its DTO, and the limits in force. */
@Injectable()
export class BatchRequestPipe implements PipeTransform<unknown, Promise<BatchRequest>> {
  constructor(
    private readonly bodies: RequestBodyPipe,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async transform(body: unknown): Promise<BatchRequest> {
    const dto = await this.bodies.transform(body, { type: 'body', metatype: ExecuteBatchRequestDto });
    const { script, mode, inputs, limits } = dto as ExecuteBatchRequestDto;
    return {
      script,
      mode: mode ?? 'function',
      inputs: inputs.map(({ bytes }) => bytes),
      limits: requestedLimits(limits, this.configuration.sandbox.limits),
    };
  }
}
