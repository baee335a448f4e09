import { ApiProperty, ApiSchema, getSchemaPath, OmitType } from '@nestjs/swagger';
import { type ExecutionEvent, STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { ArtifactSchema } from '../openapi/artifact.schema';
import { errorExample } from '../openapi/error-examples';
import { ErrorResponseSchema } from '../openapi/error-response.schema';
import { ExecuteResponseSchema } from './execution.schemas';

type EventOf<Type extends ExecutionEvent['type']> = Extract<ExecutionEvent, { readonly type: Type }>;

/** What OpenAPI says of the events of a streamed execution; `implements` keeps them in step with the contract. */
@ApiSchema({ name: 'StartEvent', description: 'The script has been handed over. The first event.' })
export class StartEventSchema implements EventOf<'start'> {
  @ApiProperty({ enum: ['start'] })
  readonly type!: 'start';

  @ApiProperty({
    format: 'uuid',
    description: 'As in execution.id',
    example: '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd',
  })
  readonly id!: string;
}

@ApiSchema({ name: 'OutputEvent', description: 'The script has printed this.' })
export class OutputEventSchema implements EventOf<'stdout' | 'stderr'> {
  @ApiProperty({ enum: ['stdout', 'stderr'], type: String })
  readonly type!: 'stdout' | 'stderr';

  @ApiProperty({
    description: 'A piece of the stream; it may begin and end within a line',
    example: 'step 1\n',
  })
  readonly text!: string;
}

@ApiSchema({ name: 'ArtifactEvent', description: 'A file or a figure that the script left.' })
export class ArtifactEventSchema extends ArtifactSchema {
  @ApiProperty({ enum: ['artifact'] })
  readonly type!: 'artifact';
}

@ApiSchema({ name: 'ResultEvent', description: 'The body of a 200, without what was sent before.' })
export class ResultEventSchema extends OmitType(ExecuteResponseSchema, ['stdout', 'stderr', 'artifacts']) {
  @ApiProperty({ enum: ['result'] })
  readonly type!: 'result';
}

@ApiSchema({ name: 'ErrorEvent', description: 'The body of an error, without what was sent before.' })
export class ErrorEventSchema extends OmitType(ErrorResponseSchema, ['stdout', 'stderr', 'artifacts']) {
  @ApiProperty({ enum: ['error'] })
  readonly type!: 'error';
}

@ApiSchema({ name: 'EndEvent', description: 'The last event: without it the stream was cut.' })
export class EndEventSchema implements EventOf<'end'> {
  @ApiProperty({ enum: ['end'] })
  readonly type!: 'end';
}

@ApiSchema({ name: 'PingEvent', description: 'A sign of life, where nothing was sent for 15 seconds.' })
export class PingEventSchema implements EventOf<'ping'> {
  @ApiProperty({ enum: ['ping'] })
  readonly type!: 'ping';
}

/** All of them, in the order in which they come. */
export const EVENT_SCHEMAS = [
  StartEventSchema,
  OutputEventSchema,
  ArtifactEventSchema,
  ResultEventSchema,
  ErrorEventSchema,
  EndEventSchema,
  PingEventSchema,
] as const;

const EVENTS: readonly object[] = [
  { type: 'start', id: '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd' },
  { type: 'stdout', text: 'step 1\n' },
  { type: 'result', result: { message: 'Hello' }, execution: errorExample('SCRIPT_ERROR').execution },
  { type: 'end' },
];

function sseOf({ type, ...data }: { type?: string }): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What the streamed answers are. */
export const STREAM_CONTENT = {
  [STREAM_MEDIA_TYPES.sse]: {
    schema: {
      type: 'string',
      description:
        'Server-sent events: `type` is the name of the event, the other members are its data, one line of JSON. A comment is a sign of life.',
    },
    example: EVENTS.map(sseOf).join(''),
  },
  [STREAM_MEDIA_TYPES.ndjson]: {
    schema: {
      description: 'One of these in each line.',
      oneOf: EVENT_SCHEMAS.map((schema) => ({ $ref: getSchemaPath(schema) })),
    },
    example: EVENTS[1],
  },
};
