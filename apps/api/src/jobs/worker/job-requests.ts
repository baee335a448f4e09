import { Injectable } from '@nestjs/common';
import type { CallerTerms, ExecutionRequest } from '@pycell/sandbox';
import { RequestBodyPipe } from '../../bodies/request-body.pipe';
import { ExecutionRequestPipe } from '../../executions/execution-request.pipe';
import { StartExecutionDto } from '../start-execution.dto';

/** Reads the bodies of jobs, by the rules of requests: whoever can write to where they are kept can have written them. */
@Injectable()
export class JobRequests {
  constructor(
    private readonly bodies: RequestBodyPipe,
    private readonly requests: ExecutionRequestPipe,
  ) {}

  /**
   * @param body its bytes are changed
   * @throws RequestFailure or ExecutionFailure where it is not valid for its caller
   */
  async read(body: Buffer, caller: CallerTerms): Promise<ExecutionRequest> {
    const dto = await this.bodies.transform(body, { type: 'body', metatype: StartExecutionDto }, caller);
    return this.requests.requestOf(dto as StartExecutionDto, caller);
  }
}
