import { ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { errorExample } from '../openapi/error-examples';
import { ErrorResponseSchema } from '../openapi/error-response.schema';
import { ExecuteResponseSchema } from './execution.schemas';
import { PingEventSchema } from './stream.schemas';

const Index = (): PropertyDecorator =>
  ApiProperty({ type: 'integer', minimum: 0, description: 'The place in inputs, from 0', example: 0 });

/** What OpenAPI says of an input whose run came to its end: the body of a 200, and where it belongs. */
@ApiSchema({ name: 'BatchResult' })
export class BatchResultSchema extends ExecuteResponseSchema {
  @Index()
  readonly index!: number;

  @ApiProperty({ type: 'integer', enum: [200] })
  readonly status!: number;
}

/** What it says of an input whose run did not: the body of an error, and where it belongs. */
@ApiSchema({ name: 'BatchError' })
export class BatchErrorSchema extends ErrorResponseSchema {
  @Index()
  readonly index!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 400,
    description: 'The HTTP status that POST /execute would have had',
    example: 422,
  })
  readonly status!: number;
}

const OUTCOMES = [BatchResultSchema, BatchErrorSchema].map((schema) => ({ $ref: getSchemaPath(schema) }));

const ITEMS: readonly object[] = [
  {
    index: 0,
    status: 200,
    result: { city: 'Oslo', days: 7 },
    stdout: '',
    stderr: '',
    artifacts: [],
    execution: errorExample('SCRIPT_ERROR').execution,
  },
  { index: 1, status: 422, ...errorExample('SCRIPT_ERROR') },
];

/** What the answers of batches are made of. */
export const BATCH_MODELS = [BatchResultSchema, BatchErrorSchema, PingEventSchema] as const;

/** What the answers of batches are. */
export const BATCH_CONTENT = {
  'application/json': { schema: { type: 'array', items: { oneOf: OUTCOMES } }, example: ITEMS },
  [STREAM_MEDIA_TYPES.ndjson]: {
    schema: {
      description: 'One of these in each line: what became of an input, or a sign of life.',
      oneOf: [...OUTCOMES, { $ref: getSchemaPath(PingEventSchema) }],
    },
    example: ITEMS[0],
  },
};
