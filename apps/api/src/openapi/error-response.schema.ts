import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode, type ErrorResponse } from '@pycell/contracts';
import { ExecutionReportSchema } from './execution-report.schema';

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

  @ApiProperty({ required: false, description: "Python's traceback, frames of the script only" })
  readonly traceback!: string;

  @ApiProperty({ required: false, description: 'What the script had printed, where it ran' })
  readonly stdout!: string;

  @ApiProperty({ required: false, description: 'What the script had printed to sys.stderr, where it ran' })
  readonly stderr!: string;

  @ApiProperty({ required: false, type: ExecutionReportSchema })
  readonly execution!: ExecutionReportSchema;
}
