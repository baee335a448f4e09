import { Controller, Header, HttpCode, Post, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PATHS, type ErrorCode } from '@pycell/contracts';
import type { BatchRequest, Client } from '@pycell/sandbox';
import type { Response } from 'express';
import { acceptsLines } from '../answers/accepted-formats';
import { BatchAnswers } from '../answers/batch-answers';
import { ARRAY, LINES } from '../answers/batch-layout';
import { traceOf } from '../http/request-trace';
import { ApiErrors } from '../openapi/api-errors.decorator';
import { ApiKeys } from '../openapi/api-keys.decorator';
import { EXECUTIONS_TAG } from '../openapi/api-tags';
import { BATCH_CONTENT, BATCH_MODELS } from './batch.schemas';
import { BatchRequestPipe } from './batch-request.pipe';
import { FromClient } from './client.decorator';
import { ExecuteBatchRequestDto } from './execute-request.dto';
import { ExecutionFailureFilter } from './execution-failure.filter';
import { FromBody } from './sent-body.decorator';

/** What a batch can end with before it has begun; all else is told of single inputs. */
const ERRORS: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'SCRIPT_TOO_LARGE',
  'POLICY_VIOLATION',
  'SYNTAX_ERROR',
  'SANDBOX_BUSY',
  'SANDBOX_UNAVAILABLE',
  'INTERNAL',
];

@ApiTags(EXECUTIONS_TAG)
@UseFilters(ExecutionFailureFilter)
@Controller()
export class BatchController {
  constructor(private readonly batches: BatchAnswers) {}

  @Post(API_PATHS.executeBatch)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiKeys()
  @ApiOperation({
    summary: 'Execute a Python script for many inputs',
    description:
      'Judges the script once, and runs it once for each of the inputs, each in a run of its own with its own limits and outcome. Answers with an array in the order of the inputs, or, where `Accept` prefers application/x-ndjson, with a line for each as soon as it has ended.',
  })
  @ApiBody({ type: ExecuteBatchRequestDto })
  @ApiExtraModels(...BATCH_MODELS)
  @ApiOkResponse({
    description: 'The script was accepted; `status` says what became of each input.',
    content: BATCH_CONTENT,
  })
  @ApiErrors(ERRORS)
  async executeBatch(
    @FromBody(BatchRequestPipe) request: BatchRequest,
    @FromClient() client: Client,
    @Res() response: Response,
  ): Promise<void> {
    traceOf(response.req)?.asked(request.mode);
    await this.batches.send(acceptsLines(response.req) ? LINES : ARRAY, request, client, response);
  }
}
