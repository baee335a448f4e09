import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import { SandboxService } from '@pycell/sandbox';
import type { Request } from 'express';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import { callerOf } from '../callers/callers';
import { ExecutionRequestPipe } from '../executions/execution-request.pipe';
import { HeldBodies } from '../http/held-bodies';
import { RequestFailure } from '../http/request-failure';
import { CallbackRules } from './callback-rules';
import type { NewJob } from './job';
import { StartExecutionDto } from './start-execution.dto';

export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** Hands a request to a pipe. */
export const FromRequest = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<Request>(),
);

/**
 * Makes a job of a request. What is wrong with its body or its limits, and a script or files that are too large, is told now, by
 * the same rules as to `POST /execute`; the body goes on as it came.
 */
@Injectable()
export class NewJobPipe implements PipeTransform<Request, Promise<NewJob>> {
  constructor(
    private readonly bodies: RequestBodyPipe,
    private readonly requests: ExecutionRequestPipe,
    private readonly held: HeldBodies,
    private readonly callbacks: CallbackRules,
    private readonly sandbox: SandboxService,
  ) {}

  async transform(request: Request): Promise<NewJob> {
    const caller = callerOf(request);
    const idempotencyKey = idempotencyKeyOf(request);
    const sent = request.body as unknown;
    // Reading a body changes it.
    const body = Buffer.isBuffer(sent) ? this.held.copyOf(request, sent) : Buffer.alloc(0);
    const read = await this.bodies.transform(sent, { type: 'body', metatype: StartExecutionDto }, caller);
    const dto = read as StartExecutionDto;
    this.sandbox.checkSize(this.requests.requestOf(dto, caller), caller);
    const callbackUrl = dto.callbackUrl ?? null;
    const problem = callbackUrl === null ? null : this.callbacks.problemOf(callbackUrl);
    if (problem !== null) {
      throw new RequestFailure('INVALID_REQUEST', `Field callbackUrl ${problem}`);
    }
    const { id: owner, key, maxPlaces } = caller;
    return { owner, key, maxPlaces, body, idempotencyKey, callbackUrl };
  }
}

function idempotencyKeyOf(request: Request): string | null {
  const key = request.get(IDEMPOTENCY_KEY_HEADER);
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    throw new RequestFailure(
      'INVALID_REQUEST',
      `${IDEMPOTENCY_KEY_HEADER} has ${key.length} characters, it must have 1 to 255 visible characters of ASCII and no spaces: a UUID for instance`,
    );
  }
  return key ?? null;
}
