import { Controller, Get, Inject, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorFunction,
} from '@nestjs/terminus';
import { API_PATHS } from '@pycell/contracts';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { ApiHostCheck } from '../openapi/api-errors.decorator';
import { HEALTH_TAG } from '../openapi/api-tags';
import { ApiHealthReport } from './api-health-report.decorator';
import { HealthIndicators } from './health-indicators';
import { HealthReportFilter } from './health-report.filter';

/** Terminus' own examples speak of a database. */
const OWN_DOCUMENTATION = { swaggerDocumentation: false } as const;

@ApiTags(HEALTH_TAG)
@UseFilters(HealthReportFilter)
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicators,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Get(API_PATHS.health)
  @HealthCheck(OWN_DOCUMENTATION)
  @ApiOperation({ summary: 'Overall health: readiness, and what can be done without' })
  @ApiHostCheck()
  @ApiHealthReport(['shutdown', 'sandbox', 'queue'], 'sandbox')
  checkHealth(): Promise<HealthCheckResult> {
    return this.health.check([...this.readiness, ...(this.isQueueNeeded ? [] : [this.queue])]);
  }

  @Get(API_PATHS.live)
  @HealthCheck(OWN_DOCUMENTATION)
  @ApiOperation({ summary: 'Liveness: the process answers', description: 'Never touches the sandbox.' })
  @ApiHostCheck()
  @ApiHealthReport([])
  checkLiveness(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get(API_PATHS.ready)
  @HealthCheck(OWN_DOCUMENTATION)
  @ApiOperation({
    summary: 'Readiness: scripts can be executed',
    description:
      'The isolation self-test passed within the last seconds, and the service is not shutting down.',
  })
  @ApiHostCheck()
  @ApiHealthReport(['shutdown', 'sandbox'], 'shutdown')
  checkReadiness(): Promise<HealthCheckResult> {
    return this.health.check(this.readiness);
  }

  @Get(API_PATHS.startup)
  @HealthCheck(OWN_DOCUMENTATION)
  @ApiOperation({ summary: 'Startup: the sandbox has worked at least once' })
  @ApiHostCheck()
  @ApiHealthReport(['sandbox'], 'sandbox')
  checkStartup(): Promise<HealthCheckResult> {
    return this.health.check([
      this.indicators.hasSandbox ? () => this.indicators.checkStartup() : this.queue,
    ]);
  }

  /** What the process cannot do its part without. */
  private get readiness(): HealthIndicatorFunction[] {
    return [
      () => this.indicators.checkShutdown(),
      ...(this.indicators.hasSandbox ? [() => this.indicators.checkSandbox()] : []),
      ...(this.isQueueNeeded ? [this.queue] : []),
    ];
  }

  private readonly queue: HealthIndicatorFunction = () => this.indicators.checkQueue(this.isQueueNeeded);

  /** Who answers requests serves those that need no queue. */
  private get isQueueNeeded(): boolean {
    const { role } = this.configuration.jobs;
    return role === 'worker' || role === 'callbacks';
  }
}
