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

describe('the queue in a health report', () => {
  const told = (state: { readonly isThere: boolean; readonly isFull?: boolean }): unknown =>
    new HealthIndicators(new HealthIndicatorService(), new DrainState(), state).checkQueue(true)['queue'];

  it('is up where it answers, and says where it is full', () => {
    expect(told({ isThere: true, isFull: false })).toEqual({ status: 'up' });
    expect(told({ isThere: true, isFull: true })).toEqual({
      status: 'up',
      message: expect.stringContaining('full') as string,
    });
    expect(told({ isThere: false, isFull: true })).toMatchObject({ status: 'down' });
  });
});
