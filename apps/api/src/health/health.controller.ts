import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { API_PATHS } from '@pycell/contracts';
import { HealthIndicators } from './health-indicators';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicators,
  ) {}

  @Get(API_PATHS.health)
  @HealthCheck()
  @ApiOperation({ summary: 'Everything at once' })
  overall(): Promise<HealthCheckResult> {
    return this.health.check([() => this.indicators.shutdown(), () => this.indicators.sandbox()]);
  }

  @Get(API_PATHS.live)
  @HealthCheck()
  @ApiOperation({ summary: 'The process answers; never touches the sandbox' })
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get(API_PATHS.ready)
  @HealthCheck()
  @ApiOperation({
    summary: 'Scripts can be executed: a main() that returns 1 was tried within the last seconds',
  })
  ready(): Promise<HealthCheckResult> {
    return this.overall();
  }

  @Get(API_PATHS.startup)
  @HealthCheck()
  @ApiOperation({ summary: 'The sandbox has worked at least once' })
  startup(): Promise<HealthCheckResult> {
    return this.health.check([() => this.indicators.startup()]);
  }
}
