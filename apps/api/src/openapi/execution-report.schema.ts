import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  type ExecutionReport,
  type ExecutionTimings,
  type HeldLimits,
  ISOLATION_LEVELS,
  type IsolationLevel,
} from '@pycell/contracts';

/** What OpenAPI says of the contracts; `implements` keeps the two in step. */
@ApiSchema({ name: 'ExecutionTimings' })
export class ExecutionTimingsSchema implements ExecutionTimings {
  @ApiProperty({ minimum: 0, description: 'Waiting for a free place, ms', example: 0.1 })
  readonly queueMs!: number;

  @ApiProperty({ minimum: 0, description: 'Judging the script by the policy, ms', example: 0.4 })
  readonly policyMs!: number;

  @ApiProperty({
    minimum: 0,
    description: "From there until the script's clock starts, ms",
    example: 0.6,
  })
  readonly startMs!: number;

  @ApiProperty({ minimum: 0, description: "While the script's clock ran, ms", example: 1.8 })
  readonly runMs!: number;

  @ApiProperty({
    minimum: 0,
    description: 'From the end of the script until the answer was complete, ms',
    example: 0.6,
  })
  readonly resultMs!: number;
}

@ApiSchema({ name: 'HeldLimits' })
export class HeldLimitsSchema implements HeldLimits {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Wall time of the run, ms', example: 10000 })
  readonly timeoutMs!: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Memory of the run, MiB', example: 512 })
  readonly memoryMb!: number;
}

@ApiSchema({ name: 'ExecutionReport' })
export class ExecutionReportSchema implements ExecutionReport {
  @ApiProperty({
    format: 'uuid',
    description: 'Unique id of this execution',
    example: '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd',
  })
  readonly id!: string;

  @ApiProperty({
    enum: ISOLATION_LEVELS,
    description: 'What separated the run from the host; `GET /` lists what that promises',
    example: 'nsjail',
  })
  readonly isolation!: IsolationLevel;

  @ApiProperty({ minimum: 0, description: 'From admission to the complete answer, ms', example: 3.5 })
  readonly durationMs!: number;

  @ApiProperty({
    minimum: 0,
    description: 'CPU time of the run, ms; absent where the run was lost before it could be measured',
    example: 1.9,
    required: false,
  })
  readonly cpuMs!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: "The run's peak resident memory beyond what it started with, bytes; absent like cpuMs",
    example: 12582912,
    required: false,
  })
  readonly peakMemoryBytes!: number;

  @ApiProperty({
    type: HeldLimitsSchema,
    description: "What held for this run: its own limits, or the service's",
  })
  readonly limits!: HeldLimitsSchema;

  @ApiProperty({ type: ExecutionTimingsSchema })
  readonly timings!: ExecutionTimingsSchema;
}
