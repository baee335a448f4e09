import { Body, Controller, Header, HttpCode, Post, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PATHS, ERROR_CODES, type ErrorCode } from '@pycell/contracts';
import { type Client, type ExecutionRequest, SandboxService } from '@pycell/sandbox';
import type { Response } from 'express';
import { ApiErrors } from '../openapi/api-errors.decorator';
import { EXECUTIONS_TAG } from '../openapi/api-tags';
import { FromClient } from './client.decorator';
import { ExecuteRequestDto } from './execute-request.dto';
import { ExecuteResponseSchema } from './execution.schemas';
import { ExecutionFailureFilter } from './execution-failure.filter';
import { ExecutionRequestPipe } from './execution-request.pipe';
import { sendExecution } from './send-execution';

/** Codes that speak of the path and the method: whoever calls the operation as described never sees them. */
const OF_OTHER_PATHS: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'METHOD_NOT_ALLOWED']);

@ApiTags(EXECUTIONS_TAG)
@UseFilters(ExecutionFailureFilter)
@Controller()
export class ExecutionsController {
  constructor(private readonly sandbox: SandboxService) {}

  @Post(API_PATHS.execute)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Execute a Python script',
    description:
      'Runs the script and calls its main() with the inputs, or runs it as a program. Returns its value as JSON, what it printed, and the files and figures that it left.',
  })
  @ApiBody({ type: ExecuteRequestDto })
  @ApiOkResponse({ description: 'The script came to its end.', type: ExecuteResponseSchema })
  @ApiErrors(ERROR_CODES.filter((code) => !OF_OTHER_PATHS.has(code)))
  async execute(
    @Body(ExecutionRequestPipe) request: ExecutionRequest,
    @FromClient() client: Client,
    @Res() response: Response,
  ): Promise<void> {
    await sendExecution(response, await this.sandbox.execute(request, client));
  }
}
