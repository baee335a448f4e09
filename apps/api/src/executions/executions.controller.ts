import { Body, Controller, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { API_PATHS } from '@pycell/contracts';
import { SandboxService } from '@pycell/sandbox';
import type { Response } from 'express';
import { ClientSignal } from './client-signal.decorator';
import { ExecuteRequestDto } from './execute-request.dto';
import { ErrorResponseSchema, ExecuteResponseSchema } from './execution.schemas';
import { RequestBodyPipe } from './request-body.pipe';
import { sendExecution } from './send-execution';

const ERRORS = {
  400: 'INVALID_REQUEST, SCRIPT_TOO_LARGE, POLICY_VIOLATION, SYNTAX_ERROR or MAIN_MISSING: the request or the script cannot be run.',
  413: 'PAYLOAD_TOO_LARGE: the body is larger than any permitted script needs.',
  415: 'UNSUPPORTED_MEDIA_TYPE: the body is not application/json.',
  422: 'SCRIPT_ERROR, SCRIPT_EXITED, SCRIPT_CRASHED, TIMEOUT, MEMORY_LIMIT, OUTPUT_LIMIT, RESULT_TOO_LARGE or RESULT_NOT_SERIALIZABLE: the script ran and has no result.',
  500: 'INTERNAL: our fault; the log has the cause under the requestId.',
  503: 'SANDBOX_BUSY or SANDBOX_UNAVAILABLE: no result was delivered, it is safe to retry after Retry-After seconds.',
} as const;

@ApiTags('executions')
@ApiExtraModels(ErrorResponseSchema)
@Controller()
export class ExecutionsController {
  constructor(private readonly sandbox: SandboxService) {}

  @Post(API_PATHS.execute)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Execute a Python script',
    description:
      'Runs the script and calls its main(). Returns the return value as JSON and what was printed.',
  })
  @ApiOkResponse({ description: 'main() returned.', type: ExecuteResponseSchema })
  @ApiResponse({ status: 400, description: ERRORS[400], type: ErrorResponseSchema })
  @ApiResponse({ status: 413, description: ERRORS[413], type: ErrorResponseSchema })
  @ApiResponse({ status: 415, description: ERRORS[415], type: ErrorResponseSchema })
  @ApiResponse({ status: 422, description: ERRORS[422], type: ErrorResponseSchema })
  @ApiResponse({ status: 500, description: ERRORS[500], type: ErrorResponseSchema })
  @ApiResponse({
    status: 503,
    description: ERRORS[503],
    type: ErrorResponseSchema,
    headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
  })
  async execute(
    @Body(new RequestBodyPipe(['script'])) request: ExecuteRequestDto,
    @ClientSignal() signal: AbortSignal,
    @Res() response: Response,
  ): Promise<void> {
    sendExecution(response, await this.sandbox.execute(request, signal));
  }
}
