import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode, type ErrorResponse, type ScriptViolation } from '@pycell/contracts';
import { ArtifactSchema } from './artifact.schema';
import { ExecutionReportSchema } from './execution-report.schema';

const POSITION = { type: 'integer', minimum: 1 } as const;

/** One reason to refuse a script. */
@ApiSchema({ name: 'ScriptViolation' })
export class ScriptViolationSchema implements ScriptViolation {
  @ApiProperty({ example: 'Dangerous operation detected: import os' })
  readonly message!: string;

  @ApiProperty({ ...POSITION, description: '1-based line', example: 1 })
  readonly line!: number;

  @ApiProperty({ ...POSITION, description: '1-based column, in code points', example: 8 })
  readonly column!: number;

  @ApiProperty({ ...POSITION, description: 'Line of the end', example: 1 })
  readonly endLine!: number;

  @ApiProperty({ ...POSITION, description: 'Column behind the end', example: 10 })
  readonly endColumn!: number;

  @ApiProperty({ required: false, description: 'What to do instead' })
  readonly hint!: string;
}

/** What OpenAPI says of every answer that is not 2xx, health reports aside. */
@ApiSchema({ name: 'ErrorResponse' })
export class ErrorResponseSchema implements ErrorResponse {
  @ApiProperty({
    description: 'One sentence for a person: what happened, the value seen, what to do',
    example: 'ZeroDivisionError: division by zero (line 2)',
  })
  readonly error!: string;

  @ApiProperty({ enum: ERROR_CODES, description: 'What happened, for programs', example: 'SCRIPT_ERROR' })
  readonly code!: ErrorCode;

  @ApiProperty({
    description: 'The id in the X-Request-Id header and in the log',
    example: 'b0ab7a3e-6c1f-4f0e-8f0c-5b4d1f6a9c11',
  })
  readonly requestId!: string;

  @ApiProperty({
    required: false,
    description: 'The id of the request among the traces of the service, where it is recorded there',
    pattern: '^[0-9a-f]{32}$',
    example: '4bf92f3577b34da6a3ce929d0e0e4736',
  })
  readonly traceId!: string;

  @ApiProperty({
    required: false,
    description: 'What the author of the script can do instead, where that is known',
    example: 'Return list(...) of it.',
  })
  readonly hint!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    required: false,
    description: '1-based line in the script',
    example: 2,
  })
  readonly line!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    required: false,
    description: '1-based column in the script, in code points',
    example: 12,
  })
  readonly column!: number;

  @ApiProperty({
    required: false,
    type: [ScriptViolationSchema],
    description: 'Of POLICY_VIOLATION: all reasons, in source order, the first hundred',
  })
  readonly violations!: ScriptViolationSchema[];

  @ApiProperty({ required: false, description: "Python's traceback, frames of the script only" })
  readonly traceback!: string;

  @ApiProperty({
    required: false,
    type: 'integer',
    minimum: 0,
    maximum: 255,
    description: 'Of SCRIPT_EXITED: the exit status',
  })
  readonly exitCode!: number;

  @ApiProperty({
    required: false,
    description: 'Of SCRIPT_CRASHED: the signal that ended the process',
    example: 'SIGSEGV',
  })
  readonly signal!: string;

  @ApiProperty({ required: false, description: 'What the script had printed, where it ran' })
  readonly stdout!: string;

  @ApiProperty({ required: false, description: 'What the script had printed to sys.stderr, where it ran' })
  readonly stderr!: string;

  @ApiProperty({
    required: false,
    type: [ArtifactSchema],
    description: 'What a script that failed by itself had left',
  })
  readonly artifacts!: ArtifactSchema[];

  @ApiProperty({ required: false, type: ExecutionReportSchema })
  readonly execution!: ExecutionReportSchema;
}
