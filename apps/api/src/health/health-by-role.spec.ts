import 'reflect-metadata';
import { HealthIndicatorService } from '@nestjs/terminus';
import { DrainState } from '../shutdown/drain-state';
import { HealthController } from './health.controller';
import { HealthIndicators } from './health-indicators';

/** Which endpoints look at what, and what is down, while Redis is gone. */
async function lookedAt(role: string, hasSandbox: boolean, endpoint: 'checkReadiness' | 'checkStartup') {
  const probe = hasSandbox ? { check: () => Promise.resolve({ working: true }) } : null;
  const indicators = new HealthIndicators(
    new HealthIndicatorService(),
    new DrainState(),
    { isThere: false },
    probe as never,
  );
  const check = async (all: readonly (() => Promise<object>)[]) =>
    Object.assign({}, ...(await Promise.all(all.map((one) => one())))) as Record<string, { status: string }>;
  const controller = new HealthController({ check } as never, indicators, { jobs: { role } } as never);
  const found = (await controller[endpoint]()) as unknown as Record<string, { status: string }>;
  return Object.fromEntries(Object.entries(found).map(([name, { status }]) => [name, status]));
}

describe('health by role, while Redis is gone', () => {
  it.each([
    ['api', true, { shutdown: 'up', sandbox: 'up' }, { sandbox: 'up' }],
    ['both', true, { shutdown: 'up', sandbox: 'up' }, { sandbox: 'up' }],
    ['worker', true, { shutdown: 'up', sandbox: 'up', queue: 'down' }, { sandbox: 'up' }],
    ['callbacks', false, { shutdown: 'up', queue: 'down' }, { queue: 'down' }],
  ])('of %s', async (role, hasSandbox, readiness, startup) => {
    expect(await lookedAt(role, hasSandbox, 'checkReadiness')).toEqual(readiness);
    expect(await lookedAt(role, hasSandbox, 'checkStartup')).toEqual(startup);
  });
});
