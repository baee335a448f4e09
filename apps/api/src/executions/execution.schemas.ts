import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ExecuteResponse, JsonValue } from '@pycell/contracts';
import { ArtifactSchema } from '../openapi/artifact.schema';
import { ExecutionReportSchema } from '../openapi/execution-report.schema';

/** What OpenAPI says of the 200 of `POST /execute`; `implements` keeps it in step with the contract. */
@ApiSchema({ name: 'ExecuteResponse' })
export class ExecuteResponseSchema implements ExecuteResponse {
  @ApiProperty({
    // Any JSON value. OpenAPI 3.0 heeds `nullable` only beside a `type`, so one of the types carries it for all.
    oneOf: [
      { type: 'object', additionalProperties: true, nullable: true },
      { type: 'array', items: {} },
      { type: 'string' },
      { type: 'number' },
      { type: 'boolean' },
    ],
    description:
      'What main() returned: any JSON value. Integers may exceed 2^53 and are sent with all their digits.',
    example: { message: 'Hello' },
  })
  readonly result!: JsonValue;

  @ApiProperty({ description: 'What the script printed', example: '' })
  readonly stdout!: string;

  @ApiProperty({ description: 'What the script printed to sys.stderr', example: '' })
  readonly stderr!: string;

  @ApiProperty({
    type: [ArtifactSchema],
    description:
      'Files that the script left in output/, by name, then the matplotlib figures that it left open',
    example: [],
  })
  readonly artifacts!: ArtifactSchema[];

  @ApiProperty({ type: ExecutionReportSchema })
  readonly execution!: ExecutionReportSchema;
}
