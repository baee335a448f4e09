import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { HealthCheckResult, HealthIndicatorResult } from '@nestjs/terminus';
import { HealthFindingSchema, HealthReportSchema } from './health.schemas';

/** What a health endpoint looks at, each as it is when it is up and when it is down. */
const FINDINGS = {
  shutdown: { up: { status: 'up' }, down: { status: 'down', message: 'The service is shutting down' } },
  sandbox: {
    up: { status: 'up' },
    down: { status: 'down', message: 'The sandbox cannot run scripts; the log has the cause' },
  },
  queue: {
    up: { status: 'up' },
    down: { status: 'down', message: 'The queue of asynchronous executions does not answer' },
  },
} as const;

type FindingName = keyof typeof FINDINGS;

/**
 * Describes the answers of a health endpoint that looks at `names`.
 * @param down the one that is down in the example of the 503; an endpoint that cannot fail has none
 */
export function ApiHealthReport(names: readonly FindingName[], down?: FindingName): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(HealthFindingSchema, HealthReportSchema),
    describe(200, 'Everything that it looks at is up.', exampleOf(names)),
    ...(down ? [describe(503, 'Something is down: `error` says what.', exampleOf(names, down))] : []),
  );
}

function describe(status: number, description: string, example: HealthCheckResult): MethodDecorator {
  return ApiResponse({
    status,
    description,
    content: { 'application/json': { schema: { $ref: getSchemaPath(HealthReportSchema) }, example } },
  });
}

function exampleOf(names: readonly FindingName[], down?: FindingName): HealthCheckResult {
  const pick = (chosen: readonly FindingName[]): HealthIndicatorResult =>
    Object.fromEntries(chosen.map((name) => [name, FINDINGS[name][name === down ? 'down' : 'up']]));
  return {
    status: down ? 'error' : 'ok',
    info: pick(names.filter((name) => name !== down)),
    error: pick(names.filter((name) => name === down)),
    details: pick(names),
  };
}
