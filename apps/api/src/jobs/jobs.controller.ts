import { Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { API_PATHS, type ErrorCode } from '@pycell/contracts';
import type { Request, Response } from 'express';
import { LargeAnswers } from '../answers/large-answers';
import { callerOf } from '../callers/callers';
import { ExecutionFailureFilter } from '../executions/execution-failure.filter';
import { HeldBodies } from '../http/held-bodies';
import { traceOf } from '../http/request-trace';
import { ApiErrors } from '../openapi/api-errors.decorator';
import { ApiKeys } from '../openapi/api-keys.decorator';
import { EXECUTIONS_TAG } from '../openapi/api-tags';
import { describedJob, jobBody } from './described-job';
import type { NewJob } from './job';
import {
  AsynchronousExecutionSchema,
  CANCELLED_EXAMPLE,
  EVENTS_CONTENT,
  QUEUED_EXAMPLE,
  STARTED_HEADERS,
  SUCCEEDED_EXAMPLE,
} from './job.schemas';
import { JobStreams, LAST_EVENT_ID_HEADER } from './job-streams';
import { Jobs } from './jobs.service';
import { FromRequest, IDEMPOTENCY_KEY_HEADER, NewJobPipe } from './new-job.pipe';
import { StartExecutionDto } from './start-execution.dto';

/** What may be wrong before anything is started. */
const START_ERRORS: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'IDEMPOTENCY_KEY_REUSED',
  'SCRIPT_TOO_LARGE',
  'SANDBOX_BUSY',
  'SANDBOX_UNAVAILABLE',
  'INTERNAL',
];
const ERRORS: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'SANDBOX_UNAVAILABLE',
  'INTERNAL',
];
const NOT_FOUND = {
  NOT_FOUND:
    'There is no such execution: its id is wrong, it has been forgotten, or it was started by somebody else',
};

/** As the router writes it. */
const [EXECUTION_PATH, EVENTS_PATH] = [API_PATHS.execution, API_PATHS.executionEvents].map((path) =>
  path.replace('{id}', ':id'),
);

const contentOf = (
  example: object,
): { 'application/json': { schema: { $ref: string }; example: object } } => ({
  'application/json': { schema: { $ref: getSchemaPath(AsynchronousExecutionSchema) }, example },
});
const OfExecution = (): MethodDecorator =>
  ApiParam({ name: 'id', schema: { type: 'string', pattern: '^[0-9a-f]{32}$' } });

/** Executions that are started by one request, and asked for by others. */
@ApiTags(EXECUTIONS_TAG)
@UseFilters(ExecutionFailureFilter)
@Controller()
export class JobsController {
  constructor(
    private readonly jobs: Jobs,
    private readonly streams: JobStreams,
    private readonly answers: LargeAnswers,
    private readonly held: HeldBodies,
  ) {}

  @Post(API_PATHS.executions)
  @HttpCode(202)
  @Header('Cache-Control', 'no-store')
  @ApiKeys()
  @ApiOperation({
    summary: 'Start a Python script in the background',
    description:
      'Answers as soon as the execution is kept; it runs when there is a place for it, and is asked for, followed and cancelled by its id. What is wrong with the request or too large is told at once, all else is its outcome. Without REDIS_URL executions are kept in memory, and a restart of the service loses them.',
  })
  @ApiHeader({
    name: IDEMPOTENCY_KEY_HEADER,
    required: false,
    description:
      'Chosen by the client, 1 to 255 visible characters of ASCII: the same request under the same key is answered by the execution that was started first, so that it can be sent again where its answer was lost.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  })
  @ApiBody({ type: StartExecutionDto })
  @ApiExtraModels(AsynchronousExecutionSchema)
  @ApiAcceptedResponse({
    description: 'It is kept, and waits; or it was started before under the same idempotency key.',
    headers: STARTED_HEADERS,
    content: contentOf(QUEUED_EXAMPLE),
  })
  @ApiErrors(START_ERRORS)
  async startExecution(
    @FromRequest(NewJobPipe) job: NewJob,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const record = await this.jobs.start(job);
    this.held.drop(request);
    traceOf(request)?.ended('OK');
    // Relative, so that it holds below the console's /api too.
    response.setHeader('Location', request.path.endsWith('/') ? record.id : `executions/${record.id}`);
    response.status(202).json(describedJob(record));
  }

  @Get(EXECUTION_PATH)
  @Header('Cache-Control', 'no-store')
  @ApiKeys()
  @ApiOperation({
    summary: 'Ask what has become of an execution',
    description:
      'With its outcome, once it has ended: the status and the body with which POST /execute would have answered. It is kept for EXECUTION_TTL seconds, where there is room for so long.',
  })
  @OfExecution()
  @ApiOkResponse({ description: 'What is known of it.', content: contentOf(SUCCEEDED_EXAMPLE) })
  @ApiErrors(['SANDBOX_BUSY', ...ERRORS], NOT_FOUND)
  async getExecution(
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = callerOf(request);
    const { record, outcome } = await this.jobs.findWithOutcome(id, caller);
    const holding = this.answers.holdingFor(caller.id, response);
    this.answers.send(response.status(200), jobBody(record, outcome), holding);
  }

  @Get(EVENTS_PATH)
  @Header('Cache-Control', 'no-store')
  @ApiKeys()
  @ApiOperation({
    summary: 'Follow an execution by its events',
    description:
      'Sends what has happened so far, then what happens, until the end. A stream that breaks off, as each does after ten minutes, is resumed behind the last event that came, by `Last-Event-ID`, as browsers do it by themselves.',
  })
  @OfExecution()
  @ApiHeader({
    name: LAST_EVENT_ID_HEADER,
    required: false,
    description: 'The id of the last event that the client has; without it all are sent.',
    schema: { type: 'string', pattern: '^\\d{1,10}$' },
  })
  @ApiOkResponse({ description: 'Its events.', content: EVENTS_CONTENT })
  @ApiNoContentResponse({ description: 'It has ended, and the client has had all of its events.' })
  @ApiErrors(['SANDBOX_BUSY', ...ERRORS], NOT_FOUND)
  async followExecution(
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.streams.send(id, request, response);
  }

  @Delete(EXECUTION_PATH)
  @Header('Cache-Control', 'no-store')
  @ApiKeys()
  @ApiOperation({
    summary: 'Cancel an execution',
    description:
      'One that waits does not run, one that runs is ended; one that has ended stays as it is. What has become of it is kept like any other end.',
  })
  @OfExecution()
  @ApiOkResponse({ description: 'What has become of it.', content: contentOf(CANCELLED_EXAMPLE) })
  @ApiErrors(ERRORS, NOT_FOUND)
  async cancelExecution(
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    response.status(200).json(describedJob(await this.jobs.cancel(id, callerOf(request))));
  }
}
