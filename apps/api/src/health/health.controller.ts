import { Controller, Get, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { API_PATHS } from '@pycell/contracts';
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
  ) {}

  @Get(API_PATHS.health)
  @HealthCheck(OWN_DOCUMENTATION)
  @ApiOperation({ summary: 'Overall health: the same report as readiness' })
  @ApiHostCheck()
  @ApiHealthReport(['shutdown', 'sandbox'], 'sandbox')
  checkHealth(): Promise<HealthCheckResult> {
    return this.health.check([() => this.indicators.checkShutdown(), () => this.indicators.checkSandbox()]);
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
    return this.checkHealth();
  }

  @Get(API_PATHS.startup)
  @HealthCheck(OWN_DOCUMENTATION)
  @ApiOperation({ summary: 'Startup: the sandbox has worked at least once' })
  @ApiHostCheck()
  @ApiHealthReport(['sandbox'], 'sandbox')
  checkStartup(): Promise<HealthCheckResult> {
    return this.health.check([() => this.indicators.checkStartup()]);
  }
}
