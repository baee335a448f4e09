import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { HealthCheckResult } from '@nestjs/terminus';

const STATES = ['up', 'down'] as const;

/** One finding of a health report. */
@ApiSchema({ name: 'HealthFinding' })
export class HealthFindingSchema {
  @ApiProperty({ enum: STATES, example: 'up' })
  readonly status!: (typeof STATES)[number];

  @ApiProperty({ required: false, description: 'What is wrong, where something is' })
  readonly message!: string;
}

const FINDINGS = {
  type: 'object',
  additionalProperties: { $ref: '#/components/schemas/HealthFinding' },
} as const;

/** What OpenAPI says of the health endpoints, whatever their status. */
@ApiSchema({ name: 'HealthReport' })
export class HealthReportSchema implements HealthCheckResult {
  @ApiProperty({ enum: ['ok', 'error', 'shutting_down'], example: 'ok' })
  readonly status!: HealthCheckResult['status'];

  @ApiProperty({ ...FINDINGS, description: 'What is up' })
  readonly info!: HealthCheckResult['details'];

  @ApiProperty({ ...FINDINGS, description: 'What is down' })
  readonly error!: HealthCheckResult['details'];

  @ApiProperty({ ...FINDINGS, description: 'Both' })
  readonly details!: HealthCheckResult['details'];
}
