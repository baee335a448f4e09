import { Controller, Header, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PATHS, type ErrorCode, type ValidateRequest } from '@pycell/contracts';
import { type Client, SandboxService, stringifyExactly } from '@pycell/sandbox';
import { RATE_HEADERS } from '../openapi/answer-headers';
import { ApiErrors } from '../openapi/api-errors.decorator';
import { ApiKeys } from '../openapi/api-keys.decorator';
import { EXECUTIONS_TAG } from '../openapi/api-tags';
import { FromClient } from './client.decorator';
import { ValidateRequestDto } from './execute-request.dto';
import { ExecutionFailureFilter } from './execution-failure.filter';
import { FromBody } from './sent-body.decorator';
import { ValidateRequestPipe } from './validate-request.pipe';
import { ValidateResponseSchema } from './validation.schemas';

/** What a script that is only described can end with. */
const ERRORS: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'SCRIPT_TOO_LARGE',
  'TIMEOUT',
  'MEMORY_LIMIT',
  'SANDBOX_BUSY',
  'SANDBOX_UNAVAILABLE',
  'INTERNAL',
];

@ApiTags(EXECUTIONS_TAG)
@UseFilters(ExecutionFailureFilter)
@Controller()
export class ValidationController {
  constructor(private readonly sandbox: SandboxService) {}

  @Post(API_PATHS.validate)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiKeys()
  @ApiOperation({
    summary: 'Describe a Python script',
    description:
      'Tells what the script policy and CPython say of the script, what it imports, and the parameters of its main() as JSON Schema. Nothing of it is executed, decorators and defaults neither.',
  })
  @ApiBody({ type: ValidateRequestDto })
  @ApiOkResponse({
    description: 'The script was looked at; `valid` says how it is.',
    headers: RATE_HEADERS,
    type: ValidateResponseSchema,
  })
  @ApiErrors(ERRORS)
  async validate(
    @FromBody(ValidateRequestPipe) request: ValidateRequest,
    @FromClient() client: Client,
  ): Promise<string> {
    return stringifyExactly(await this.sandbox.validate(request, client));
  }
}
