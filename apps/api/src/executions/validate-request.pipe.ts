import { Injectable, type PipeTransform } from '@nestjs/common';
import type { ValidateRequest } from '@pycell/contracts';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import { ValidateRequestDto } from './execute-request.dto';
import type { SentBody } from './sent-body.decorator';

/** Makes what is to be described of the bytes of a request's body, by the rules of its DTO. */
@Injectable()
export class ValidateRequestPipe implements PipeTransform<SentBody, Promise<ValidateRequest>> {
  constructor(private readonly bodies: RequestBodyPipe) {}

  async transform({ body, caller }: SentBody): Promise<ValidateRequest> {
    const dto = await this.bodies.transform(body, { type: 'body', metatype: ValidateRequestDto }, caller);
    return dto as ValidateRequestDto;
  }
}
