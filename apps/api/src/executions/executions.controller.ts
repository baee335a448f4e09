import { Controller, Header, HttpCode, Post, Res, UseFilters } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { API_PATHS, ERROR_CODES, type ErrorCode } from '@pycell/contracts';
import { type Client, type ExecutionRequest, SandboxService } from '@pycell/sandbox';
import type { Response } from 'express';
import { acceptedStream } from '../answers/accepted-formats';
import { sendExecution } from '../answers/send-execution';
import { StreamedAnswers } from '../answers/streamed-answers';
import { traceOf } from '../http/request-trace';
import { RATE_HEADERS } from '../openapi/answer-headers';
import { ApiErrors } from '../openapi/api-errors.decorator';
import { ApiKeys } from '../openapi/api-keys.decorator';
import { EXECUTIONS_TAG } from '../openapi/api-tags';
import { FromClient } from './client.decorator';
import { ExecuteRequestDto } from './execute-request.dto';
import { ExecuteResponseSchema } from './execution.schemas';
import { ExecutionFailureFilter } from './execution-failure.filter';
import { ExecutionRequestPipe } from './execution-request.pipe';
import { FromBody } from './sent-body.decorator';
import { EVENT_SCHEMAS, STREAM_CONTENT } from './stream.schemas';

/** Codes that speak of the path and the method: whoever calls the operation as described never sees them. */
const OF_OTHER_PATHS: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'METHOD_NOT_ALLOWED']);

@ApiTags(EXECUTIONS_TAG)
@UseFilters(ExecutionFailureFilter)
@Controller()
export class ExecutionsController {
  constructor(
    private readonly sandbox: SandboxService,
    private readonly streams: StreamedAnswers,
  ) {}

  @Post(API_PATHS.execute)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiKeys()
  @ApiOperation({
    summary: 'Execute a Python script',
    description:
      'Runs the script and calls its main() with the inputs, or runs it as a program. Returns its value as JSON, what it printed, and the files and figures that it left: in one answer, or, where `Accept` prefers a stream, event by event while it runs. What fails before the script is handed over is an error answer; what fails later is an event of the stream.',
  })
  @ApiBody({ type: ExecuteRequestDto })
  @ApiExtraModels(ExecuteResponseSchema, ...EVENT_SCHEMAS)
  @ApiOkResponse({
    description: 'The script came to its end; or it has been handed over, and the stream tells of it.',
    headers: RATE_HEADERS,
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ExecuteResponseSchema) } },
      ...STREAM_CONTENT,
    },
  })
  @ApiErrors(ERROR_CODES.filter((code) => !OF_OTHER_PATHS.has(code)))
  async execute(
    @FromBody(ExecutionRequestPipe) request: ExecutionRequest,
    @FromClient() client: Client,
    @Res() response: Response,
  ): Promise<void> {
    traceOf(response.req)?.asked(request.mode);
    const format = acceptedStream(response.req);
    await (format
      ? this.streams.send(format, request, client, response)
      : sendExecution(response, await this.sandbox.execute(request, client)));
  }
}
