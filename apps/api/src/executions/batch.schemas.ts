import { ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { type BatchItem, STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { errorExample } from '../openapi/error-examples';
import { ErrorResponseSchema } from '../openapi/error-response.schema';
import { ExecuteResponseSchema } from './execution.schemas';
import { PingEventSchema } from './stream.schemas';

/** What a batch answers for every input, besides the body. */
@ApiSchema({ name: 'BatchItemPlace' })
export class BatchItemPlaceSchema implements Pick<BatchItem, 'index' | 'status'> {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'The place in inputs, from 0', example: 0 })
  readonly index!: number;

  @ApiProperty({ type: 'integer', description: 'The HTTP status of POST /execute', example: 200 })
  readonly status!: number;
}

const ITEM = {
  allOf: [
    { $ref: getSchemaPath(BatchItemPlaceSchema) },
    {
      oneOf: [ExecuteResponseSchema, ErrorResponseSchema].map((schema) => ({ $ref: getSchemaPath(schema) })),
    },
  ],
};

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
export const BATCH_MODELS = [
  BatchItemPlaceSchema,
  ExecuteResponseSchema,
  ErrorResponseSchema,
  PingEventSchema,
] as const;

/** What the answers of batches are. */
export const BATCH_CONTENT = {
  'application/json': { schema: { type: 'array', items: ITEM }, example: ITEMS },
  [STREAM_MEDIA_TYPES.ndjson]: {
    schema: {
      description: 'One of these in each line: what became of an input, or a sign of life.',
      oneOf: [ITEM, { $ref: getSchemaPath(PingEventSchema) }],
    },
    example: ITEMS[0],
  },
};
