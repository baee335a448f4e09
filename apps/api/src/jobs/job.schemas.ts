import { ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { type AsynchronousExecution, JOB_STATUSES, type JobStatus } from '@pycell/contracts';
import { ExecuteResponseSchema } from '../executions/execution.schemas';
import { RATE_HEADERS } from '../openapi/answer-headers';
import { errorExample } from '../openapi/error-examples';
import { ErrorResponseSchema } from '../openapi/error-response.schema';

const ID = '5f0c1e8a2b7d4c6e9a3f8b1d0e7c2a94';
const CREATED = '2026-03-14T09:26:53.589Z';
const STARTED = '2026-03-14T09:26:53.793Z';
const ENDED = '2026-03-14T09:26:55.238Z';
const EXPIRES = '2026-03-14T10:26:55.238Z';

/** What OpenAPI says of an asynchronous execution; `implements` keeps it in step with the contract. */
@ApiSchema({ name: 'AsynchronousExecution' })
export class AsynchronousExecutionSchema implements Omit<AsynchronousExecution, 'outcome'> {
  @ApiProperty({ pattern: '^[0-9a-f]{32}$', description: '128 random bits', example: ID })
  readonly id!: string;

  @ApiProperty({
    enum: JOB_STATUSES,
    type: String,
    description: 'The last three are its end; `failed` has an error as its outcome',
    example: 'succeeded',
  })
  readonly status!: JobStatus;

  @ApiProperty({ format: 'date-time', example: CREATED })
  readonly createdAt!: string;

  @ApiProperty({
    required: false,
    format: 'date-time',
    description: 'When the script was about to be handed over; absent of one that never came so far',
    example: STARTED,
  })
  readonly startedAt!: string;

  @ApiProperty({ required: false, format: 'date-time', example: ENDED })
  readonly endedAt!: string;

  @ApiProperty({
    required: false,
    format: 'date-time',
    description: 'Until then it is kept, where there is room; present once it has ended',
    example: EXPIRES,
  })
  readonly expiresAt!: string;

  @ApiProperty({
    required: false,
    type: 'integer',
    minimum: 200,
    maximum: 599,
    description:
      'The status with which POST /execute would have answered; absent before the end, and of one that was cancelled',
    example: 200,
  })
  readonly httpStatus!: number;

  @ApiProperty({
    required: false,
    oneOf: [ExecuteResponseSchema, ErrorResponseSchema].map((schema) => ({ $ref: getSchemaPath(schema) })),
    description: 'The body of that answer: of `GET` only',
  })
  readonly outcome!: object;
}

const QUEUED: AsynchronousExecution = { id: ID, status: 'queued', createdAt: CREATED };

export const QUEUED_EXAMPLE = QUEUED;

export const CANCELLED_EXAMPLE: AsynchronousExecution = {
  ...QUEUED,
  status: 'cancelled',
  endedAt: ENDED,
  expiresAt: EXPIRES,
};

const { execution } = errorExample('SCRIPT_ERROR');

export const SUCCEEDED_EXAMPLE: object = {
  id: ID,
  status: 'succeeded',
  createdAt: CREATED,
  startedAt: STARTED,
  endedAt: ENDED,
  expiresAt: EXPIRES,
  httpStatus: 200,
  outcome: { result: { city: 'Oslo', days: 7 }, stdout: 'step 1\n', stderr: '', artifacts: [], execution },
};

const EVENTS: readonly (readonly [string, object])[] = [
  ['start', { id: ID }],
  ['stdout', { text: 'step 1\n' }],
  ['result', { result: { city: 'Oslo', days: 7 }, execution }],
  ['end', {}],
];

/** What the events of an execution are. */
export const EVENTS_CONTENT = {
  'text/event-stream': {
    schema: {
      type: 'string',
      description:
        'Server-sent events with numbers from 1: `start`, any of `stdout` and `stderr`, each `artifact`, then one of `result`, `error` and `cancelled`, and `end`. Their data is one line of JSON, as in the stream of POST /execute. A comment is a sign of life.',
    },
    example: EVENTS.map(
      ([type, data], index) => `id: ${index + 1}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`,
    ).join(''),
  },
};

/** Headers of the answer to a request that has started one. */
export const STARTED_HEADERS = {
  ...RATE_HEADERS,
  Location: {
    description: 'Where it is found, relative to the address of the request',
    schema: { type: 'string' },
    example: `executions/${ID}`,
  },
};
