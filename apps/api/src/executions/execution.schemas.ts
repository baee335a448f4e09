import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  ERROR_CODES,
  type ErrorCode,
  type ErrorResponse,
  type ExecuteResponse,
  type ExecutionReport,
  type ExecutionTimings,
  ISOLATION_LEVELS,
  type IsolationLevel,
  type JsonValue,
} from '@pycell/contracts';

/** What OpenAPI says of the contracts; `implements` keeps the two in step. */
@ApiSchema({ name: 'ExecutionTimings' })
export class ExecutionTimingsSchema implements ExecutionTimings {
  @ApiProperty({ description: 'Waiting for a free place, ms', example: 0.1 })
  readonly queueMs!: number;

  @ApiProperty({ description: 'From the free place until the script had the clock, ms', example: 0.6 })
  readonly startMs!: number;

  @ApiProperty({ description: 'While the script had the clock, ms', example: 1.8 })
  readonly runMs!: number;

  @ApiProperty({ description: 'From the end of the script until the answer was complete, ms', example: 0.6 })
  readonly resultMs!: number;
}

@ApiSchema({ name: 'ExecutionReport' })
export class ExecutionReportSchema implements ExecutionReport {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ enum: ISOLATION_LEVELS, example: 'nsjail' })
  readonly isolation!: IsolationLevel;

  @ApiProperty({ description: 'From admission to the complete answer, ms', example: 3.1 })
  readonly durationMs!: number;

  @ApiProperty({ description: 'Processor time of the run, ms', example: 1.9, required: false })
  readonly cpuMs!: number;

  @ApiProperty({
    description: "The run's peak resident memory beyond what it started with, bytes",
    example: 12582912,
    required: false,
  })
  readonly peakMemoryBytes!: number;

  @ApiProperty({ type: ExecutionTimingsSchema })
  readonly timings!: ExecutionTimingsSchema;
}

@ApiSchema({ name: 'ExecuteResponse' })
export class ExecuteResponseSchema implements ExecuteResponse {
  @ApiProperty({
    description: 'What main() returned. Integers may exceed 2^53 and arrive with all their digits.',
    oneOf: [
      { type: 'object', additionalProperties: true },
      { type: 'array', items: {} },
      { type: 'string' },
      { type: 'number' },
      { type: 'boolean' },
    ],
    nullable: true,
    example: { message: 'Hello' },
  })
  readonly result!: JsonValue;

  @ApiProperty({ description: 'What the script printed', example: '' })
  readonly stdout!: string;

  @ApiProperty({ description: 'What the script printed to sys.stderr', example: '' })
  readonly stderr!: string;

  @ApiProperty({ type: ExecutionReportSchema })
  readonly execution!: ExecutionReportSchema;
}

@ApiSchema({ name: 'ErrorResponse' })
export class ErrorResponseSchema implements ErrorResponse {
  @ApiProperty({ example: 'ZeroDivisionError: division by zero (line 2)' })
  readonly error!: string;

  @ApiProperty({ enum: ERROR_CODES, example: 'SCRIPT_ERROR' })
  readonly code!: ErrorCode;

  @ApiProperty({ description: 'The same as in the X-Request-Id header' })
  readonly requestId!: string;

  @ApiProperty({ required: false, description: '1-based line in the script', example: 2 })
  readonly line!: number;

  @ApiProperty({ required: false, description: '1-based column in the script, in code points', example: 12 })
  readonly column!: number;

  @ApiProperty({ required: false, description: "Python's traceback, frames of the script only" })
  readonly traceback!: string;

  @ApiProperty({ required: false, description: 'What the script had printed' })
  readonly stdout!: string;

  @ApiProperty({ required: false })
  readonly stderr!: string;

  @ApiProperty({ required: false, type: ExecutionReportSchema })
  readonly execution!: ExecutionReportSchema;
}
